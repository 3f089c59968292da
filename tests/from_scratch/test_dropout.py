"""Dropout: values by hand, properties, moments over all masks, and the very numbers of Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal

from companion.from_scratch import all_masks, dropout, dropout_backward, softmax

X = arrays(np.float64, array_shapes(max_dims=3, max_side=6), elements=st.floats(-1e6, 1e6))
RATES = st.floats(0, 1, exclude_max=True).filter(lambda rate: rate < 1 - 1e-9)
SEEDS = st.integers(0, 2**32)
INPUTS = 60


class KerasNumbers(np.random.Generator):
    """The uniform numbers that a Keras layer with this seed draws, one array a call."""

    def __init__(self, seed: int, dtype: str) -> None:
        super().__init__(np.random.PCG64())
        self.seeds, self.dtype = keras.random.SeedGenerator(seed), dtype

    def random(self, size):
        return np.asarray(keras.random.uniform(size, dtype=self.dtype, seed=self.seeds))


def random_case(seed: int, dtype: str):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 9, size=rng.integers(1, 5)))
    x, upstream = rng.normal(size=(2, *shape)).astype(dtype)
    return x, upstream, float(rng.uniform(0.01, 0.99))


@given(X, RATES, SEEDS)
def test_kept_values_are_scaled_and_the_others_are_zero(x, rate, seed):
    output, mask = dropout(x, rate, np.random.default_rng(seed))
    kept = mask != 0
    assert_array_equal(mask[kept], 1 / (1 - rate))
    assert_array_equal(output[kept], x[kept] * (1 / (1 - rate)))
    assert_array_equal(output[~kept], 0)
    assert output.shape == mask.shape == x.shape


@given(X, SEEDS)
def test_rate_0_changes_nothing(x, seed):
    output, mask = dropout(x, 0, np.random.default_rng(seed))
    assert_array_equal(output, x)
    assert_array_equal(mask, 1)


@given(X, RATES, SEEDS)
def test_the_same_seed_draws_the_same_mask_and_leaves_the_input(x, rate, seed):
    before = x.copy()
    first, second = (dropout(x, rate, np.random.default_rng(seed)) for _ in range(2))
    assert_array_equal(first, second)
    assert_array_equal(x, before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_that_of_the_input(dtype):
    output, mask = dropout(np.ones(3, dtype), 0.5, np.random.default_rng(0))
    assert output.dtype == mask.dtype == dtype


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_as_many_are_dropped_as_the_rate_says_and_each_by_itself(rate):
    """Mean, variance and correlation of neighbors within five standard errors."""
    n = 200_000
    _, mask = dropout(np.ones((n, 2)), rate, np.random.default_rng(5))
    dropped = mask == 0
    assert dropped.mean() == pytest.approx(rate, abs=5 * np.sqrt(rate * (1 - rate) / (2 * n)))
    assert mask.mean() == pytest.approx(1, abs=5 * np.sqrt(rate / (1 - rate) / (2 * n)))
    assert np.corrcoef(dropped.T)[0, 1] == pytest.approx(0, abs=5 / np.sqrt(n))


@given(st.integers(1, 8), st.floats(0, 0.95), SEEDS)
def test_over_all_masks_the_mean_is_kept_and_the_variance_counted(num_units, rate, seed):
    """Eq. dropout-moments, summed over every mask instead of sampled."""
    weights, features = np.random.default_rng(seed).normal(size=(2, num_units))
    masks, probabilities = all_masks(num_units, rate)
    scores = masks @ (weights * features)
    mean = probabilities @ scores
    variance = probabilities @ (scores - mean) ** 2
    assert_allclose(mean, weights @ features, atol=1e-10)
    expected = rate / (1 - rate) * np.sum((weights * features) ** 2)
    assert_allclose(variance, expected, rtol=1e-9, atol=1e-12)


def test_all_masks_by_hand():
    masks, probabilities = all_masks(2, 0.75)
    assert masks.tolist() == [[0, 0], [0, 4], [4, 0], [4, 4]]
    assert probabilities.tolist() == [9 / 16, 3 / 16, 3 / 16, 1 / 16]


@given(st.integers(1, 10), RATES)
def test_all_masks_are_different_and_their_probabilities_sum_to_1(num_units, rate):
    masks, probabilities = all_masks(num_units, rate)
    assert masks.shape == (2**num_units, num_units)
    assert len(np.unique(masks, axis=0)) == 2**num_units
    assert set(np.unique(masks)) == {0, 1 / (1 - rate)}
    assert (masks[-1] > 0).all()
    assert probabilities.sum() == pytest.approx(1, rel=1e-9)


def test_sampled_masks_come_as_often_as_all_masks_says():
    """The frequencies of the eight masks of three units, within five standard errors."""
    n = 100_000
    _, drawn = dropout(np.ones((n, 3)), 0.25, np.random.default_rng(6))
    for mask, probability in zip(*all_masks(3, 0.25), strict=True):
        reach = 5 * np.sqrt(probability * (1 - probability) / n)
        assert np.mean((drawn == mask).all(axis=1)) == pytest.approx(probability, abs=reach)


@given(st.integers(1, 6), st.floats(0.05, 0.9), SEEDS)
def test_geometric_mean_of_a_softmax_layer_is_the_layer_without_dropout(num_units, rate, seed):
    """Eq. dropout-geometric."""
    rng = np.random.default_rng(seed)
    features, weights = rng.normal(size=num_units), rng.normal(size=(num_units, 4))
    masks, probabilities = all_masks(num_units, rate)
    logarithms = probabilities @ np.log(softmax((masks * features) @ weights))
    normalized = softmax(logarithms[None])
    assert_allclose(normalized, softmax((features @ weights)[None]), atol=1e-10)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_equals_keras_bit_for_bit_where_it_gets_the_same_numbers(dtype):
    for seed in range(INPUTS):
        x, _, rate = random_case(seed, dtype)
        layer = keras.layers.Dropout(rate, seed=seed, dtype=dtype)
        output, _ = dropout(x, rate, KerasNumbers(seed, dtype))
        assert_array_equal(layer(x, training=True), output, err_msg=f"seed {seed}")


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-6), ("float64", 1e-12)])
def test_gradient_equals_that_of_keras(dtype, tolerance):
    for seed in range(INPUTS):
        x, upstream, rate = random_case(seed, dtype)
        layer, inputs = keras.layers.Dropout(rate, seed=seed, dtype=dtype), tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            output = layer(inputs, training=True)
        expected = tape.gradient(output, inputs, output_gradients=tf.constant(upstream))
        _, mask = dropout(x, rate, KerasNumbers(seed, dtype))
        found = dropout_backward(upstream, mask)
        assert_allclose(found, expected, rtol=tolerance, atol=tolerance)


@given(X, st.floats(0, 0.95), SEEDS)
def test_gradient_is_that_of_the_forward_pass(x, rate, seed):
    """The output is linear in the input: sum(g * output) = sum(x * input gradient)."""
    upstream = np.random.default_rng(seed).normal(size=x.shape)
    output, mask = dropout(x, rate, np.random.default_rng(seed))
    by_input = np.sum(x * dropout_backward(upstream, mask))
    assert by_input == pytest.approx(np.sum(upstream * output), rel=1e-9, abs=1e-6)


RNG = np.random.default_rng(0)
ONES = np.ones((2, 3))


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ((ONES, 1.5, RNG), ValueError, "rate of dropout must be in [0, 1). Got rate=1.5. Try 0.5."),
        ((ONES, 1, RNG), ValueError, "rate of dropout must be in [0, 1)"),
        ((ONES, -0.1, RNG), ValueError, "rate of dropout must be in [0, 1)"),
        ((ONES, np.nan, RNG), ValueError, "rate of dropout must be in [0, 1). Got rate=nan"),
        ((ONES, "0.5", RNG), TypeError, "rate of dropout must be a number in [0, 1)"),
        ((ONES * np.nan, 0.5, RNG), ValueError, "x of dropout must be finite"),
        ((ONES.astype(int), 0.5, RNG), TypeError, "x of dropout must be an array of any shape"),
        (([1.0], 0.5, RNG), TypeError, "x of dropout must be an array of any shape"),
        ((ONES, 0.5, 0), TypeError, "rng of dropout must be a NumPy generator. Got rng=0."),
        ((ONES, 0.5, np.random.RandomState()), TypeError, "rng of dropout must be a NumPy"),
    ],
)
def test_wrong_arguments_of_dropout(arguments, error, sentence):
    with pytest.raises(error) as caught:
        dropout(*arguments)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("gradient", "mask", "error", "sentence"),
    [
        (1.0, ONES, TypeError, "gradient of dropout_backward must be an array of any shape"),
        (ONES * np.inf, ONES, ValueError, "gradient of dropout_backward must be finite"),
        (ONES, ONES[:1], ValueError, "mask of dropout_backward must be an array of shape (2, 3)"),
        (ONES, ONES > 0, TypeError, "mask of dropout_backward must be an array of shape (2, 3)"),
        (ONES, ONES * np.nan, ValueError, "mask of dropout_backward must be finite"),
    ],
)
def test_wrong_arguments_of_the_backward_pass(gradient, mask, error, sentence):
    with pytest.raises(error) as caught:
        dropout_backward(gradient, mask)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("num_units", "rate", "error", "sentence"),
    [
        (0, 0.5, ValueError, "num_units of all_masks must be in [1, 16]. Got num_units=0. Try 10."),
        (17, 0.5, ValueError, "num_units of all_masks must be in [1, 16]"),
        (2.0, 0.5, TypeError, "num_units of all_masks must be a whole number in [1, 16]"),
        (2, 1.0, ValueError, "rate of all_masks must be in [0, 1)"),
        (2, np.nan, ValueError, "rate of all_masks must be in [0, 1)"),
        (2, None, TypeError, "rate of all_masks must be a number in [0, 1)"),
    ],
)
def test_wrong_arguments_of_all_masks(num_units, rate, error, sentence):
    with pytest.raises(error) as caught:
        all_masks(num_units, rate)
    assert str(caught.value).startswith(sentence)
