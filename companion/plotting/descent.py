"""The loss along the paths of optimizers, step by step."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from companion._validate import check_instance
from companion.landscapes import Landscape
from companion.plotting._arguments import check_paths
from companion.plotting.landscape import values_in_window
from companion.plotting.style import legend_below, line_style, open_axes

_FLOOR = 1e-12  # what is lower is 0 as far as a chapter goes, and may be rounding


def plot_descent(
    landscape: Landscape,
    paths: Mapping[str, ArrayLike],
    ax: Axes | None = None,
) -> Axes:
    """Draw the loss at every point of each path over the number of steps.

    Use it beside `plot_landscape`, which does not show how long a path takes. Where the landscape
    has a minimum, it is the height above the minimum on a logarithmic axis: a straight line is
    linear convergence, and its slope is the rate. Heights below 1e-12 are drawn as 1e-12. Without a
    minimum the axis ends where the landscape's window does.

    Args:
        landscape: Where the paths run.
        paths: Label to points of shape `(num_points, 2)`, such as `trajectory` returns; 1 to 7
            labels.
        ax: Axes to draw on; None (the default) opens a new figure.

    Returns:
        The Axes.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A path has another shape, NaN or infinity, or there are no or too many labels.

    Example:
        >>> from companion.landscapes import quadratic_bowl
        >>> ax = plot_descent(quadratic_bowl(2), {"one step": [[1.0, 1.0], [0.5, 0.0]]})
        >>> ax.lines[0].get_ydata().tolist()
        [1.5, 0.125]

    Source:
        Book: optimizers/rmsprop.
    """
    owner = "plot_descent"
    check_instance(landscape, "landscape", owner, Landscape, "a Landscape", "rosenbrock()")
    checked = check_paths(paths, "paths", owner)
    ax = open_axes(ax, None, owner, legend_rows=len(checked))
    for index, (label, path) in enumerate(checked.items()):
        losses = _heights(landscape, path)
        ax.plot(np.arange(len(path)), losses, label=label, **line_style(index, len(path)))
    _scale(ax, landscape)
    ax.set_xlabel("step")
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
    legend_below(ax)
    return ax


def _scale(ax: Axes, landscape: Landscape) -> None:
    if landscape.minimum is not None:
        ax.set(yscale="log", ylabel="loss above minimum")
        return
    values = values_in_window(landscape)[-1]
    ax.set(ylim=(values.min(), values.max()), ylabel="loss")


def _heights(landscape: Landscape, path: np.ndarray) -> np.ndarray:
    losses = np.asarray(landscape.value(path))
    if landscape.minimum is None:
        return losses
    return np.maximum(losses - landscape.value(landscape.minimum), _FLOOR)
