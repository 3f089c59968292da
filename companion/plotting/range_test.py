"""What a learning-rate finder saw."""

from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from companion._validate import check_instance
from companion.plotting.style import INK, legend_below, line_style, open_axes

if TYPE_CHECKING:  # it imports Keras, which a figure does not need
    from companion.learning_rate_finder import RangeTest


def plot_range_test(
    test: "RangeTest", ax: Axes | None = None, *, source: str | None = None
) -> Axes:
    """Draw the loss over the learning rate, raw and smoothed, with the two rates to know.

    Use it after `find_learning_rate`, to see whether the two rates are worth trusting: a loss that
    hardly falls, or falls over a wide range, has no clear steepest place. The axis of the rate is
    logarithmic.

    Args:
        test: What `find_learning_rate` returned.
        ax: Axes to draw on; None (the default) opens a new figure.
        source: Where the data are from (`dataset.source`); `"stand-in"` is marked on the figure.

    Returns:
        The Axes.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `source` is blank.

    Example:
        >>> import numpy as np
        >>> from companion.learning_rate_finder import RangeTest
        >>> losses = np.array([2.0, 1.0, 4.0])
        >>> test = RangeTest(np.array([0.01, 0.1, 1.0]), losses, losses, 0.01, divergence=1.0)
        >>> ax = plot_range_test(test)
        >>> [text.get_text() for text in ax.get_legend().get_texts()]
        ['loss of the batch', 'smoothed', 'steepest descent: 0.01', 'divergence: 1']

    Source:
        Smith (2017), Cyclical learning rates for training neural networks.
        Book: practice/learning_rate.
    """
    from companion.learning_rate_finder import RangeTest

    owner = "plot_range_test"
    remedy = "find_learning_rate(model, x_train, y_train)"
    check_instance(test, "test", owner, RangeTest, "a RangeTest", remedy)
    ax = open_axes(ax, source, owner, legend_rows=4)
    ax.plot(test.learning_rates, test.losses, color=INK, alpha=0.3, label="loss of the batch")
    ax.plot(test.learning_rates, test.smoothed, label="smoothed", **_line(0))
    places = {"steepest descent": test.steepest, "divergence": test.divergence}
    for index, (name, rate) in enumerate(places.items(), 1):
        if rate is not None:
            ax.axvline(rate, label=f"{name}: {rate:.2g}", **_line(index))
    ax.set_xscale("log")
    ax.set(xlabel="learning rate", ylabel="loss")
    legend_below(ax)
    return ax


def _line(index: int) -> dict:
    return {**line_style(index), "marker": ""}
