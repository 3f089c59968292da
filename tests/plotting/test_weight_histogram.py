"""Bins hold the weights, zero has a bin of its own, and the fraction near zero is right."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.plotting import plot_weight_histogram

WEIGHTS = np.array([[-1.0, 0.0, 0.0005], [0.5, 0.5, 0.001]])


def test_counts_over_common_symmetric_bins(ax):
    others = np.array([2.0, 0.0])
    assert plot_weight_histogram({"L2": WEIGHTS, "L1": others}, ax, source="stand-in") is ax
    drawn = [patch.get_data() for patch in ax.patches]
    assert_allclose(drawn[0].edges, np.linspace(-2, 2, 62))
    for data, weights in zip(drawn, (WEIGHTS, others), strict=True):
        assert_allclose(data.values, np.histogram(weights, data.edges)[0])
        assert data.values.sum() == weights.size
    middle = drawn[0].edges[30:32]
    assert_allclose(middle.sum(), 0, atol=1e-15)  # zero is not on an edge
    assert ax.get_yscale() == "log"
    assert 0 < ax.get_ylim()[0] < 1
    assert ax.get_title("right") == "stand-in data"


def test_threshold_is_drawn_and_its_fraction_told(ax):
    plot_weight_histogram({"L2": WEIGHTS}, ax, threshold=1e-3)
    assert ax.get_legend().get_texts()[0].get_text() == "L2: |w| < 0.001 in 33.3%"
    assert sorted(line.get_xdata()[0] for line in ax.lines) == [-0.001, 0.001]


def test_without_threshold_nothing_is_added(ax):
    plot_weight_histogram({"L2": WEIGHTS}, ax)
    assert ax.get_legend().get_texts()[0].get_text() == "L2"
    assert len(ax.lines) == 0


def test_all_weights_zero(ax):
    plot_weight_histogram({"dead": np.zeros(4)}, ax)
    counts, edges, _ = ax.patches[0].get_data()
    assert counts[30] == 4  # the middle bin
    assert edges[30] < 0 < edges[31]


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"weights": WEIGHTS}, TypeError, "weights of plot_weight_histogram must be a mapping"),
        (
            {"weights": {"a": []}},
            ValueError,
            r"weights\['a'\] .* must be an array of finite numbers",
        ),
        ({"weights": {"a": [np.nan]}}, ValueError, "with NaN or infinity"),
        ({"threshold": 0}, ValueError, "threshold of plot_weight_histogram must be in"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        plot_weight_histogram(**{"weights": {"a": WEIGHTS}, **arguments})
