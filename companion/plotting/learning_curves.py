"""Learning curves: a metric over epochs, with its range over seeds."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from companion._validate import check_text
from companion.plotting._arguments import check_curve, check_labeled
from companion.plotting.style import label_epochs, legend_below, line_style, open_axes


def plot_learning_curves(
    curves: Mapping[str, ArrayLike],
    ax: Axes | None = None,
    *,
    ylabel: str,
    source: str | None = None,
) -> Axes:
    """Draw one line per label over epochs, with a band over seeds.

    Use it to compare training runs. The line is the mean over seeds and the band reaches from the
    smallest to the largest seed. The range shows what happened; an interval for the mean, epoch by
    epoch, would lean on three values and say more than is known. `plot_intervals` gives it for the
    last epoch. The legend says which seeds were drawn.

    Args:
        curves: Label to values of shape `(num_seeds, num_epochs)`, or `(num_epochs,)` for one run;
            1 to 7 labels. The first value is that of epoch 1.
        ax: Axes to draw on; None (the default) opens a new figure.
        ylabel: Name of the metric, with its unit, such as `"test accuracy"`.
        source: Where the data are from (`dataset.source`); `"stand-in"` is marked on the figure.

    Returns:
        The Axes.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: No label, more than 7, an empty curve, NaN, or infinity.

    Example:
        >>> ax = plot_learning_curves({"SGD": [[0.2, 0.5], [0.4, 0.7]]}, ylabel="test accuracy")
        >>> ax.lines[0].get_ydata().round(2).tolist()
        [0.3, 0.6]

    Source:
        Book: start/overfitting.
    """
    owner = "plot_learning_curves"
    checked = check_labeled(curves, "curves", owner, '{"dropout": history["val_accuracy"]}')
    arrays = {label: check_curve(v, f"curves[{label!r}]", owner) for label, v in checked.items()}
    check_text(ylabel, "ylabel", owner, "'test accuracy'")
    ax = open_axes(ax, source, owner, legend_rows=1 + len(arrays))
    label_epochs(ax, ylabel)
    for index, (label, curve) in enumerate(arrays.items()):
        _draw(ax, curve, label, index)
    legend_below(ax, seeds_text([len(curve) for curve in arrays.values()], "mean and range"))
    return ax


def seeds_text(counts: Sequence[int], drawn: str) -> str | None:
    """Return the legend's title, such as `"mean and range of 3 seeds"`; None for single runs."""
    if max(counts) == 1:
        return None
    low, high = min(counts), max(counts)
    return f"{drawn} of {high if low == high else f'{low} to {high}'} seeds"


def _draw(ax: Axes, curve: np.ndarray, label: str, index: int) -> None:
    epochs = np.arange(1, curve.shape[1] + 1)
    style = line_style(index, len(epochs))
    ax.plot(epochs, curve.mean(axis=0), label=label, **style)
    if len(curve) > 1:
        low, high = curve.min(axis=0), curve.max(axis=0)
        ax.fill_between(epochs, low, high, color=style["color"], alpha=0.2, linewidth=0)
