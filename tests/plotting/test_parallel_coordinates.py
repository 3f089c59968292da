"""Every finished trial runs through its values, low ones low, to its score, the best on top."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.plotting import plot_parallel_coordinates
from companion.plotting.parallel_coordinates import INACTIVE
from tests.plotting.search_tables import table_of


@pytest.mark.parametrize("direction", ["max", "min"])
def test_lines_run_through_the_values(ax, direction):
    table = table_of(direction, l2=[np.nan, 1e-3, 1e-5, 1e-1, np.nan])
    if direction == "min":
        table["score"] = [0.25, 0.5, 0.75, np.nan, np.nan]
    assert plot_parallel_coordinates(table, ax, source="stand-in") is ax
    expected = [[0, 0, 0, 0], [0, 1, 0.5, 0.5], [1, INACTIVE, 1, 1]]  # the best is drawn last
    assert_allclose([line.get_ydata() for line in ax.lines], expected, atol=1e-12)
    assert [line.get_label() for line in ax.lines][-1] == "best trial"
    assert ax.get_title("right") == "stand-in data"


def test_axes_are_named_and_show_their_ends(ax):
    plot_parallel_coordinates(table_of(), ax)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["penalty", "l2", "dropout", "score"]
    texts = {(*np.round(text.get_position(), 1),): text.get_text() for text in ax.texts}
    assert texts == {
        (0, -0.0): "l2",
        (0, 1.0): "none",
        (1, -0.0): "1.0e-5",
        (1, 1.0): "1.0e-3",
        (2, -0.0): "0",
        (2, 1.0): "0.5",
        (3, -0.0): "0.25",
        (3, 1.0): "0.75",
    }
    assert [text.get_text() for text in ax.get_yticklabels()] == ["inactive"]


def test_the_best_score_is_on_top_where_less_is_better(ax):
    plot_parallel_coordinates(table_of("min"), ax)
    top, bottom = (next(t for t in ax.texts if t.get_text() == end) for end in ("-0.75", "-0.25"))
    assert top.get_position()[1] > bottom.get_position()[1]


def test_a_logarithmic_axis_is_even_in_orders_of_magnitude(ax):
    plot_parallel_coordinates(table_of(l2=[1e-5, 1e-4, 1e-3, 1e-1, np.nan]), ax)
    assert_allclose([line.get_ydata()[1] for line in ax.lines], [1, 0.5, 0], atol=1e-12)


def test_nothing_is_inactive(ax):
    plot_parallel_coordinates(table_of(l2=[1e-4] * 5), ax)
    assert list(ax.get_yticks()) == []
    assert_allclose([line.get_ydata()[1] for line in ax.lines], 0)  # one value only
