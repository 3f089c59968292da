"""The generalization gap: training and validation curve with the space between them."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from companion._validate import check_text
from companion.intervals import mean_interval
from companion.plotting._arguments import check_curve
from companion.plotting.learning_curves import seeds_text
from companion.plotting.style import (
    COLORS,
    FONT_SIZE,
    INK,
    label_epochs,
    legend_below,
    line_style,
    open_axes,
)


def plot_gap(
    train: ArrayLike,
    validation: ArrayLike,
    ax: Axes | None = None,
    *,
    ylabel: str,
    source: str | None = None,
) -> Axes:
    """Draw a metric on training and validation data, and measure the gap at the last epoch.

    Use it to show overfitting, with both curves measured in inference mode (`GeneralizationGap`).
    Lines are means over seeds. The number is the distance of the two curves at the last epoch, with
    the 95% t interval of the differences paired by seed where there are two seeds or more.

    Args:
        train: Values on training data, shape `(num_seeds, num_epochs)` or `(num_epochs,)`.
        validation: Values on validation data, of the same shape, seeds in the same order.
        ax: Axes to draw on; None (the default) opens a new figure.
        ylabel: Name of the metric, such as `"accuracy"`.
        source: Where the data are from (`dataset.source`); `"stand-in"` is marked on the figure.

    Returns:
        The Axes.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: The shapes differ, a curve is empty, or holds NaN or infinity.

    Example:
        >>> ax = plot_gap([0.5, 0.9], [0.5, 0.7], ylabel="accuracy")
        >>> ax.texts[0].get_text()
        'gap 0.200'

    Source:
        Book: start/overfitting.
    """
    owner = "plot_gap"
    curves = check_curve(train, "train", owner), check_curve(validation, "validation", owner)
    if curves[0].shape != curves[1].shape:
        raise ValueError(
            f"train and validation of {owner} must have the same shape. Got {curves[0].shape} and "
            f"{curves[1].shape}. Pass the same seeds and epochs in both."
        )
    check_text(ylabel, "ylabel", owner, "'test accuracy'")
    ax = open_axes(ax, source, owner, legend_rows=4)
    label_epochs(ax, ylabel)
    _draw(ax, curves)
    _annotate(ax, curves)
    legend_below(ax, seeds_text([len(curves[0])], "mean"))
    return ax


def gap_text(train: np.ndarray, validation: np.ndarray) -> str:
    r"""Return the distance of the last epoch's values, shape `(num_seeds,)`, with its interval.

    Example:
        >>> gap_text(np.array([0.9, 0.8, 0.85]), np.array([0.7, 0.7, 0.7]))
        'gap 0.150\n[0.026, 0.274]\nn=3'
    """
    difference = train - validation
    difference = difference * (-1 if difference.mean() < 0 else 1)  # losses: validation is higher
    text = f"gap {difference.mean():.3f}"
    if len(difference) == 1:
        return text
    interval = mean_interval(difference)
    return f"{text}\n[{interval.low:.3f}, {interval.high:.3f}]\nn={interval.n}"


def _draw(ax: Axes, curves: tuple[np.ndarray, np.ndarray]) -> None:
    epochs = np.arange(1, curves[0].shape[1] + 1)
    means = [curve.mean(axis=0) for curve in curves]
    ax.fill_between(epochs, *means, color=COLORS[0], alpha=0.15, linewidth=0, label="gap")
    for index, (mean, label) in enumerate(zip(means, ("train", "validation"), strict=True)):
        ax.plot(epochs, mean, label=label, **line_style(index, len(epochs)))


def _annotate(ax: Axes, curves: tuple[np.ndarray, np.ndarray]) -> None:
    last = curves[0].shape[1]
    ends = [curve[:, -1] for curve in curves]
    low, high = sorted(end.mean() for end in ends)
    ax.annotate(
        gap_text(*ends),
        (last, (low + high) / 2),
        xytext=(12, 0),
        textcoords="offset points",
        va="center",
        color=INK,
        fontsize=FONT_SIZE,
        annotation_clip=False,
    )
    arrow = {"arrowstyle": "<->", "color": INK, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", (last, low), (last, high), arrowprops=arrow)
