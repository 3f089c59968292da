"""The two curves and the two rates are drawn where they are."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from companion.learning_rate_finder import RangeTest
from companion.plotting import plot_range_test

RATES, LOSSES, SMOOTHED = np.array([[0.01, 0.1, 1.0], [3.0, 1.0, 9.0], [2.5, 1.5, 8.0]])


def test_curves_and_rates(ax):
    test = RangeTest(RATES, LOSSES, SMOOTHED, steepest=0.01, divergence=1.0)
    assert plot_range_test(test, ax, source="stand-in") is ax
    raw, smoothed, steepest, divergence = ax.lines
    assert_array_equal(raw.get_ydata(), LOSSES)
    assert_array_equal(smoothed.get_data(), [RATES, SMOOTHED])
    assert steepest.get_xdata() == [0.01, 0.01]
    assert divergence.get_xdata() == [1.0, 1.0]
    assert ax.get_xscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("learning rate", "loss")
    assert ax.get_title("right") == "stand-in data"


def test_a_rate_that_was_not_found_is_not_drawn(ax):
    plot_range_test(RangeTest(RATES, LOSSES, SMOOTHED, None, None), ax)
    assert len(ax.lines) == 2


def test_refuses_what_is_no_result(ax):
    with pytest.raises(TypeError, match="test of plot_range_test must be a RangeTest"):
        plot_range_test(LOSSES, ax)
