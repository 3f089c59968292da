"""One panel a hyperparameter: every trial at its value, and what cannot be drawn is refused."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from companion.plotting import plot_best_so_far, plot_parallel_coordinates, plot_search
from tests.plotting.search_tables import SCALES, table_of

each_figure = pytest.mark.parametrize(
    "plot", [plot_search, plot_best_so_far, plot_parallel_coordinates]
)


def lines_of(panel):
    return {line.get_label(): line for line in panel.lines}


def test_a_panel_for_every_hyperparameter_that_was_searched():
    panels = plot_search(table_of(), source="stand-in")
    assert [panel.get_xlabel() for panel in panels] == ["penalty", "l2", "dropout"]
    assert [panel.get_ylabel() for panel in panels] == ["score", "", "score"]
    assert [panel.get_xscale() for panel in panels] == ["linear", "log", "linear"]
    assert [panel.get_title("right") for panel in panels] == ["", "stand-in data", ""]
    (legend,) = panels[0].figure.legends
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["trial", "best trial", "failed or stopped"]


def test_trials_stand_at_their_values():
    panels = plot_search(table_of())
    expected = {"penalty": [1, 0, 0], "l2": [np.nan, 1e-3, 1e-5], "dropout": [0.5, 0.25, 0.0]}
    failed = {"penalty": [0], "l2": [1e-1], "dropout": [0.1]}
    for panel in panels:
        lines, name = lines_of(panel), panel.get_xlabel()
        assert_array_equal(lines["trial"].get_xdata(), expected[name])
        assert_array_equal(lines["trial"].get_ydata(), [0.75, 0.5, 0.25])
        assert_array_equal(lines["best trial"].get_xdata(), expected[name][:1])
        assert_array_equal(lines["best trial"].get_ydata(), [0.75])
        assert_array_equal(lines["failed or stopped"].get_xdata(), failed[name])
    assert [text.get_text() for text in panels[0].get_xticklabels()] == ["l2", "none"]


@pytest.mark.parametrize("order", [[4, 3, 2, 1, 0], [2, 0, 4, 1, 3]])
def test_the_best_is_found_in_a_table_of_any_order(order):
    shuffled = table_of("min", score=[0.25, 0.5, 0.75, np.nan, np.nan]).iloc[order]
    best = lines_of(plot_search(shuffled)[2])["best trial"]
    assert (best.get_xdata(), best.get_ydata()) == ([0.0], [-0.75])


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([1e-4, 1e-3, 1e-2, 1e-2, 1e-3], ["0.0001", "0.001", "0.01"]),
        ([16, 32, 64, 128, 256], ["16", "64", "256"]),
    ],
)
def test_few_values_are_the_ticks_themselves(values, labels):
    table = table_of(l2=values, status="COMPLETED", score=[5.0, 4.0, 3.0, 2.0, 1.0])
    panel = plot_search(table)[1]
    assert [text.get_text() for text in panel.get_xticklabels()] == labels


@pytest.mark.parametrize(
    ("low", "high", "ticks"), [(2e-5, 5e-2, [1e-4, 1e-3, 1e-2]), (2.0, 8.0, [2, 4, 8])]
)
def test_many_values_have_round_ticks_or_three(low, high, ticks):
    n = 12
    many = table_of().iloc[[0] * n].reset_index(drop=True)
    many["l2"], many["order"] = np.geomspace(low, high, n), range(n)
    assert plot_search(many)[1].get_xticks() == pytest.approx(ticks)


def test_trials_that_racing_stopped_are_no_scores():
    table = table_of(status=["stopped", "complete", "complete", "nan", "running"])
    lines = lines_of(plot_search(table)[2])
    assert_array_equal(lines["best trial"].get_ydata(), [0.5])
    assert_array_equal(lines["failed or stopped"].get_xdata(), [0.5, 0.1])


@each_figure
@pytest.mark.parametrize(
    ("table", "error", "sentence"),
    [
        ({"score": [0.5]}, TypeError, "must be a table made by to_dataframe"),
        (table_of().drop(columns="order"), ValueError, "must be a table made by to_dataframe"),
        (table_of().drop(columns="l2"), ValueError, "must be a table made by to_dataframe"),
        (table_of(status="FAILED"), ValueError, "must be a search of one .*, with a finite score"),
        (table_of(score=np.inf), ValueError, "must be a search of one .*, with a finite score"),
        (table_of().iloc[:0], ValueError, "must be a search of one .*, with a finite score"),
    ],
)
def test_what_is_no_table_of_a_search(plot, table, error, sentence):
    with pytest.raises(error, match=f"table of {plot.__name__} {sentence}"):
        plot(table)


@each_figure
def test_lost_attributes_and_a_search_of_nothing(plot):
    lost = table_of()
    lost.attrs = {}
    with pytest.raises(ValueError, match="with its attrs"):
        plot(lost)
    lost.attrs = {
        "objective": "a",
        "direction": "max",
        "hyperparameters": dict.fromkeys(SCALES, "fixed"),
    }
    with pytest.raises(ValueError, match="a search of one hyperparameter or more"):
        plot(lost)
