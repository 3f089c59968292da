"""How the best score of a search grew, trial by trial."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from companion.from_scratch import best_of_k
from companion.plotting._search_table import Search, read_search
from companion.plotting.style import COLORS, legend_below, open_axes

if TYPE_CHECKING:
    import pandas as pd


def plot_best_so_far(
    table: "pd.DataFrame", ax: Axes | None = None, *, source: str | None = None
) -> Axes:
    """Draw every trial's score, the best so far, and the expected best of k of these trials.

    Use it to decide whether a larger budget would pay. The best so far depends on the luck of the
    order. The expected best of $k$ does not: it is the mean over all orders of the same trials. For
    a random search the two differ by chance only; where a search that learns from its trials lies
    above the expected curve, its later trials were better. Trials that failed or were stopped count
    as trials, with the worst score. Scores of a winner are too good: see `tuning.optimism`.

    Args:
        table: Trials, from `companion.tuning.to_dataframe`.
        ax: Axes to draw on; None (the default) opens a new figure.
        source: Where the data are from (`dataset.source`); `"stand-in"` is marked on the figure.

    Returns:
        The Axes.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: The table is not from `to_dataframe`, or has no score or no hyperparameter.

    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame(
        ...     {"order": [2, 1], "status": "COMPLETED", "score": [0.7, 0.6], "l2": [1e-3, 1e-2]}
        ... )
        >>> table.attrs = {"objective": "val_accuracy", "direction": "max"}
        >>> table.attrs["hyperparameters"] = {"l2": "log"}
        >>> plot_best_so_far(table).lines[1].get_ydata().tolist()
        [0.6, 0.7]

    Source:
        Dodge et al. (2019), Show your work. Book: optimizers/choosing.
    """
    owner = "plot_best_so_far"
    search = read_search(table, source, owner)
    ax = open_axes(ax, source, owner, legend_rows=3)
    gains = _gains(search)
    best, worst = np.maximum.accumulate(gains), gains[np.isfinite(gains)].min()
    expected = best_of_k(np.maximum(gains, worst))
    _draw(ax, search.sign * gains, label="trial", linestyle="", marker="o", alpha=0.5)
    _draw(ax, search.sign * best, label="best so far", drawstyle="steps-post")
    _draw(ax, search.sign * expected, COLORS[1], label="expected best of k trials", linestyle="--")
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
    ax.set(xlabel="trials", ylabel=search.objective)
    legend_below(ax)
    return ax


def _gains(search: Search) -> np.ndarray:
    """Return scores in the order of the trials' starts, higher is better, -inf without one."""
    gains = np.full(len(search.trials), -np.inf)
    gains[: len(search.scores)] = search.sign * search.scores
    return gains[np.argsort(search.trials["order"].to_numpy(), kind="stable")]


def _draw(ax: Axes, values: np.ndarray, color: str = COLORS[0], **style: Any) -> None:
    shown = np.where(np.isfinite(values), values, np.nan)
    ax.plot(range(1, len(values) + 1), shown, color=color, **style)
