"""A heat map: a number for every pair of two settings, as color and as text."""

from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from companion._validate import check_instance, check_sample, check_text, refuse
from companion.plotting.style import FONT_SIZE, INK, open_axes

COLOR_MAP = "cividis"  # rises evenly in lightness, and looks the same to color-blind readers
ROW_HEIGHT, MARGINS = 0.5, 1.1  # inches
BLACK, WHITE = "#000000", "#FFFFFF"  # one of the two contrasts 4.5:1 or more with any color
_DARK = 0.179  # relative luminance where both contrast equally
_VALUES = "finite numbers of shape (num_rows, num_columns)"


def plot_heat_map(
    values: ArrayLike,
    ax: Axes | None = None,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    ylabel: str,
    xlabel: str,
    label: str,
    limits: tuple[float, float] | None = None,
    framed: np.ndarray | None = None,
    source: str | None = None,
) -> Axes:
    """Draw a grid of numbers, one cell for each pair of two settings.

    Use it for the results of a grid search: the shape of the region that works says more than its
    best cell. Each number is written into its cell, with three digits, so that nothing depends on
    telling colors apart.

    Args:
        values: Numbers, such as mean accuracies in percent, shape `(num_rows, num_columns)`.
        ax: Axes to draw on; None (the default) opens a new figure of fitting height.
        rows: Name of each row, the first on top.
        columns: Name of each column, the first on the left.
        ylabel: What the rows differ in, such as `"learning rate"`.
        xlabel: What the columns differ in.
        label: Name and unit of the numbers.
        limits: Values at the ends of the color scale, so that several maps share one; None (the
            default) takes the smallest and the largest value.
        framed: True for the cells that get a frame, booleans of shape `(num_rows, num_columns)`;
            None (the default) frames none.
        source: Where the data are from (`dataset.source`); `"stand-in"` is marked on the figure.

    Returns:
        The Axes.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: Shapes do not match, a value is NaN or infinite, or `limits` do not
            rise or leave a value out.

    Example:
        >>> ax = plot_heat_map(
        ...     [[10.0, 52.25], [48.0, 60.0]],
        ...     rows=["0.001", "0.01"],
        ...     columns=["none", "0.1"],
        ...     ylabel="learning rate",
        ...     xlabel="weight decay",
        ...     label="accuracy in percent",
        ... )
        >>> [text.get_text() for text in ax.texts]
        ['10.0', '52.2', '48.0', '60.0']

    Source:
        Nunez, Anderton and Renslow (2018) for the colors. Book: regularization/l2.
    """
    owner = "plot_heat_map"
    grid = check_sample(values, "values", owner, (2,), 1, _VALUES, "[[0.5, 0.7], [0.6, 0.8]]")
    names = [
        _check_names(rows, "rows", owner, len(grid)),
        _check_names(columns, "columns", owner, len(grid.T)),
    ]
    for name, text in (("ylabel", ylabel), ("xlabel", xlabel), ("label", label)):
        check_text(text, name, owner, "'learning rate'")
    scale = Normalize(*_check_limits(limits, grid, owner))
    frames = np.zeros(grid.shape, bool) if framed is None else _check_framed(framed, grid, owner)
    ax = open_axes(ax, source, owner, legend_rows=0, height=MARGINS + ROW_HEIGHT * len(grid))
    image = ax.imshow(grid, cmap=COLOR_MAP, norm=scale, aspect="auto")
    _annotate(ax, grid, scale)
    _frame(ax, frames)
    _name_cells(ax, *names)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    bar = ax.figure.colorbar(image, ax=ax)
    bar.set_label(label, color=INK, fontsize=FONT_SIZE)
    bar.ax.tick_params(colors=INK, labelsize=FONT_SIZE)
    return ax


def luminance(color: Sequence[float]) -> float:
    """Return the relative luminance of red, green and blue in [0, 1], as WCAG 2 defines it.

    Example:
        >>> [luminance((0, 0, 0)), luminance((1, 1, 1))]
        [0.0, 1.0]
    """
    channels = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in color[:3]]  # noqa: PLR2004
    return float(np.dot(channels, (0.2126, 0.7152, 0.0722)))


def _annotate(ax: Axes, grid: np.ndarray, scale: Normalize) -> None:
    """Write every number, light on dark cells and dark on light ones."""
    for (row, column), value in np.ndenumerate(grid):
        dark = luminance(colormaps[COLOR_MAP](scale(value))) < _DARK
        color, text = WHITE if dark else BLACK, f"{value:#.3g}".rstrip(".")
        ax.text(column, row, text, color=color, fontsize=FONT_SIZE, ha="center", va="center")


def _frame(ax: Axes, frames: np.ndarray) -> None:
    """Frame cells in black within white: one of the two stands out from any color."""
    for row, column in np.argwhere(frames):
        for color, width in ((WHITE, 5), (BLACK, 2)):
            corner = (column - 0.44, row - 0.44)
            ax.add_patch(
                Rectangle(corner, 0.88, 0.88, fill=False, edgecolor=color, linewidth=width)
            )


def _name_cells(ax: Axes, rows: list[str], columns: list[str]) -> None:
    ax.set_yticks(range(len(rows)), rows)
    ax.set_xticks(range(len(columns)), columns)
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)


def _check_names(names: Sequence[str], argument: str, owner: str, count: int) -> list[str]:
    remedy = [str(number) for number in range(1, count + 1)]
    allowed = f"a list or tuple of {count} names, one for each of the {argument} of values"
    check_instance(names, argument, owner, (list, tuple), allowed, str(remedy))
    if len(names) != count:
        refuse(ValueError, names, argument, owner, allowed, remedy)
    return [
        check_text(name, f"{argument}[{index}]", owner, "'0.001'")
        for index, name in enumerate(names)
    ]


def _check_limits(
    limits: tuple[float, float] | None, grid: np.ndarray, owner: str
) -> tuple[float, float]:
    if limits is None:
        return float(grid.min()), float(grid.max())
    allowed = "two finite numbers, the second larger, with all values between them"
    remedy = f"({grid.min():.4g}, {grid.max():.4g}), or wider"
    low_high = check_sample(limits, "limits", owner, (1,), 2, allowed, remedy)
    if low_high.shape != (2,) or low_high[0] >= low_high[1]:
        refuse(ValueError, limits, "limits", owner, allowed, remedy)
    low, high = float(low_high[0]), float(low_high[1])
    if grid.min() < low or grid.max() > high:
        refuse(ValueError, limits, "limits", owner, allowed, remedy)
    return low, high


def _check_framed(framed: np.ndarray, grid: np.ndarray, owner: str) -> np.ndarray:
    allowed = f"an array of True and False of shape {grid.shape}"
    check_instance(framed, "framed", owner, np.ndarray, allowed, "values > 0.5")
    if framed.dtype != np.bool_ or framed.shape != grid.shape:
        refuse(ValueError, framed, "framed", owner, allowed, "values > 0.5")
    return framed
