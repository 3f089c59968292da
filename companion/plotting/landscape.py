"""A loss of two weights as a map, with the paths of optimizers on it."""

from collections.abc import Mapping

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from companion._validate import check_instance
from companion.landscapes import Landscape
from companion.plotting._arguments import check_paths
from companion.plotting.style import COLORS, INK, LINES, MARKERS, PAPER, legend_below, open_axes

_POINTS_A_SIDE = 201  # odd: the middle of the window, often the minimum, is one of them
_HEIGHTS = np.geomspace(1e-4, 1, 13)[:-1]  # of the levels, as parts of the highest point in view
_HEIGHTS_WITHOUT_MINIMUM = np.geomspace(1e-2, 1, 6)[:-1]  # they crowd where the ground is crossed
_LIGHTEST, _DARKEST = 0.0, 0.3  # of matplotlib's "Greys": light enough for a path of any color
_HEIGHT = 4.2  # inches: room for a square
_MARKS = 12  # markers on the longest path


def plot_landscape(
    landscape: Landscape,
    paths: Mapping[str, ArrayLike] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the contours of a landscape, its minimum, and the paths of optimizers.

    Use it to see what an optimizer does. Darker is higher. Contours are evenly spaced in the
    logarithm of the height above the minimum, so that a valley's floor shows as well as its walls;
    without a minimum, in that of the height above and below the middle of the window. A star marks
    the minimum and a ring each start. Paths are cut at the window.

    Args:
        landscape: What to draw.
        paths: Label to points of shape `(num_points, 2)`, such as `trajectory` returns; 1 to 7
            labels. None (the default) draws no path.
        ax: Axes to draw on; None (the default) opens a new figure.

    Returns:
        The Axes.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A path has another shape, NaN or infinity, or there are no or too many labels.

    Example:
        >>> from companion.landscapes import quadratic_bowl
        >>> ax = plot_landscape(quadratic_bowl(2), {"one step": [[1.0, 1.0], [0.5, 0.0]]})
        >>> ax.lines[0].get_xydata().tolist()
        [[1.0, 1.0], [0.5, 0.0]]

    Source:
        Book: optimizers/sgd.
    """
    owner = "plot_landscape"
    check_instance(landscape, "landscape", owner, Landscape, "a Landscape", "rosenbrock()")
    checked = {} if paths is None else check_paths(paths, "paths", owner)
    ax = open_axes(ax, None, owner, legend_rows=len(checked), height=_HEIGHT)
    _draw_contours(ax, landscape)
    for index, (label, path) in enumerate(checked.items()):
        _draw_path(ax, path, label, index)
    if landscape.minimum is not None:
        x, y = np.asarray(landscape.minimum)
        ax.plot(x, y, "*", color=INK, markersize=16, markeredgecolor=PAPER, zorder=4)
    (left, right), (bottom, top) = landscape.window
    ax.set(xlabel="first weight", ylabel="second weight", aspect="equal")
    ax.set(xlim=(left, right), ylim=(bottom, top))
    if checked:
        legend_below(ax)
    return ax


def values_in_window(landscape: Landscape) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the coordinates of a grid over the window, and the loss at each of its points."""
    x, y = (np.linspace(low, high, _POINTS_A_SIDE) for low, high in landscape.window)
    return x, y, np.asarray(landscape.value(np.stack(np.meshgrid(x, y), axis=-1)))


def _draw_contours(ax: Axes, landscape: Landscape) -> None:
    x, y, values = values_in_window(landscape)
    levels = _levels(landscape, values)
    ax.grid(visible=False)
    if levels[0] == levels[-1]:  # a flat landscape has no contours
        return
    shades = colormaps["Greys"](np.linspace(_LIGHTEST, _DARKEST, len(levels) + 1))
    ax.contourf(x, y, values, levels=levels, colors=shades, extend="both", zorder=0)
    ax.contour(x, y, values, levels=levels, colors="0.65", linewidths=0.8, zorder=1)


def _levels(landscape: Landscape, values: np.ndarray) -> np.ndarray:
    """Return rising levels at even distances of the logarithm of their height."""
    if landscape.minimum is not None:
        ground = landscape.value(landscape.minimum)
        return ground + (values.max() - ground) * _HEIGHTS
    ground = landscape.value(np.mean(landscape.window, axis=1))
    farthest = np.abs(values - ground).max()
    return ground + farthest * np.concatenate(
        [-_HEIGHTS_WITHOUT_MINIMUM[::-1], _HEIGHTS_WITHOUT_MINIMUM]
    )


def _draw_path(ax: Axes, path: np.ndarray, label: str, index: int) -> None:
    ax.plot(
        *path.T,
        color=COLORS[index],
        linestyle=LINES[index],
        marker=MARKERS[index],
        markevery=max(1, len(path) // _MARKS),
        markersize=4,
        linewidth=1.8,
        label=label,
        zorder=3,
    )
    start = path[0]
    ax.plot(*start, "o", color=INK, markersize=10, fillstyle="none", markeredgewidth=1.8, zorder=3)
