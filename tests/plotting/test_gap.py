"""The gap drawn is the gap measured: shaded between the means, with its number and interval."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.intervals import paired_interval
from companion.plotting import plot_gap
from companion.plotting.gap import gap_text

TRAIN = np.array([[0.5, 0.9], [0.7, 1.0], [0.6, 0.95]])
VALIDATION = np.array([[0.4, 0.6], [0.6, 0.75], [0.5, 0.6]])


def test_lines_are_means_and_the_gap_is_shaded(ax):
    assert plot_gap(TRAIN, VALIDATION, ax, ylabel="accuracy", source="stand-in") is ax
    for line, curve in zip(ax.lines, (TRAIN, VALIDATION), strict=True):
        assert_allclose(line.get_ydata(), curve.mean(axis=0))
    edges = ax.collections[0].get_paths()[0].vertices
    assert_allclose(sorted(set(edges[edges[:, 0] == 2, 1])), [0.65, 0.95])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["gap", "train", "validation"]
    assert ax.get_legend().get_title().get_text() == "mean of 3 seeds"
    assert (ax.get_ylabel(), ax.get_title("right")) == ("accuracy", "stand-in data")


def test_number_and_arrow_are_those_of_the_last_epoch(ax):
    plot_gap(TRAIN, VALIDATION, ax, ylabel="accuracy")
    text, arrow = ax.texts
    interval = paired_interval(TRAIN[:, -1], VALIDATION[:, -1])
    assert text.get_text() == f"gap 0.300\n[{interval.low:.3f}, {interval.high:.3f}]\nn=3"
    assert_allclose(text.xy, (2, 0.8))
    assert_allclose([arrow.xy, arrow.xyann], [(2, 0.65), (2, 0.95)])


def test_a_loss_whose_validation_is_higher_has_the_same_number():
    assert gap_text(VALIDATION[:, 1], TRAIN[:, 1]) == gap_text(TRAIN[:, 1], VALIDATION[:, 1])


def test_one_run_has_a_number_without_interval(ax):
    plot_gap([0.5, 0.75], [0.5, 0.5], ax, ylabel="accuracy")
    assert ax.texts[0].get_text() == "gap 0.250"
    assert ax.get_legend().get_title().get_text() == ""


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"validation": VALIDATION[:2]}, ValueError, r"the same shape. Got \(3, 2\) and \(2, 2\)"),
        ({"train": [np.inf, 1.0]}, ValueError, "train of plot_gap must be finite numbers"),
        ({"validation": None}, TypeError, "validation of plot_gap must be finite numbers"),
        ({"ylabel": 3}, TypeError, "ylabel of plot_gap must be a string"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    good = {"train": TRAIN, "validation": VALIDATION, "ylabel": "accuracy"}
    with pytest.raises(error, match=sentence):
        plot_gap(**{**good, **arguments})
