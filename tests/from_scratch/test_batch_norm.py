"""Batch normalization: by hand, against Keras in both modes, and against numerical gradients."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from companion.from_scratch import (
    batch_moments,
    batch_norm,
    batch_norm_backward,
    update_moving,
)

CHANNELS = 5
SHAPES = [(16, CHANNELS), (4, 6, 6, CHANNELS)]
EPSILON = 2**-10  # exact in float32, to which Keras rounds Python constants
MOMENTUM = 0.875
STEPS = 60
ONES = np.ones(CHANNELS)
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=["dense", "images"])
batches = arrays(np.float64, (8, 3), elements=st.floats(-100, 100))


def normalize(inputs, gamma=None, beta=None, epsilon=1e-3):
    """Training mode: the batch's own statistics."""
    ones = np.ones(inputs.shape[-1])
    gamma, beta = ones if gamma is None else gamma, 0 * ones if beta is None else beta
    return batch_norm(inputs, *batch_moments(inputs), gamma, beta, epsilon)


def draw(rng, *shape, dtype="float64"):
    return rng.normal(0.5, 1, size=shape).astype(dtype)


def keras_layer(shape, gamma, beta):
    layer = keras.layers.BatchNormalization(
        momentum=MOMENTUM, epsilon=EPSILON, dtype=str(gamma.dtype)
    )
    layer.build((None, *shape[1:]))
    layer.gamma.assign(gamma)
    layer.beta.assign(beta)
    return layer


def test_moments_by_hand():
    """(0 + 2 + 4) / 3 and the mean square distance, without Bessel's correction."""
    mean, variance = batch_moments(np.array([[0.0, 5.0], [2.0, 5.0], [4.0, 5.0]]))
    assert mean.tolist() == [2, 5]
    assert_allclose(variance, [8 / 3, 0], rtol=1e-15)


def test_moments_of_images_are_taken_over_all_places():
    images = np.arange(16.0).reshape(2, 2, 2, 2)
    mean, variance = batch_moments(images)
    assert mean.tolist() == [7, 8]
    assert_allclose(variance, [21, 21], rtol=1e-15)


def test_outputs_by_hand():
    """Mean 2, variance 3, epsilon 1: divide by 2, then times 10, plus 1."""
    outputs = batch_norm(
        np.array([[2.0], [6.0]]), *np.array([[2.0], [3.0], [10.0], [1.0]]), epsilon=1.0
    )
    assert outputs.tolist() == [[1], [21]]


def test_moving_statistic_by_hand():
    """0.9 * 1 + 0.1 * 3."""
    assert_allclose(update_moving(np.ones(1), np.full(1, 3.0), 0.9), [1.2], rtol=1e-15)


@pytest.mark.parametrize(("steps", "left"), [(40, 0.669), (100, 0.366)])
def test_initial_statistics_fade_geometrically(steps, left):
    moving = np.ones(1)
    for _ in range(steps):
        moving = update_moving(moving, np.zeros(1))
    assert_allclose(moving, 0.99**steps, rtol=1e-12)
    assert_allclose(moving, left, atol=5e-4)


def test_two_values_keep_only_their_order():
    """Half the distance is the deviation, so every channel becomes -1 and 1."""
    outputs = normalize(np.array([[3.0, 1e6, -0.5], [5.0, -1e6, -0.4]]), epsilon=1e-12)
    assert_allclose(outputs, [[-1, 1, -1], [1, -1, 1]], rtol=1e-9)


@each_shape
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-6)])
def test_equals_keras_over_many_steps(shape, dtype, tolerance):
    """Both modes, moving statistics and gradients; tolerances are of the largest value or term."""
    rng = np.random.default_rng(0)
    gamma, beta = draw(rng, CHANNELS, dtype=dtype), draw(rng, CHANNELS, dtype=dtype)
    layer = keras_layer(shape, gamma, beta)
    moving = [np.zeros(CHANNELS, dtype), np.ones(CHANNELS, dtype)]
    for _ in range(STEPS):
        inputs, upstream = draw(rng, *shape, dtype=dtype), draw(rng, *shape, dtype=dtype)
        outputs, gradients = by_keras(layer, inputs, upstream)
        moments = batch_moments(inputs)
        moving = [update_moving(*pair, MOMENTUM) for pair in zip(moving, moments, strict=True)]
        ours = [
            batch_norm(inputs, *moments, gamma, beta, EPSILON),
            batch_norm(inputs, *moving, gamma, beta, EPSILON),
            *moving,
            *batch_norm_backward(upstream, inputs, gamma, EPSILON),
        ]
        statistics = layer.moving_mean.numpy(), layer.moving_variance.numpy()
        theirs = [outputs, layer(inputs, training=False).numpy(), *statistics, *gradients]
        summed = np.abs(upstream).sum() / CHANNELS  # of the terms that cancel in a sum
        for mine, expected, least in zip(ours, theirs, [0] * 5 + [summed] * 2, strict=True):
            assert mine.dtype == dtype
            size = max(np.abs(expected).max(), least)
            assert_allclose(mine, expected, rtol=0, atol=tolerance * size)


def by_keras(layer, inputs, upstream):
    """Return outputs in training mode, and the gradients of `sum(upstream * outputs)`."""
    inputs = tf.constant(inputs)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, training=True)
        loss = tf.reduce_sum(upstream * outputs)
    variables = [inputs, layer.gamma.value, layer.beta.value]
    return outputs.numpy(), [each.numpy() for each in tape.gradient(loss, variables)]


def test_defaults_are_those_of_keras():
    layer = keras.layers.BatchNormalization(dtype="float64")
    inputs = draw(np.random.default_rng(1), 16, CHANNELS)
    assert_allclose(normalize(inputs), layer(inputs, training=True).numpy(), rtol=1e-6)
    moving = update_moving(np.zeros(CHANNELS), batch_moments(inputs)[0])
    assert_allclose(moving, layer.moving_mean.numpy(), rtol=1e-6)


@each_shape
def test_gradients_equal_numerical_ones(shape):
    """Central differences of `sum(upstream * outputs)` in every parameter, and in some inputs."""
    rng = np.random.default_rng(2)
    inputs, upstream = draw(rng, *shape), draw(rng, *shape)
    gamma, beta = draw(rng, CHANNELS), draw(rng, CHANNELS)

    def loss():
        return np.sum(upstream * normalize(inputs, gamma, beta))

    d_inputs, d_gamma, d_beta = batch_norm_backward(upstream, inputs, gamma)
    places = [tuple(rng.integers(shape)) for _ in range(20)]
    for place in places:
        assert_allclose(slope(loss, inputs, place), d_inputs[place], rtol=1e-6, atol=1e-7)
    for channel in range(CHANNELS):
        assert_allclose(slope(loss, gamma, channel), d_gamma[channel], rtol=1e-7)
        assert_allclose(slope(loss, beta, channel), d_beta[channel], rtol=1e-7)


def slope(loss, array, place, step=1e-5):
    value, ends = array[place], []
    for array[place] in (value + step, value - step):
        ends.append(loss())
    array[place] = value
    return (ends[0] - ends[1]) / (2 * step)


@given(batches, st.floats(-3, 3), st.floats(-3, 3))
def test_outputs_have_mean_beta_and_at_most_scale_gamma(inputs, gamma, beta):
    """With epsilon the deviation is `gamma * sqrt(v / (v + epsilon))`."""
    outputs = normalize(inputs, np.full(3, gamma), np.full(3, beta))
    mean, variance = batch_moments(outputs)
    expected = gamma**2 * (found := batch_moments(inputs)[1]) / (found + 1e-3)
    assert_allclose(mean, beta, atol=1e-9)
    assert_allclose(variance, expected, atol=1e-9)


@given(batches, st.floats(-100, 100), st.floats(0.01, 100))
def test_shifting_and_scaling_the_inputs_changes_nothing(inputs, shift, scale):
    """Exactly, if epsilon is scaled along; without that, as far as epsilon is small."""
    moved = shift + scale * inputs
    outputs = normalize(inputs)
    assert_allclose(normalize(moved, epsilon=1e-3 * scale**2), outputs, atol=1e-6)
    assume(min(batch_moments(each)[1].min() for each in (inputs, moved)) > 1)
    assert_allclose(normalize(moved), outputs, atol=1e-3 * np.abs(outputs).max())


@given(batches, arrays(np.float64, (8, 3), elements=st.floats(-10, 10)))
def test_the_gradient_has_no_part_along_a_shift_and_hardly_one_along_a_stretch(inputs, upstream):
    gradient, _, _ = batch_norm_backward(upstream, inputs, np.ones(3))
    assert_allclose(gradient.sum(axis=0), 0, atol=1e-8 * (1 + np.abs(gradient).max()))
    variance = batch_moments(inputs)[1]
    assume(variance.min() > 1)
    along = np.sum(gradient * (inputs - inputs.mean(axis=0)), axis=0)
    left = 1e-3 / (variance + 1e-3) * np.abs(np.sum(upstream * normalize(inputs), axis=0))
    assert_allclose(np.abs(along), left, atol=1e-8)


def test_arguments_are_left_as_they_are():
    inputs, moving = np.arange(6.0).reshape(3, 2), np.zeros(2)
    copies = inputs.copy(), moving.copy()
    normalize(inputs)
    batch_norm_backward(inputs, inputs, np.ones(2))
    update_moving(moving, np.ones(2))
    assert_allclose(inputs, copies[0])
    assert_allclose(moving, copies[1])


INPUTS = np.zeros((4, CHANNELS))
FORWARD = dict(zip(("mean", "variance", "gamma", "beta"), [ONES] * 4, strict=True))


@pytest.mark.parametrize("alone", [np.zeros((1, CHANNELS)), np.zeros((1, 1, 1, CHANNELS))])
def test_a_single_value_has_no_moments(alone):
    """Keras accepts it and then gives out `beta`, whatever came in."""
    sentence = "inputs of batch_moments must be an array with at least two values for each channel"
    with pytest.raises(ValueError, match=sentence):
        batch_moments(alone)
    with pytest.raises(ValueError, match=r"inputs of batch_norm_backward .* two values"):
        batch_norm_backward(alone, alone, ONES)
    assert batch_norm(alone, **FORWARD).shape == alone.shape  # inference may be of one image
    assert batch_moments(np.zeros((1, 2, 1, CHANNELS)))[1].tolist() == [0] * CHANNELS


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"inputs": INPUTS[0]}, ValueError, "inputs of batch_norm must be an array"),
        ({"inputs": INPUTS[:0]}, ValueError, r"inputs .* must be .* that is not empty"),
        ({"inputs": INPUTS * np.nan}, ValueError, "inputs of batch_norm must be finite"),
        ({"inputs": INPUTS.astype(int)}, TypeError, "floating-point numbers"),
        ({"gamma": np.ones(4)}, ValueError, r"gamma of batch_norm .* shape \(5\)"),
        ({"beta": ONES * np.inf}, ValueError, "beta of batch_norm must be finite"),
        ({"mean": None}, TypeError, "mean of batch_norm must be an array"),
        ({"variance": -ONES}, ValueError, r"variance of batch_norm must be at least 0\. Got .*-1"),
        ({"epsilon": 0}, ValueError, r"epsilon of batch_norm must be in \[1e-12, inf\)"),
        ({"epsilon": -1e-3}, ValueError, r"epsilon of batch_norm must be in \[1e-12, inf\)"),
    ],
)
def test_wrong_arguments(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        batch_norm(**{"inputs": INPUTS, **FORWARD, **arguments})


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"output_gradient": INPUTS[:2]}, ValueError, r"output_gradient .* shape \(4, 5\)"),
        ({"inputs": INPUTS + np.inf}, ValueError, "inputs .* must be finite"),
        ({"gamma": 1.0}, TypeError, "gamma of batch_norm_backward must be an array"),
        ({"epsilon": np.nan}, ValueError, "epsilon of batch_norm_backward must be in"),
    ],
)
def test_wrong_arguments_of_gradients(arguments, error, sentence):
    given = {"output_gradient": INPUTS, "inputs": INPUTS, "gamma": ONES, **arguments}
    with pytest.raises(error, match=sentence):
        batch_norm_backward(**given)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"momentum": 1}, ValueError, r"momentum of update_moving must be in \[0, 1\).* Try 0\.9"),
        ({"momentum": -0.1}, ValueError, r"momentum of update_moving must be in \[0, 1\)"),
        ({"momentum": "0.9"}, TypeError, "momentum of update_moving must be a number"),
        ({"batch": np.ones(4)}, ValueError, r"batch of update_moving .* shape \(5\)"),
        ({"moving": ONES * np.nan}, ValueError, "moving of update_moving must be finite"),
        ({"moving": np.ones(())}, ValueError, "moving of update_moving must be an array"),
    ],
)
def test_wrong_arguments_of_update_moving(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        update_moving(**{"moving": ONES, "batch": ONES, **arguments})
