"""What is drawn is the loss above the minimum, or the loss itself where there is no minimum."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from companion.landscapes import Landscape, quadratic_bowl, saddle
from companion.plotting import plot_descent

PATHS = {"SGD": [[2.0, 0.0], [1.0, 0.0], [0.0, 0.0]], "Adam": [[0.0, 1.0]]}


def heights(ax, label):
    (line,) = [line for line in ax.lines if line.get_label() == label]
    return line.get_xdata(), line.get_ydata()


def test_heights_above_the_minimum_on_a_logarithmic_axis(ax):
    assert plot_descent(quadratic_bowl(20), PATHS, ax) is ax
    steps, losses = heights(ax, "SGD")
    assert_array_equal(steps, [0, 1, 2])
    assert_allclose(losses, [2.0, 0.5, 1e-12])
    assert_allclose(heights(ax, "Adam")[1], [10.0])
    assert (ax.get_yscale(), ax.get_ylabel()) == ("log", "loss above minimum")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["SGD", "Adam"]


def test_the_loss_at_the_minimum_counts_as_zero(ax):
    lifted = Landscape(
        "lifted",
        lambda w: 5 + np.square(w).sum(axis=-1),
        lambda w: 2 * np.asarray(w),
        minimum=np.zeros(2),
        window=((-1, 1), (-1, 1)),
    )
    plot_descent(lifted, {"SGD": [[3.0, 4.0]]}, ax)
    assert_allclose(heights(ax, "SGD")[1], [25.0])


def test_without_a_minimum_the_loss_itself_within_the_window(ax):
    plot_descent(saddle(), {"SGD": [[2.0, 0.0], [0.0, 9.0]]}, ax)
    assert_allclose(heights(ax, "SGD")[1], [2.0, -40.5])
    assert (ax.get_yscale(), ax.get_ylabel()) == ("linear", "loss")
    assert ax.get_ylim() == (-2, 2)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"landscape": "saddle"}, TypeError, "landscape of plot_descent must be a Landscape"),
        ({"paths": None}, TypeError, "paths of plot_descent must be a mapping of label"),
        ({"paths": {"SGD": []}}, ValueError, r"paths\['SGD'\] of plot_descent must be finite"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        plot_descent(**{"landscape": saddle(), "paths": PATHS, **arguments})
    assert not plt.get_fignums()
