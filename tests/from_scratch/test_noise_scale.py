"""The noise scale: closed forms, all batches listed, and what no measurement can tell."""

from itertools import product

import numpy as np
import pytest

from companion.from_scratch import noise_scale

GRADIENTS = np.random.default_rng(0).normal(3, 2, (5, 3))


def mean_squared_length(batch_size):
    """Over all batches that can be drawn with replacement."""
    drawn = [GRADIENTS[list(rows)].mean(axis=0) for rows in product(range(5), repeat=batch_size)]
    return np.mean(np.sum(np.square(drawn), axis=1))


@pytest.mark.parametrize("sizes", [(1, 2), (1, 4), (2, 3)])
def test_any_two_batch_sizes_give_trace_over_squared_length(sizes):
    expected = GRADIENTS.var(axis=0).sum() / np.sum(GRADIENTS.mean(axis=0) ** 2)
    norms = [mean_squared_length(size) for size in sizes]
    assert noise_scale(norms, sizes) == pytest.approx(expected, rel=1e-12)


def test_single_gradients_and_their_mean_give_the_unbiased_variance():
    """The five are then a sample of many more."""
    norms = [np.mean(np.sum(GRADIENTS**2, axis=1)), np.sum(GRADIENTS.mean(axis=0) ** 2)]
    variance = GRADIENTS.var(axis=0, ddof=1).sum()
    expected = variance / (norms[1] - variance / 5)
    assert noise_scale(norms, (1, 5)) == pytest.approx(expected, rel=1e-12)


def test_the_unit_of_the_gradient_does_not_count():
    assert noise_scale([5e-6, 2e-6], [1, 4]) == pytest.approx(4)


@pytest.mark.parametrize(
    ("norms", "expected"), [((4.0, 1.0), np.inf), ((1.0, 1.0), 0.0), ((1.0, 1.5), 0.0)]
)
def test_where_the_lengths_leave_nothing(norms, expected):
    assert noise_scale(norms, (1, 4)) == expected


@pytest.mark.parametrize("norms", [[1.0], [1.0, 2.0, 3.0], [-1.0, 2.0], [1.0, np.nan]])
def test_wrong_lengths(norms):
    with pytest.raises(ValueError, match="squared_norms of noise_scale must be two finite numbers"):
        noise_scale(norms, (1, 4))


@pytest.mark.parametrize("sizes", [(4, 1), (4, 4), (1, 2, 3)])
def test_wrong_sizes(sizes):
    with pytest.raises(ValueError, match="batch_sizes of noise_scale must be two whole numbers"):
        noise_scale([2.0, 1.0], sizes)
