"""The best so far, in the order of the trials, and what any order would give on average."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from companion.plotting import plot_best_so_far
from tests.plotting.search_tables import table_of


@pytest.mark.parametrize(("direction", "sign"), [("max", 1), ("min", -1)])
def test_the_best_follows_the_order_of_the_start(ax, direction, sign):
    table = table_of()
    table["score"] *= sign
    table.attrs["direction"] = direction
    assert plot_best_so_far(table, ax, source="stand-in") is ax
    trials, best, expected = ax.lines
    assert_array_equal(trials.get_xdata(), [1, 2, 3, 4])  # the running one is not there
    assert_array_equal(trials.get_ydata(), sign * np.array([0.5, np.nan, 0.75, 0.25]))
    assert_array_equal(best.get_ydata(), sign * np.array([0.5, 0.5, 0.75, 0.75]))
    # 0.25 twice: the failed one counts as the worst; pairs: 0.25, 2 x 0.5, 3 x 0.75
    assert_allclose(expected.get_ydata(), sign * np.array([0.4375, 3.5 / 6, 0.6875, 0.75]))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("trials", "score")
    assert ax.get_title("right") == "stand-in data"


def test_no_best_before_the_first_score(ax):
    plot_best_so_far(table_of(order=[3, 4, 5, 1, 2]), ax)
    assert_array_equal(ax.lines[1].get_ydata(), [np.nan, 0.75, 0.75, 0.75])
