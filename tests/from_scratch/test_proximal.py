"""Proximal operators: by hand, against their definition, and as steps that find the minimum."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from companion.from_scratch import (
    elastic_net_penalty,
    elastic_net_proximal,
    l1_penalty,
    l1_proximal,
    l2_penalty,
    l2_proximal,
)

PAIRS = {
    "l1": (
        lambda w, l1, _, rate: l1_proximal(w, l1, rate),
        lambda w, l1, _: l1_penalty(w, l1),
    ),
    "l2": (
        lambda w, _, l2, rate: l2_proximal(w, l2, rate),
        lambda w, _, l2: l2_penalty(w, l2),
    ),
    "elastic-net": (elastic_net_proximal, elastic_net_penalty),
}
penalties = pytest.mark.parametrize("penalty", PAIRS)
numbers = st.floats(-9, 9) | st.just(0.0)
strengths = st.floats(0, 9)
rates = st.floats(0, 2)


def test_values_by_hand():
    weights = np.array([3.0, -4.0, 0.25, -0.5, 0.0])
    assert_array_equal(l1_proximal(weights, 1.0, 0.5), [2.5, -3.5, 0, 0, 0])
    assert not np.signbit(l1_proximal(weights, 1.0, 0.5)[2:]).any()  # no -0.0
    assert_array_equal(l2_proximal(weights, 1.0, 0.5), weights / 2)
    assert_array_equal(elastic_net_proximal(weights, 1.0, 1.0, 0.5), [1.25, -1.75, 0, 0, 0])


@penalties
@given(start=numbers, l1=strengths, l2=strengths, rate=rates, elsewhere=numbers)
def test_no_other_place_is_better(penalty, start, l1, l2, rate, elsewhere):
    """The objective is strongly convex: away from its minimum it grows by half the square."""
    proximal, value = PAIRS[penalty]

    def objective(place):
        return (place - start) ** 2 / 2 + rate * value(np.array([place]), l1, l2)

    best = proximal(np.array([start]), l1, l2, rate)[0]
    assert objective(elsewhere) >= objective(best) + (elsewhere - best) ** 2 / 2 - 1e-9


@penalties
@pytest.mark.parametrize("start", [-2.0, -0.3, 0.0, 0.25, 1.7])
def test_equals_a_search_of_the_definition(penalty, start):
    proximal, value = PAIRS[penalty]
    l1, l2, rate = 0.7, 0.4, 0.5
    grid = np.linspace(-3, 3, 6_001)
    objective = [(w - start) ** 2 / 2 + rate * value(np.array([w]), l1, l2) for w in grid]
    best = grid[np.argmin(objective)]
    assert proximal(np.array([start]), l1, l2, rate)[0] == pytest.approx(best, abs=1e-3)


@penalties
@given(weights=arrays(np.float32, 5, elements=st.floats(-9, 9, width=32)), rate=rates)
def test_shape_and_type_stay_and_nothing_is_changed_in_place(penalty, weights, rate):
    weights, before = weights.reshape(5, 1), weights.reshape(5, 1).copy()
    found = PAIRS[penalty][0](weights, 0.5, 0.5, rate)
    assert (found.shape, found.dtype) == (weights.shape, weights.dtype)
    assert_array_equal(weights, before)


@penalties
@given(weights=arrays(np.float64, 3, elements=numbers), l1=strengths, l2=strengths, rate=rates)
def test_weights_move_toward_zero_and_never_past_it(penalty, weights, l1, l2, rate):
    found = PAIRS[penalty][0](weights, l1, l2, rate)
    assert (np.abs(found) <= np.abs(weights)).all()
    assert (found * weights >= 0).all()


@given(weights=arrays(np.float64, 3, elements=numbers), l1=strengths, l2=strengths, rate=rates)
def test_the_elastic_net_has_both_as_special_cases(weights, l1, l2, rate):
    assert_array_equal(elastic_net_proximal(weights, l1, 0, rate), l1_proximal(weights, l1, rate))
    assert_array_equal(elastic_net_proximal(weights, 0, l2, rate), l2_proximal(weights, l2, rate))


@penalties
def test_without_strength_or_rate_nothing_moves(penalty):
    weights = np.array([0.1, -3.0, 0.0])
    proximal = PAIRS[penalty][0]
    assert_array_equal(proximal(weights, 0, 0, 0.5), weights)
    assert_array_equal(proximal(weights, 0.5, 0.5, 0), weights)


@penalties
def test_proximal_gradient_descent_finds_the_minimum(penalty):
    """Curvature 3, minimum of the loss at 2, -1 and 0.2; with the penalty in closed form."""
    proximal, _ = PAIRS[penalty]
    minimum, curvature, l1, l2, rate = np.array([2.0, -1.0, 0.2]), 3.0, 0.9, 0.6, 0.1
    weights = np.zeros(3)
    for _ in range(400):
        weights = proximal(weights - rate * curvature * (weights - minimum), l1, l2, rate)
    threshold = 0 if penalty == "l2" else l1 / curvature
    shrunk = np.sign(minimum) * np.maximum(np.abs(minimum) - threshold, 0)
    factor = 1 if penalty == "l1" else curvature / (curvature + 2 * l2)
    assert_allclose(weights, factor * shrunk, rtol=1e-12)
    assert (weights[2] == 0) == (penalty != "l2")


@penalties
@pytest.mark.parametrize(
    ("value", "error"),
    [(-0.1, ValueError), (np.nan, ValueError), (np.inf, ValueError), (None, TypeError)],
)
def test_wrong_numbers_give_one_sentence(penalty, value, error):
    function, names = {
        "l1": (l1_proximal, ["strength", "learning_rate"]),
        "l2": (l2_proximal, ["strength", "learning_rate"]),
        "elastic-net": (elastic_net_proximal, ["l1", "l2", "learning_rate"]),
    }[penalty]
    for name in names:
        arguments = dict.fromkeys(names, 0.1) | {name: value}
        with pytest.raises(error, match=rf"^{name} of {function.__name__} must be .*\[0, inf\)"):
            function(np.ones(2), **arguments)


@penalties
@pytest.mark.parametrize(
    ("weights", "error"),
    [([1.0], TypeError), (np.array([1]), TypeError), (np.array([np.nan]), ValueError)],
)
def test_wrong_weights_give_one_sentence(penalty, weights, error):
    with pytest.raises(error, match=r"weights of \w+_proximal must be"):
        PAIRS[penalty][0](weights, 0.1, 0.1, 0.1)
