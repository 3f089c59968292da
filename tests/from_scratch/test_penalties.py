"""Penalties: values and gradients by hand, equality with Keras, what makes a subgradient one."""

from functools import partial

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from companion.from_scratch import (
    elastic_net_gradient,
    elastic_net_penalty,
    l1_gradient,
    l1_penalty,
    l2_gradient,
    l2_penalty,
)

WEIGHTS = [np.array([[1.0, -2.0]]), np.array([3.0])]
L1, L2 = 0.125, 0.25  # exact in float32, to which Keras rounds them
TRIPLES = {
    "l1": (
        partial(l1_penalty, strength=L1),
        partial(l1_gradient, strength=L1),
        keras.regularizers.L1(L1),
    ),
    "l2": (
        partial(l2_penalty, strength=L2),
        partial(l2_gradient, strength=L2),
        keras.regularizers.L2(L2),
    ),
    "elastic-net": (
        partial(elastic_net_penalty, l1=L1, l2=L2),
        partial(elastic_net_gradient, l1=L1, l2=L2),
        keras.regularizers.L1L2(L1, L2),
    ),
}
penalties = pytest.mark.parametrize("penalty", TRIPLES)
vectors = arrays(np.float64, 4, elements=st.floats(-9, 9) | st.just(0.0))


@pytest.mark.parametrize(
    ("value", "by_hand"),
    [
        (l1_penalty(WEIGHTS, 0.1), 0.6),  # 0.1 * (1 + 2 + 3)
        (l1_penalty(WEIGHTS[0], 0.1), 0.3),
        (l2_penalty(WEIGHTS, 0.1), 1.4),  # 0.1 * (1 + 4 + 9), without a factor of 1/2
        (l2_penalty(WEIGHTS[0], 0.1), 0.5),
        (elastic_net_penalty(WEIGHTS, 0.1, 0.2), 3.4),  # 0.6 + 2.8
        (elastic_net_penalty(WEIGHTS[0], 0.1, 0.2), 1.3),
    ],
)
def test_values_by_hand(value, by_hand):
    assert value == pytest.approx(by_hand, rel=1e-15)


def test_gradients_by_hand():
    weights = np.array([[1.0, -2.0], [0.0, -0.0]])
    assert_array_equal(l1_gradient(weights, 0.5), [[0.5, -0.5], [0, 0]])
    assert_array_equal(l2_gradient(weights, 0.5), [[1, -2], [0, 0]])
    assert_array_equal(elastic_net_gradient(weights, 0.5, 0.25), [[1, -1.5], [0, 0]])


def test_no_weights_or_no_strength_cost_nothing():
    for penalty in (l1_penalty, l2_penalty):
        assert penalty([], 0.1) == 0
        assert penalty(WEIGHTS, 0) == 0
    assert elastic_net_penalty([], 0.1, 0.1) == 0
    assert elastic_net_penalty(WEIGHTS, 0, 0) == 0


@penalties
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-6), ("float64", 1e-12)])
def test_value_and_gradient_equal_keras(penalty, dtype, tolerance):
    value, gradient, regularizer = TRIPLES[penalty]
    weights = np.random.default_rng(1).normal(size=(20, 30)).astype(dtype)
    weights[:2] = 0  # where the L1 penalty has no gradient
    variable = tf.Variable(weights)
    with tf.GradientTape() as tape:
        expected = regularizer(variable)
    assert value(weights) == pytest.approx(float(expected), rel=tolerance)
    found = gradient(weights)
    assert_allclose(found, tape.gradient(expected, variable).numpy(), rtol=tolerance, atol=0)
    assert (found.shape, found.dtype) == (weights.shape, weights.dtype)


@pytest.mark.parametrize("strength", [0.001, 0.01, 2])
def test_l2_equals_keras_at_other_strengths(strength):
    weights = np.random.default_rng(1).normal(size=(20, 30)).astype(np.float32)
    expected = float(keras.regularizers.L2(strength)(weights))
    assert l2_penalty(weights, strength) == pytest.approx(expected, rel=1e-6)


@penalties
def test_equals_what_a_model_adds_to_its_loss(penalty):
    value, _, regularizer = TRIPLES[penalty]
    layers = [keras.layers.Dense(units, kernel_regularizer=regularizer) for units in (8, 3)]
    model = keras.Sequential([keras.Input((5,)), *layers])
    expected = float(sum(model.losses))
    assert value([layer.kernel.numpy() for layer in layers]) == pytest.approx(expected, rel=1e-6)


@penalties
@given(here=vectors, there=vectors)
def test_the_tangent_lies_below_the_penalty_everywhere(penalty, here, there):
    """That is what makes a subgradient one, at zero too."""
    value, gradient, _ = TRIPLES[penalty]
    tangent = value(here) + gradient(here) @ (there - here)
    assert value(there) >= tangent - 1e-9


@given(weights=vectors, l1=st.floats(0, 9), l2=st.floats(0, 9))
def test_the_elastic_net_is_the_sum_of_its_parts(weights, l1, l2):
    assert_allclose(
        elastic_net_penalty(weights, l1, l2),
        l1_penalty(weights, l1) + l2_penalty(weights, l2),
        rtol=1e-12,
    )
    assert_array_equal(elastic_net_gradient(weights, l1, 0), l1_gradient(weights, l1))
    assert_array_equal(elastic_net_gradient(weights, 0, l2), l2_gradient(weights, l2))


ONE_STRENGTH = (l1_penalty, l2_penalty, l1_gradient, l2_gradient)
TWO_STRENGTHS = (elastic_net_penalty, elastic_net_gradient)


@pytest.mark.parametrize("function", [*ONE_STRENGTH, *TWO_STRENGTHS])
@pytest.mark.parametrize(
    ("value", "error"),
    [(-0.1, ValueError), (np.nan, ValueError), (np.inf, ValueError), ("0.1", TypeError)],
)
def test_wrong_strengths_give_one_sentence(function, value, error):
    names = ("strength",) if function in ONE_STRENGTH else ("l1", "l2")
    for name in names:
        strengths = dict.fromkeys(names, 0.1) | {name: value}
        with pytest.raises(error, match=rf"^{name} of {function.__name__} must be .*\[0, inf\)"):
            function(WEIGHTS[0], **strengths)


@pytest.mark.parametrize("function", [l1_penalty, l2_penalty])
@pytest.mark.parametrize(
    ("weights", "error", "sentence"),
    [
        ([[1.0, 2.0]], TypeError, r"weights\[0\] of .* must be an array of any shape"),
        ([WEIGHTS[0], WEIGHTS[1] * np.nan], ValueError, r"weights\[1\] of .* must be finite"),
        (WEIGHTS[0] * 1j, TypeError, "weights of .* must be an array of any shape"),
        ("", TypeError, "weights of .* must be arrays"),
        (3.0, TypeError, "weights of .* must be arrays"),
        (None, TypeError, "weights of .* must be arrays"),
    ],
)
def test_wrong_weights_of_a_penalty(function, weights, error, sentence):
    with pytest.raises(error, match=sentence.replace(".*", function.__name__)):
        function(weights, 0.1)
    with pytest.raises(error, match=sentence.replace(".*", "elastic_net_penalty")):
        elastic_net_penalty(weights, 0.1, 0.1)


@pytest.mark.parametrize(
    ("weights", "error"),
    [([1.0], TypeError), (np.array([1]), TypeError), (np.array([np.nan]), ValueError)],
)
def test_wrong_weights_of_a_gradient(weights, error):
    for function in (l1_gradient, l2_gradient):
        with pytest.raises(error, match=f"weights of {function.__name__} must be"):
            function(weights, 0.1)
    with pytest.raises(error, match="weights of elastic_net_gradient must be"):
        elastic_net_gradient(weights, 0.1, 0.1)
