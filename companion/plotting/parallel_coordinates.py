"""A search as lines: every trial runs through its values to its score."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes

from companion.plotting._search_table import LOG, Search, places, read_search
from companion.plotting.style import COLORS, FONT_SIZE, INK, PAPER, legend_below, open_axes

if TYPE_CHECKING:
    import pandas as pd

COLOR_MAP = "cividis"  # rises evenly in lightness; the score stands on its own axis as well
INACTIVE = -0.3  # height of hyperparameters without a value, below all axes
_GAP = 0.03  # between an axis and the text at its ends
_TEXT = 0.16  # height of that text
_SMALL = 0.01  # numbers below are written with an exponent
_HEIGHT = 3.8  # inches, with room for the names on top


def plot_parallel_coordinates(
    table: "pd.DataFrame", ax: Axes | None = None, *, source: str | None = None
) -> Axes:
    """Draw each finished trial as a line through its hyperparameters to its score.

    Use it to see combinations, which `plot_search` cannot show: follow the lines back from the good
    end of the score. Up to about 50 trials and 6 hyperparameters stay readable. Each axis reaches
    from the smallest to the largest value that was tried, and is logarithmic where the
    hyperparameter was sampled so. The score's axis has the best on top, and lighter lines have
    better scores.

    Args:
        table: Trials, from `companion.tuning.to_dataframe`; without a score they are left out.
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
        >>> [label.get_text() for label in plot_parallel_coordinates(table).get_xticklabels()]
        ['l2', 'val_accuracy']

    Source:
        Inselberg (1985), The plane with parallel coordinates. Book: practice/tuning.
    """
    owner = "plot_parallel_coordinates"
    search = read_search(table, source, owner)
    ax = open_axes(ax, source, owner, legend_rows=1, height=_HEIGHT)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    heights = [_draw_axis(ax, search, number) for number in range(len(search.scales))]
    _draw_trials(ax, np.transpose([*heights, _draw_scores(ax, search)]))
    _name_axes(ax, [*search.scales, search.objective], bool(np.isnan(heights).any()))
    legend_below(ax)
    return ax


def _draw_axis(ax: Axes, search: Search, number: int) -> np.ndarray:
    """Draw the axis of a hyperparameter, and return how high each trial crosses it."""
    name, scale = list(search.scales.items())[number]
    where, options = places(search.trials[name].iloc[: len(search.scores)], scale)
    heights, low, high = _fractions(where, scale)
    levels = np.arange(len(options)) / max(len(options) - 1, 1)
    ticks = dict(zip(levels, options, strict=True)) or {0.0: _shown(low), 1.0: _shown(high)}
    _draw_line(ax, number, ticks)
    return heights


def _draw_scores(ax: Axes, search: Search) -> np.ndarray:
    """Draw the axis of the score, the best on top, and return how high each trial ends."""
    heights, low, high = _fractions(search.sign * search.scores, "linear")
    ticks = {0.0: _shown(search.sign * low), 1.0: _shown(search.sign * high)}
    _draw_line(ax, len(search.scales), ticks)
    return heights


def _fractions(where: np.ndarray, scale: str) -> tuple[np.ndarray, float, float]:
    """Return values as parts of the way between the smallest and the largest, and these two."""
    if np.isnan(where).all():
        return where, np.nan, np.nan
    ends = float(np.nanmin(where)), float(np.nanmax(where))
    line = np.log if scale == LOG else np.asarray
    low, high = line(ends[0]), line(ends[1])
    return (line(where) - low) / (high - low if high > low else 1.0), *ends


def _draw_line(ax: Axes, number: int, ticks: dict[float, str]) -> None:
    ax.vlines(number, 0, 1, color=INK, linewidth=1)
    for level, text in ticks.items():
        _write(ax, number, level, text)


def _write(ax: Axes, number: int, level: float, text: str) -> None:
    offset, side = {0.0: (-_GAP, "top"), 1.0: (_GAP, "bottom")}.get(level, (0.0, "center"))
    box = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1}
    place = (number, level + offset)
    ax.text(*place, text, bbox=box, fontsize=FONT_SIZE, color=INK, ha="center", va=side, zorder=4)


def _shown(end: float) -> str:
    """Return a number in at most six characters, such as `4.3e-4`, where its size allows."""
    if abs(end) < _SMALL and end:
        mantissa, exponent = f"{end:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    return f"{end:.0f}" if float(end).is_integer() else f"{end:.2g}"


def _draw_trials(ax: Axes, heights: np.ndarray) -> None:
    """Draw the lines, the best last so that none covers it."""
    levels = np.where(np.isnan(heights), INACTIVE, heights)
    for trial, line in reversed(list(enumerate(levels))):
        is_best = trial == 0
        color = COLORS[1] if is_best else colormaps[COLOR_MAP](line[-1])
        label = "best trial" if is_best else None
        ax.plot(
            line,
            color=color,
            linewidth=3 if is_best else 1.3,
            alpha=1 if is_best else 0.7,
            label=label,
        )


def _name_axes(ax: Axes, names: list[str], any_inactive: bool) -> None:
    ax.set_xticks(range(len(names)), names, rotation=30, ha="left", rotation_mode="anchor")
    ax.set_yticks([INACTIVE] if any_inactive else [], ["inactive"] if any_inactive else [])
    ax.set_ylim((INACTIVE if any_inactive else 0) - _TEXT, 1 + _TEXT)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
