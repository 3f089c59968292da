"""Stopping as a filter: by hand, by really descending, by Keras, and against the L2 penalty."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from companion.from_scratch import shrinkage_factors, stopping_factors

EIGENVALUES = arrays(np.float64, st.integers(1, 8), elements=st.floats(1e-6, 1e3))
CONSTANT = 1.2985  # the maximum of (1 - exp(-x)) (1 + x) / x, at x = 1.793


def problem(seed, num_rows=40, num_features=6):
    rng = np.random.default_rng(seed)
    scales = np.geomspace(0.1, 1, num_features)
    x = rng.normal(size=(num_rows, num_features)) * scales
    return x, x @ rng.normal(size=num_features) + rng.normal(size=num_rows)


def filtered(x, y, learning_rate, num_steps):
    """Return the weights after so many steps on the mean square, by the filter."""
    h, vectors = np.linalg.eigh(2 * x.T @ x / len(x))
    least_squares = np.linalg.lstsq(x, y)[0]
    return vectors @ (stopping_factors(h, learning_rate, num_steps) * (vectors.T @ least_squares))


def test_by_hand():
    assert stopping_factors([2, 1, 0], 0.5, 1).tolist() == [1.0, 0.5, 0.0]
    assert stopping_factors([2, 1, 0], 0.5, 3).tolist() == [1.0, 0.875, 0.0]
    assert stopping_factors([3], 0.5, 1).tolist() == [1.5]  # a step beyond the minimum


@given(EIGENVALUES)
def test_nothing_is_learned_at_first_and_everything_in_the_end(h):
    rate = 1 / h.max()
    assert (stopping_factors(h, rate, 0) == 0).all()
    assert_allclose(stopping_factors(h, rate, 10**12), 1, atol=1e-9)


@given(EIGENVALUES, st.integers(0, 1000))
def test_steeper_directions_are_always_further(h, num_steps):
    factors = stopping_factors(np.sort(h), 1 / h.max(), num_steps)
    assert (np.diff(factors) >= -1e-15).all()
    assert (stopping_factors(np.sort(h), 1 / h.max(), num_steps + 1) >= factors).all()


@pytest.mark.parametrize("num_steps", [1, 7, 100])
def test_equals_gradient_descent(num_steps):
    x, y = problem(1)
    w = np.zeros(x.shape[1])
    for _ in range(num_steps):
        w -= 0.25 * 2 * x.T @ (x @ w - y) / len(x)
    assert_allclose(filtered(x, y, 0.25, num_steps), w, rtol=0, atol=1e-12)


def test_equals_keras_over_sixty_steps():
    x, y = problem(2)
    dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros", dtype="float64")
    model = keras.Sequential([keras.Input((x.shape[1],), dtype="float64"), dense])
    mean_square = keras.losses.MeanSquaredError(dtype="float64")
    model.compile(keras.optimizers.SGD(0.25), mean_square, run_eagerly=True)
    for num_steps in range(1, 61):
        model.train_on_batch(x, y[:, None])
        expected = filtered(x, y, 0.25, num_steps)
        assert_allclose(dense.kernel.numpy().ravel(), expected, rtol=0, atol=1e-12)


@given(EIGENVALUES, st.floats(1, 100))
def test_never_far_from_the_l2_penalty_where_time_is_one_over_twice_the_strength(h, ratio):
    """The strength is up to 100 times below the steepest eigenvalue, each step at most 0.01."""
    strength, steps = h.max() / ratio, 10_000
    rate = 1 / (2 * strength * steps)
    assert rate * h.max() <= 0.01
    stopped, shrunk = stopping_factors(h, rate, steps), shrinkage_factors(h, strength)
    assert (stopped >= shrunk - 1e-12).all()
    assert (stopped <= (CONSTANT + 0.01) * shrunk + 1e-12).all()


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (([-1.0], 0.1, 3), ValueError, "eigenvalues of stopping_factors must be finite numbers"),
        (([np.nan], 0.1, 3), ValueError, "eigenvalues of stopping_factors must be finite numbers"),
        (("1", 0.1, 3), TypeError, "eigenvalues of stopping_factors must be finite numbers"),
        (([1.0], 0.0, 3), ValueError, r"learning_rate of stopping_factors must be in \(0, inf\)"),
        (([4.0], 0.5, 3), ValueError, r"below 2 / max\(eigenvalues\) = 0.5, or it diverges"),
        (([1.0], 0.1, -1), ValueError, r"num_steps of stopping_factors must be in \[0, inf\)"),
        (([1.0], 0.1, 2.0), TypeError, "num_steps of stopping_factors must be a whole number"),
    ],
)
def test_wrong_arguments(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        stopping_factors(*arguments)
