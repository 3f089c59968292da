"""A sweep: a result at several values of one setting, such as the learning rate."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator
from numpy.typing import ArrayLike

from companion._validate import check_sample, check_text, refuse
from companion.intervals import mean_interval
from companion.plotting._arguments import check_labeled
from companion.plotting.style import legend_below, line_style, open_axes

_FEWEST = 2  # settings, for a line; seeds, for an interval
_ASIDE = 0.02  # part of the axis between labels, so that their intervals do not cover each other
_OF_A_STEP = 0.6  # part of the smallest step between settings that all labels together may take


def plot_sweep(
    settings: ArrayLike,
    results: Mapping[str, ArrayLike],
    ax: Axes | None = None,
    *,
    xlabel: str,
    ylabel: str,
    source: str | None = None,
) -> Axes:
    """Draw results against the values of a setting, one line per label, with 95% intervals.

    Use it to see how wide the range of good values is, which says more than the best value. The
    axis of the setting is logarithmic. Intervals are Student's t intervals of the mean over seeds;
    the labels' points stand a little beside each other so that all can be seen.

    Args:
        settings: Values of the setting, positive and rising, at least 2, shape `(num_settings,)`.
        results: Label to values of shape `(num_seeds, num_settings)`, 2 seeds or more; 1 to 7
            labels.
        ax: Axes to draw on; None (the default) opens a new figure.
        xlabel: Name of the setting, such as `"learning rate"`.
        ylabel: Name of the result, with its unit.
        source: Where the data are from (`dataset.source`); `"stand-in"` is marked on the figure.

    Returns:
        The Axes.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: Shapes do not match, settings do not rise or are not positive, no label, more
            than 7, fewer than 2 seeds, NaN, or infinity.

    Example:
        >>> ax = plot_sweep(
        ...     [0.01, 0.1],
        ...     {"SGD": [[0.5, 0.7], [0.7, 0.9]]},
        ...     xlabel="learning rate",
        ...     ylabel="accuracy",
        ... )
        >>> [label.get_text() for label in ax.get_xticklabels()]
        ['0.01', '0.1']

    Source:
        Book: regularization/batch_normalization.
    """
    owner = "plot_sweep"
    places = _check_settings(settings, owner)
    remedy = '{"SGD": [[0.5, 0.7], [0.6, 0.8]]}'
    checked = check_labeled(results, "results", owner, remedy)
    tables = {label: _check_table(v, label, len(places), owner) for label, v in checked.items()}
    for name, text in (("xlabel", xlabel), ("ylabel", ylabel)):
        check_text(text, name, owner, "'learning rate'")
    ax = open_axes(ax, source, owner, legend_rows=1 + len(tables))
    for index, (label, table) in enumerate(tables.items()):
        beside = places * _aside(places, len(tables)) ** (index - (len(tables) - 1) / 2)
        _draw(ax, beside, table, label, index)
    ax.set_xscale("log")
    ax.set_xticks(places, [f"{place:g}" for place in places])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set(xlabel=xlabel, ylabel=ylabel)
    legend_below(ax, "mean over seeds and its 95% interval")
    return ax


def _aside(places: np.ndarray, num_labels: int) -> float:
    """Return the factor between the places of two labels at the same setting."""
    smallest_step = float((places[1:] / places[:-1]).min())
    widest = float(places[-1] / places[0]) ** _ASIDE
    return min(widest, smallest_step ** (_OF_A_STEP / num_labels))


def _draw(ax: Axes, places: np.ndarray, table: np.ndarray, label: str, index: int) -> None:
    intervals = [mean_interval(column) for column in table.T]
    style = line_style(index, len(places))
    ax.plot(places, [interval.mean for interval in intervals], label=label, **style)
    lows, highs = [i.low for i in intervals], [i.high for i in intervals]
    ax.vlines(places, lows, highs, color=style["color"], linewidth=2.5)


def _check_settings(settings: ArrayLike, owner: str) -> np.ndarray:
    allowed, remedy = "at least 2 positive numbers that rise", "[0.01, 0.1]"
    places = check_sample(settings, "settings", owner, (1,), _FEWEST, allowed, remedy)
    if places[0] <= 0 or (np.diff(places) <= 0).any():
        refuse(ValueError, settings, "settings", owner, allowed, remedy)
    return places


def _check_table(values: ArrayLike, label: str, num_settings: int, owner: str) -> np.ndarray:
    allowed = f"finite numbers of shape (num_seeds, {num_settings}) with at least 2 seeds"
    remedy = str([[0.5] * num_settings] * 2)
    name = f"results[{label!r}]"
    table = check_sample(values, name, owner, (2,), _FEWEST, allowed, remedy)
    if len(table) < _FEWEST or table.shape[1] != num_settings:
        refuse(ValueError, values, name, owner, allowed, remedy)
    return table
