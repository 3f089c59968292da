"""A search, one panel a hyperparameter: the score of every trial against its value."""

from math import ceil, floor
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from companion.plotting._search_table import LOG, Search, places, read_search
from companion.plotting.style import COLORS, DPI, FONT_SIZE, INK, WARNING, WIDTH, open_axes

if TYPE_CHECKING:
    import pandas as pd

PER_ROW = 2
ROW_HEIGHT, LEGEND_HEIGHT = 2.3, 0.4  # inches
_FEW, _MOST_TICKS = 8, 4  # different values; ticks that a panel has room for
_DECADES = 100  # largest by smallest value from which powers of ten are enough
_LONG = 100  # numbers from here on keep all their digits
_FOOT = 0.04  # height of failed trials, as a part of the panel's


def plot_search(table: "pd.DataFrame", *, source: str | None = None) -> list[Axes]:
    """Draw the score of every trial against each hyperparameter, one panel for each.

    Use it to see where the good values lie, and whether they lie at the edge of a range: then the
    range was too small. The other hyperparameters vary freely within a panel, so read the upper
    edge of the cloud (the lower one where the score is to be minimized), not its mean. A panel
    leaves trials out in which its hyperparameter was inactive. Trials that failed, or that racing
    stopped, are crosses at the foot, since where they lie is a result too.

    Args:
        table: Trials, from `companion.tuning.to_dataframe`.
        source: Where the data are from (`dataset.source`); `"stand-in"` is marked on the figure.

    Returns:
        The Axes, one a searched hyperparameter, in the order of the table, on one new figure.

    Raises:
        TypeError: `table` is no DataFrame, or `source` no string.
        ValueError: The table is not from `to_dataframe`, or has no score or no hyperparameter.

    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame(
        ...     {"order": [2, 1], "status": "COMPLETED", "score": [0.7, 0.6], "l2": [1e-3, 1e-2]}
        ... )
        >>> table.attrs = {"objective": "val_accuracy", "direction": "max"}
        >>> table.attrs["hyperparameters"] = {"l2": "log"}
        >>> [ax.get_xlabel() for ax in plot_search(table)]
        ['l2']

    Source:
        Bergstra and Bengio (2012), Random search for hyper-parameter optimization.
        Book: practice/tuning.
    """
    search = read_search(table, source, "plot_search")
    panels = _open_panels(len(search.scales))
    for index, (panel, (name, scale)) in enumerate(zip(panels, search.scales.items(), strict=True)):
        is_corner = index == min(PER_ROW, len(panels)) - 1
        open_axes(panel, source if is_corner else None, "plot_search", legend_rows=0)
        _draw(panel, search, name, scale)
        if index % PER_ROW == 0:
            panel.set_ylabel(search.objective)
    _legend(panels)
    return panels


def _open_panels(count: int) -> list[Axes]:
    rows = ceil(count / PER_ROW)
    size = (WIDTH, ROW_HEIGHT * rows + LEGEND_HEIGHT)
    figure = plt.figure(figsize=size, dpi=DPI, layout="constrained")
    grid = figure.subplots(rows, min(PER_ROW, count), sharey=True, squeeze=False).ravel()
    for panel in grid[count:]:
        panel.remove()
    return list(grid[:count])


def _draw(panel: Axes, search: Search, name: str, scale: str) -> None:
    where, options = places(search.trials[name], scale)
    finished, failed = where[: len(search.scores)], where[len(search.scores) :]
    panel.plot(finished, search.scores, "o", color=COLORS[0], alpha=0.6, label="trial")
    panel.plot(
        finished[:1], search.scores[:1], "*", color=COLORS[1], markersize=14, label="best trial"
    )
    if len(failed):
        foot = panel.get_xaxis_transform()
        heights = [_FOOT] * len(failed)
        panel.plot(failed, heights, "x", color=WARNING, transform=foot, label="failed or stopped")
    if options:
        panel.set_xticks(range(len(options)), options)
        panel.set_xlim(-0.5, len(options) - 0.5)
    elif scale == LOG:
        panel.set_xscale("log")
        ticks = _log_ticks(where[np.isfinite(where)])
        panel.set_xticks(ticks, [f"{tick:.2g}" if tick < _LONG else f"{tick:g}" for tick in ticks])
        panel.xaxis.set_minor_locator(NullLocator())
    panel.set_xlabel(name)


def _log_ticks(values: np.ndarray) -> list[float]:
    """Return values themselves where they are few, as in a grid, else powers of ten."""
    distinct = np.unique(values)
    if len(distinct) > _FEW and distinct[-1] / distinct[0] >= _DECADES:
        low, high = np.log10(distinct[[0, -1]])
        distinct = 10.0 ** np.arange(ceil(low), floor(high) + 1)
    elif len(distinct) > _FEW:
        distinct = np.geomspace(distinct[0], distinct[-1], 3)
    return [float(tick) for tick in distinct[:: max(ceil(len(distinct) / _MOST_TICKS), 1)]]


def _legend(panels: list[Axes]) -> None:
    handles = {
        label: handle
        for panel in panels
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True)
    }
    panels[0].figure.legend(
        handles.values(),
        handles.keys(),
        loc="outside lower left",
        ncols=len(handles),
        frameon=False,
        fontsize=FONT_SIZE,
        labelcolor=INK,
    )
