"""Estimates with their intervals, side by side."""

import textwrap
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from companion._validate import check_text
from companion.intervals import mean_interval
from companion.plotting._arguments import check_labeled, check_seeds
from companion.plotting.style import COLORS, INK, legend_below, open_axes

_LABEL_WIDTH = 16  # characters, so that half a phone's width is left for the data
_FEWEST_SEEDS = 2  # one value has no interval
_BELOW = 0.22  # seeds lie under their mean, in rows


def plot_intervals(
    estimates: Mapping[str, ArrayLike],
    ax: Axes | None = None,
    *,
    xlabel: str,
    source: str | None = None,
) -> Axes:
    """Draw for each label a row with every seed's value, their mean and its 95% interval.

    Use it to compare final results. The interval is Student's t interval of the mean over seeds
    (`companion.intervals.mean_interval`). Where arms share their seeds, the interval of the paired
    difference is the sharper comparison: give the differences as a row.

    Args:
        estimates: Label to one value per seed, shape `(num_seeds,)` with 2 seeds or more; 1 to 7
            labels, the first on top.
        ax: Axes to draw on; None (the default) opens a new figure of fitting height.
        xlabel: Name of the estimate, such as `"test accuracy"`.
        source: Where the data are from (`dataset.source`); `"stand-in"` is marked on the figure.

    Returns:
        The Axes.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: No label, more than 7, fewer than 2 seeds, NaN, or infinity.

    Example:
        >>> ax = plot_intervals({"SGD": [0.70, 0.72, 0.74]}, xlabel="test accuracy")
        >>> ax.get_yticklabels()[0].get_text()
        'SGD'

    Source:
        Book: start/overfitting.
    """
    owner = "plot_intervals"
    checked = check_labeled(estimates, "estimates", owner, '{"dropout": [0.70, 0.72]}')
    samples = {
        label: check_seeds(values, f"estimates[{label!r}]", owner, _FEWEST_SEEDS)
        for label, values in checked.items()
    }
    check_text(xlabel, "xlabel", owner, "'test accuracy'")
    ax = open_axes(ax, source, owner, legend_rows=3, height=1 + 0.7 * len(samples))
    _draw(ax, list(samples.values()))
    ax.set_yticks(range(len(samples)), [textwrap.fill(label, _LABEL_WIDTH) for label in samples])
    ax.set_ylim(len(samples) - 0.5, -0.5)
    ax.grid(visible=False, axis="y")
    ax.set_xlabel(xlabel)
    legend_below(ax)
    return ax


def _draw(ax: Axes, samples: list[np.ndarray]) -> None:
    rows = np.arange(len(samples))
    intervals = [mean_interval(sample) for sample in samples]
    lows, highs = [i.low for i in intervals], [i.high for i in intervals]
    ax.hlines(rows, lows, highs, color=COLORS[0], linewidth=3, label="95% interval of the mean")
    ax.plot([i.mean for i in intervals], rows, "D", color=COLORS[0], markersize=8, label="mean")
    seed_rows = np.repeat(rows, [len(sample) for sample in samples]) + _BELOW
    ax.plot(np.concatenate(samples), seed_rows, "o", color=INK, fillstyle="none", label="one seed")
