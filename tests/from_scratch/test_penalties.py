"""The L2 penalty: values by hand, and equality with Keras."""

import keras
import numpy as np
import pytest

from companion.from_scratch import l2_penalty

WEIGHTS = [np.array([[1.0, -2.0]]), np.array([3.0])]


def test_values_by_hand():
    """0.1 * (1 + 4 + 9), without a factor of 1/2."""
    assert l2_penalty(WEIGHTS, 0.1) == pytest.approx(1.4, rel=1e-15)
    assert l2_penalty(WEIGHTS[0], 0.1) == pytest.approx(0.5, rel=1e-15)


def test_no_weights_or_no_strength_cost_nothing():
    assert l2_penalty([], 0.1) == 0
    assert l2_penalty(WEIGHTS, 0) == 0


@pytest.mark.parametrize("strength", [0.001, 0.01, 2])
def test_equals_keras(strength):
    weights = np.random.default_rng(1).normal(size=(20, 30)).astype(np.float32)
    expected = float(keras.regularizers.L2(strength)(weights))
    assert l2_penalty(weights, strength) == pytest.approx(expected, rel=1e-6)


def test_equals_what_a_model_adds_to_its_loss():
    regularized = {"kernel_regularizer": keras.regularizers.L2(0.001)}
    layers = [keras.layers.Dense(8, **regularized), keras.layers.Dense(3, **regularized)]
    model = keras.Sequential([keras.Input((5,)), *layers])
    expected = float(sum(model.losses))
    kernels = [layer.kernel.numpy() for layer in layers]
    assert l2_penalty(kernels, 0.001) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("weights", "strength", "error", "sentence"),
    [
        (WEIGHTS, -0.1, ValueError, r"strength of l2_penalty must be in \[0, inf\)"),
        (WEIGHTS, np.inf, ValueError, r"strength of l2_penalty must be in \[0, inf\)"),
        (WEIGHTS, "0.1", TypeError, "strength of l2_penalty must be a number"),
        ([[1.0, 2.0]], 0.1, TypeError, r"weights\[0\] of l2_penalty must be an array of any shape"),
        ([WEIGHTS[0], WEIGHTS[1] * np.nan], 0.1, ValueError, r"weights\[1\] of .* must be finite"),
        (WEIGHTS[0] * 1j, 0.1, TypeError, "weights of l2_penalty must be an array of any shape"),
        ("", 0.1, TypeError, "weights of l2_penalty must be arrays"),
        (3.0, 0.1, TypeError, "weights of l2_penalty must be arrays"),
        (None, 0.1, TypeError, "weights of l2_penalty must be arrays"),
    ],
)
def test_wrong_arguments(weights, strength, error, sentence):
    with pytest.raises(error, match=sentence):
        l2_penalty(weights, strength)
