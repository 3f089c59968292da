"""Learning-rate schedules over the steps of a training."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from companion._validate import check_callable, check_integer
from companion.plotting._arguments import check_labeled
from companion.plotting.style import legend_below, line_style, open_axes

_MOST_POINTS = 400  # more than the figure is wide in visible steps
_REMEDY = '{"cosine": WarmupCosine(0.1, 1000)}'


def plot_schedules(
    schedules: Mapping[str, Callable[[int], Any]], total_steps: int, ax: Axes | None = None
) -> Axes:
    """Draw the rate of every schedule over the steps of a training.

    Use it before training, to see that warm-up, peak and end lie where they should. Longer
    trainings are drawn at 400 evenly spaced steps, the first and the last among them.

    Args:
        schedules: Label to schedule: one of `companion.schedules` or of Keras, or any function of
            the step, counted from 0; 1 to 7 labels.
        total_steps: Number of steps to draw, at least 1.
        ax: Axes to draw on; None (the default) opens a new figure.

    Returns:
        The Axes.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: No label, more than 7, or a number of steps below 1.

    Example:
        >>> ax = plot_schedules({"halves": lambda step: 0.5**step}, 3)
        >>> ax.lines[0].get_ydata().tolist()
        [1.0, 0.5, 0.25]

    Source:
        Book: practice/learning_rate.
    """
    owner = "plot_schedules"
    checked = check_labeled(schedules, "schedules", owner, _REMEDY)
    for label, schedule in checked.items():
        check_callable(schedule, f"schedules[{label!r}]", owner, "WarmupCosine(0.1, 1000)")
    total_steps = check_integer(total_steps, "total_steps", owner, "[1, inf)", 1000)
    ax = open_axes(ax, None, owner, legend_rows=len(checked))
    steps = np.unique(np.linspace(0, total_steps - 1, min(total_steps, _MOST_POINTS)).astype(int))
    for index, (label, schedule) in enumerate(checked.items()):
        rates = [float(schedule(int(step))) for step in steps]
        ax.plot(steps, rates, label=label, **line_style(index, len(steps)))
    ax.set(xlabel="step", ylabel="learning rate")
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, min_n_ticks=1))
    legend_below(ax)
    return ax
