"""The one look of all figures: white, color-blind-safe, readable on a phone."""

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from companion._validate import check_instance, check_text

# Okabe and Ito (2008), darkest first; yellow is left out, it cannot be seen on white
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9")
LINES = ("-", "--", "-.", ":", "-", "--", "-.")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
INK, GRID, PAPER, WARNING = "#222222", "#DDDDDD", "#FFFFFF", "#A33B00"

WIDTH, HEIGHT, DPI = 5.6, 3.1, 120  # inches: 12 pt is still 10 pixels high on a phone
FONT_SIZE = 12
LEGEND_ROW = 0.25  # inches that the figure grows for each row of its legend
STAND_IN = "stand-in"
LEGEND_DROP = 43  # points below the axes, past tick labels and the axis label
MARKS_PER_LINE = 8


def use_style(ax: Axes) -> Axes:
    """Give any Axes the look of the book's figures.

    Use it for figures you draw yourself; the `plot_` functions call it. The background is opaque
    white, since the site shows figures on a dark page too. Colors are those of Okabe and Ito, which
    remain distinct to color-blind readers.

    Args:
        ax: Axes to change, empty or already drawn on; lines drawn later take the book's colors.

    Returns:
        The same Axes.

    Raises:
        TypeError: `ax` is not a matplotlib Axes.

    Example:
        >>> ax = use_style(plt.figure().add_subplot())
        >>> ax.plot([0, 1])[0].get_color()
        '#0072B2'

    Source:
        Okabe and Ito (2008), Color universal design. Book: start/overfitting.
    """
    check_instance(ax, "ax", "use_style", Axes, "a matplotlib Axes", "plt.subplots()[1]")
    for patch in (ax.figure.patch, ax.patch):
        patch.set(facecolor=PAPER, alpha=1)
    ax.set_prop_cycle(color=COLORS)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(INK)
    ax.tick_params(colors=INK, labelsize=FONT_SIZE)
    for text in (ax.xaxis.label, ax.yaxis.label, ax.title):
        text.set(color=INK, fontsize=FONT_SIZE)
    ax.grid(visible=True, color=GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    return ax


def open_axes(
    ax: Axes | None,
    source: str | None,
    owner: str,
    *,
    legend_rows: int,
    height: float = HEIGHT,
) -> Axes:
    """Return `ax`, or the Axes of a new figure, styled and marked if its data are a stand-in."""
    if source is not None:
        check_text(source, "source", owner, "'cifar-10'")
    if ax is None:
        size = (WIDTH, height + LEGEND_ROW * legend_rows)
        ax = plt.figure(figsize=size, dpi=DPI, layout="constrained").add_subplot()
    check_instance(ax, "ax", owner, Axes, "a matplotlib Axes or None", "plt.subplots()[1]")
    use_style(ax)
    if source == STAND_IN:
        box = {"boxstyle": "round", "facecolor": PAPER, "edgecolor": WARNING}
        ax.set_title(
            "stand-in data", loc="right", color=WARNING, fontsize=FONT_SIZE, pad=10, bbox=box
        )
    return ax


def line_style(index: int, num_points: int = 1) -> dict[str, Any]:
    """Return color, dash and marker of the line number `index`, so that no line needs its color."""
    step = max(1, num_points // MARKS_PER_LINE)
    return {
        "color": COLORS[index],
        "linestyle": LINES[index],
        "marker": MARKERS[index],
        "markevery": (index * step // len(COLORS), step),  # markers of close lines do not coincide
        "markersize": 5,
        "linewidth": 1.8,
    }


def label_epochs(ax: Axes, ylabel: str) -> None:
    """Name both axes of a plot over epochs; epochs are whole numbers."""
    ax.set_ylabel(ylabel)
    ax.set_xlabel("epoch")
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))


def legend_below(ax: Axes, title: str | None = None) -> None:
    """Put the legend under the axes, where it never covers data."""
    drop = ScaledTranslation(0, -LEGEND_DROP / 72, ax.figure.dpi_scale_trans)
    legend = ax.legend(
        title=title,
        loc="upper left",
        bbox_to_anchor=(0, 0),
        bbox_transform=ax.transAxes + drop,
        alignment="left",
        borderaxespad=0,
        frameon=False,
        fontsize=FONT_SIZE,
        title_fontsize=FONT_SIZE,
        labelcolor=INK,
        handlelength=3,
    )
    legend.get_title().set_color(INK)
