"""Means and intervals stand at their settings, and what does not fit is refused."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.intervals import mean_interval
from companion.plotting import plot_sweep

SETTINGS = [0.01, 0.1, 1.0]
RESULTS = {
    "plain": [[0.5, 0.6, 0.1], [0.7, 0.8, 0.1]],
    "BatchNorm": np.array([[0.5, 0.7, 0.9], [0.6, 0.7, 0.8], [0.7, 0.7, 0.7]]),
}
NAMES = {"xlabel": "learning rate", "ylabel": "accuracy"}


def test_means_and_intervals_at_every_setting(ax):
    assert plot_sweep(SETTINGS, RESULTS, ax, **NAMES, source="stand-in") is ax
    for line, bars, table in zip(ax.lines, ax.collections, RESULTS.values(), strict=True):
        expected = [mean_interval(column) for column in np.transpose(table)]
        assert_allclose(line.get_ydata(), [interval.mean for interval in expected])
        ends = [segment[:, 1] for segment in bars.get_segments()]
        assert_allclose(ends, [(interval.low, interval.high) for interval in expected])
        assert_allclose(line.get_xdata(), SETTINGS, rtol=0.06)
        assert_allclose(line.get_xdata(), [segment[0, 0] for segment in bars.get_segments()])
    assert (ax.lines[0].get_xdata() < ax.lines[1].get_xdata()).all()  # beside each other
    assert ax.get_title("right") == "stand-in data"


def test_labels_stay_nearer_to_their_setting_than_to_the_next(ax):
    settings = np.geomspace(0.01, 1, 40)
    plot_sweep(settings, {str(label): np.ones((2, 40)) for label in range(7)}, ax, **NAMES)
    step = settings[1] / settings[0]
    for line in ax.lines:
        assert (np.abs(np.log(line.get_xdata() / settings)) < np.log(step) / 2).all()


def test_axis_is_logarithmic_and_names_the_settings(ax):
    plot_sweep(SETTINGS, RESULTS, ax, **NAMES)
    assert ax.get_xscale() == "log"
    assert [text.get_text() for text in ax.get_xticklabels()] == ["0.01", "0.1", "1"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("learning rate", "accuracy")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list(RESULTS)


def test_a_single_label_stands_at_its_settings(ax):
    plot_sweep(SETTINGS, {"plain": RESULTS["plain"]}, ax, **NAMES)
    assert_allclose(ax.lines[0].get_xdata(), SETTINGS)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"settings": [0.1, 0.01, 1]}, ValueError, "settings of plot_sweep must be at least 2 pos"),
        ({"settings": [0.1, 0.1, 1]}, ValueError, "positive numbers that rise"),
        ({"settings": [0, 0.1, 1]}, ValueError, "positive numbers that rise"),
        ({"settings": [0.1]}, ValueError, "at least 2 positive numbers"),
        ({"settings": [0.1, np.nan]}, ValueError, "with NaN or infinity"),
        ({"results": [[0.5] * 3]}, TypeError, "results of plot_sweep must be a mapping"),
        ({"results": {"a": [[0.5] * 3]}}, ValueError, r"results\['a'\] .* with at least 2 seeds"),
        ({"results": {"a": [[0.5] * 2] * 2}}, ValueError, r"of shape \(num_seeds, 3\)"),
        ({"results": {"a": [0.5] * 3}}, ValueError, r"of shape \(num_seeds, 3\)"),
        ({"xlabel": " "}, ValueError, "xlabel of plot_sweep must be a string that is not blank"),
        ({"ylabel": None}, TypeError, "ylabel of plot_sweep must be a string"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        plot_sweep(**{"settings": SETTINGS, "results": RESULTS, **NAMES, **arguments})
