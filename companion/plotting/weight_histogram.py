"""How large weights are: histograms that show what a penalty does to them."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from companion._validate import check_number
from companion.plotting._arguments import check_labeled, check_weights
from companion.plotting.style import COLORS, INK, LINES, legend_below, open_axes

NUM_BINS = 61  # odd, so that zero lies in the middle of a bin
_FEWEST_SHOWN = 0.7  # lower end of the count axis: a bin with one weight is still seen


def plot_weight_histogram(
    weights: Mapping[str, ArrayLike],
    ax: Axes | None = None,
    *,
    threshold: float | None = None,
    source: str | None = None,
) -> Axes:
    """Draw the distribution of weights, one outline per label, on a logarithmic count axis.

    Use it to compare penalties: L2 pulls the tails in, L1 raises a peak at zero. Counts are
    logarithmic, else the peak hides the tails. All labels share the same bins, symmetric about 0.

    Args:
        weights: Label to an array of any shape, such as a layer's kernel; 1 to 7 labels.
        ax: Axes to draw on; None (the default) opens a new figure.
        threshold: Weights smaller than this in absolute value count as zero, in (0, inf); it is
            drawn and the legend gives the fraction below it. None (the default) leaves it out.
        source: Where the data are from (`dataset.source`); `"stand-in"` is marked on the figure.

    Returns:
        The Axes.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: No label, more than 7, an empty array, NaN, infinity, or a `threshold` of 0.

    Example:
        >>> ax = plot_weight_histogram({"L1": [0.0, 0.0, 0.0, 0.5]}, threshold=1e-3)
        >>> ax.get_legend_handles_labels()[1]
        ['L1: |w| < 0.001 in 75.0%']

    Source:
        Book: start/overfitting.
    """
    owner = "plot_weight_histogram"
    checked = check_labeled(weights, "weights", owner, '{"no penalty": kernel}')
    arrays = {label: check_weights(v, f"weights[{label!r}]", owner) for label, v in checked.items()}
    if threshold is not None:
        threshold = check_number(threshold, "threshold", owner, "(0, inf)", 1e-3)
    ax = open_axes(ax, source, owner, legend_rows=len(arrays))
    largest = max(np.abs(array).max() for array in arrays.values()) or 1.0  # all weights zero
    edges = np.linspace(-largest, largest, NUM_BINS + 1)
    for index, (label, array) in enumerate(arrays.items()):
        counts, _ = np.histogram(array, edges)
        text = label if threshold is None else f"{label}: {_share(array, threshold)}"
        ax.stairs(
            counts, edges, label=text, color=COLORS[index], linestyle=LINES[index], linewidth=1.8
        )
    _finish(ax, threshold)
    return ax


def _share(array: np.ndarray, threshold: float) -> str:
    return f"|w| < {threshold:g} in {np.mean(np.abs(array) < threshold):.1%}"


def _finish(ax: Axes, threshold: float | None) -> None:
    for edge in () if threshold is None else (-threshold, threshold):
        ax.axvline(edge, color=INK, linewidth=0.8, linestyle=":")
    ax.set(xlabel="weight", ylabel="number of weights", yscale="log")
    ax.set_ylim(bottom=_FEWEST_SHOWN)
    legend_below(ax)
