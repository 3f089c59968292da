"""From one rate to another between two steps, with both ends exact."""

from typing import Any

from keras import ops


def count(step: Any) -> Any:
    """Return `step` in float32: a whole number, of Python too, or the optimizer's counter."""
    return ops.cast(float(step) if isinstance(step, int) else step, "float32")


def passed(step: Any, first: int, last: int) -> Any:
    """Return which part of the way from step `first` to step `last` is done, in [0, 1]."""
    return ops.clip((count(step) - first) / (last - first), 0.0, 1.0)


def blend(start: float, end: float, part: Any) -> Any:
    """Return `start` where `part` is 0, `end` where it is 1, and never a rate beyond them."""
    rate = start * (1 - part) + end * part
    return ops.clip(rate, min(start, end), max(start, end))
