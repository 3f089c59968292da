"""The best of k tries: enumeration of all draws and all subsets, closed forms, and simulations."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.from_scratch import best_of_k

SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=6)


@given(SCORES)
def test_equals_the_mean_over_all_subsets(scores):
    expected = [
        np.mean([max(some) for some in combinations(scores, k)]) for k in range(1, len(scores) + 1)
    ]
    np.testing.assert_allclose(best_of_k(scores), expected, rtol=0, atol=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_equals_the_mean_over_all_draws_with_replacement(scores):
    expected = [
        np.mean([max(some) for some in product(scores, repeat=k)])
        for k in range(1, len(scores) + 1)
    ]
    np.testing.assert_allclose(best_of_k(scores, replace=True), expected, rtol=0, atol=1e-12)


@given(SCORES)
def test_begins_at_the_mean_rises_and_ends_at_the_best(scores):
    subsets, draws = best_of_k(scores), best_of_k(scores, replace=True)
    for curve in (subsets, draws):
        assert curve[0] == pytest.approx(np.mean(scores), abs=1e-12)
        assert (np.diff(curve) >= -1e-12).all()
    assert subsets[-1] == pytest.approx(max(scores), abs=1e-12)
    assert (draws <= subsets + 1e-12).all()


def test_is_unbiased_for_independent_tries_and_biased_downward_with_replacement():
    """The best of k uniform numbers is k / (k + 1) on average."""
    drawn, k = np.random.default_rng(0).uniform(size=(20_000, 8)), np.arange(1, 9)
    three_errors = 3 * 0.3 / np.sqrt(20_000)
    np.testing.assert_allclose(best_of_k(drawn).mean(axis=0), k / (k + 1), atol=three_errors)
    short = k / (k + 1) - best_of_k(drawn, replace=True).mean(axis=0)
    assert abs(short[0]) < three_errors
    assert (short[1:] > three_errors).all()


@pytest.mark.parametrize("replace", [False, True])
def test_every_row_is_a_sample(replace):
    rows = np.random.default_rng(1).normal(size=(3, 16))
    together = best_of_k(rows, replace=replace)
    np.testing.assert_allclose(together, [best_of_k(row, replace=replace) for row in rows])


def test_the_order_of_tries_does_not_count_and_they_stay_as_they_are():
    scores = np.array([0.9, 0.1, 0.5])
    np.testing.assert_array_equal(best_of_k(scores), best_of_k(scores[::-1]))
    assert scores.tolist() == [0.9, 0.1, 0.5]


def test_many_tries_are_possible():
    curve = best_of_k(np.linspace(0, 1, 300))
    assert curve[0] == pytest.approx(0.5)
    assert curve[-1] == pytest.approx(1)


@pytest.mark.parametrize(
    ("scores", "error"),
    [
        ([], ValueError),
        ([0.5, float("nan")], ValueError),
        (np.zeros((2, 2, 2)), ValueError),
        (0.5, ValueError),
        ("best", TypeError),
    ],
)
def test_wrong_scores(scores, error):
    with pytest.raises(error, match=r"scores of best_of_k must be finite numbers of shape \(n,\)"):
        best_of_k(scores)


def test_wrong_flag():
    with pytest.raises(TypeError, match="replace of best_of_k must be True or False"):
        best_of_k([0.5], replace=1)
