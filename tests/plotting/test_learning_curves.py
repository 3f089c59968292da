"""Lines are means, bands are ranges, and the legend says so."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from companion.plotting import plot_learning_curves

CURVE = np.array([[0.1, 0.5, 0.6], [0.3, 0.4, 0.7], [0.1, 0.6, 0.8]])


def test_line_is_the_mean_and_band_the_range_over_seeds(ax):
    assert plot_learning_curves({"dropout": CURVE}, ax, ylabel="accuracy") is ax
    assert_array_equal(ax.lines[0].get_xdata(), [1, 2, 3])
    assert_allclose(ax.lines[0].get_ydata(), CURVE.mean(axis=0))
    (band,) = ax.collections
    edges = band.get_paths()[0].vertices
    for epoch, low, high in ((1, 0.1, 0.3), (2, 0.4, 0.6), (3, 0.6, 0.8)):
        at_epoch = edges[edges[:, 0] == epoch, 1]
        assert_allclose([at_epoch.min(), at_epoch.max()], [low, high])


def test_one_run_has_no_band_and_may_be_a_list(ax):
    plot_learning_curves({"SGD": [0.5, 0.6]}, ax, ylabel="accuracy")
    assert len(ax.collections) == 0
    assert_array_equal(ax.lines[0].get_ydata(), [0.5, 0.6])
    assert ax.get_legend().get_title().get_text() == ""


@pytest.mark.parametrize(
    ("seeds", "title"),
    [((3, 3), "mean and range of 3 seeds"), ((5, 1), "mean and range of 1 to 5 seeds")],
)
def test_legend_names_the_lines_and_the_seeds(ax, seeds, title):
    curves = {f"arm {n}": np.ones((count, 4)) for n, count in enumerate(seeds)}
    plot_learning_curves(curves, ax, ylabel="accuracy")
    legend = ax.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["arm 0", "arm 1"]
    assert legend.get_title().get_text() == title


def test_axes_are_labeled_with_whole_epochs(ax):
    plot_learning_curves({"SGD": CURVE}, ax, ylabel="test accuracy", source="stand-in")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "test accuracy")
    assert all(tick == int(tick) for tick in ax.get_xticks())
    assert ax.get_title("right") == "stand-in data"


@pytest.mark.parametrize(
    ("curves", "error", "sentence"),
    [
        ([CURVE], TypeError, "curves of plot_learning_curves must be a mapping"),
        ({}, ValueError, "curves of plot_learning_curves must have 1 to 7 labels.*Got 0"),
        ({str(n): CURVE for n in range(8)}, ValueError, "Got 8"),
        ({"_a": CURVE}, ValueError, "does not begin with an underscore.*='_a'. Try 'dr"),
        ({3: CURVE}, TypeError, "a label in curves of plot_learning_curves must be a string"),
        (
            {"a": CURVE[None]},
            ValueError,
            r"curves\['a'\] .* \(num_seeds, num_epochs\).*\(1, 3, 3\)",
        ),
        ({"a": np.zeros((3, 0))}, ValueError, r"array\(shape=\(3, 0\)"),
        ({"a": [0.5, np.nan]}, ValueError, "with NaN or infinity"),
        ({"a": [[0.5], [0.5, 0.6]]}, TypeError, r"\[\[0\.5\], \[0\.5, 0\.6\]\]"),
        ({"a": "high"}, TypeError, "Got curves.*='high'"),
    ],
)
def test_wrong_curves_give_one_sentence(curves, error, sentence):
    with pytest.raises(error, match=sentence):
        plot_learning_curves(curves, ylabel="accuracy")


def test_wrong_ylabel_gives_one_sentence():
    with pytest.raises(ValueError, match="ylabel of plot_learning_curves must be a string"):
        plot_learning_curves({"a": CURVE}, ylabel=" ")
