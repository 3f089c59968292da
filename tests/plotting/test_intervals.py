"""Every seed is drawn, and mean and interval are those of `mean_interval`."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.intervals import mean_interval
from companion.plotting import plot_intervals

ESTIMATES = {"SGD": [0.70, 0.72, 0.74], "Adam with a long name": [0.75, 0.76]}


def test_every_seed_the_mean_and_its_interval(ax):
    assert plot_intervals(ESTIMATES, ax, xlabel="test accuracy", source="stand-in") is ax
    expected = [mean_interval(values) for values in ESTIMATES.values()]
    (bars,) = ax.collections
    for row, (bar, interval) in enumerate(zip(bars.get_segments(), expected, strict=True)):
        assert_allclose(bar, [(interval.low, row), (interval.high, row)])
    means, seeds = ax.lines
    assert_allclose(means.get_xydata(), [(0.72, 0), (0.755, 1)])
    assert_allclose(seeds.get_xdata(), np.concatenate(list(ESTIMATES.values())))
    assert_allclose(np.round(seeds.get_ydata()), [0, 0, 0, 1, 1])
    assert (ax.get_xlabel(), ax.get_title("right")) == ("test accuracy", "stand-in data")


def test_first_label_is_on_top_and_long_ones_are_wrapped(ax):
    plot_intervals(ESTIMATES, ax, xlabel="test accuracy")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["SGD", "Adam with a long\nname"]
    bottom, top = ax.get_ylim()
    assert bottom > 1
    assert top < 0
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["95% interval of the mean", "mean", "one seed"]


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"estimates": [0.7, 0.8]}, TypeError, "estimates of plot_intervals must be a mapping"),
        ({"estimates": {"a": [0.7]}}, ValueError, r"at least 2 finite numbers .*=\[0\.7\]"),
        ({"estimates": {"a": [[0.7, 0.8]]}}, ValueError, "at least 2 finite numbers in one row"),
        ({"estimates": {"a": [0.7, np.nan]}}, ValueError, "with NaN or infinity"),
        ({"xlabel": None}, TypeError, "xlabel of plot_intervals must be a string"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        plot_intervals(**{"estimates": ESTIMATES, "xlabel": "accuracy", **arguments})
