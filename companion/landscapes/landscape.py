"""What a loss of two weights is: two functions, a minimum, and a window to draw."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from companion._validate import check_callable, check_sample, check_text, refuse

Function = Callable[[ArrayLike], np.ndarray]
Window = tuple[tuple[float, float], tuple[float, float]]
_MOST_AXES = 64  # of any NumPy array


@dataclass(frozen=True, eq=False, repr=False)
class Landscape:
    """A loss of two weights, with all that is needed to descend and to draw it.

    Use it for a loss of your own; `quadratic_bowl`, `rosenbrock`, `saddle`, `beale` and `plateau`
    make the usual ones.

    Args:
        name: What captions call it.
        value: The loss, a function of points of shape `(..., 2)` that returns shape `(...)`.
        gradient: Its gradient, a function of the same points that returns shape `(..., 2)`.
        minimum: The point with the smallest loss, shape `(2,)`; None where there is none.
        window: The part of the plane to draw, `((left, right), (bottom, top))`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: The name is blank, a number is not finite, the minimum has another shape, or
            the ends of the window do not rise.

    Example:
        >>> bowl = Landscape(
        ...     "round bowl",
        ...     value=lambda w: np.sum(np.square(w), axis=-1),
        ...     gradient=lambda w: 2 * np.asarray(w),
        ...     minimum=np.zeros(2),
        ...     window=((-1, 1), (-1, 1)),
        ... )
        >>> float(bowl.value([3.0, 4.0]))
        25.0

    Source:
        Book: optimizers/sgd.
    """

    name: str
    value: Function
    gradient: Function
    minimum: np.ndarray | None
    window: Window

    def __post_init__(self) -> None:
        check_text(self.name, "name", "Landscape", "'round bowl'")
        for name in ("value", "gradient"):
            check_callable(getattr(self, name), name, "Landscape", "a function of points")
        if self.minimum is not None:
            _check_pair(self.minimum, "minimum", (2,), "two finite numbers or None", "[0.0, 0.0]")
        allowed = "((left, right), (bottom, top)), finite and rising"
        remedy = "((-1.0, 1.0), (-1.0, 1.0))"
        window = _check_pair(self.window, "window", (2, 2), allowed, remedy)
        if (window[:, 0] >= window[:, 1]).any():
            refuse(ValueError, self.window, "window", "Landscape", allowed, remedy)

    def __repr__(self) -> str:
        return f"Landscape({self.name!r})"


def coordinates(points: ArrayLike, owner: str) -> tuple[np.ndarray, np.ndarray]:
    """Return both coordinates of points of shape `(..., 2)`, each of shape `(...)`."""
    allowed = "finite numbers of shape (..., 2)"
    dimensions = range(1, _MOST_AXES + 1)
    array = check_sample(points, "points", owner, dimensions, 2, allowed, "[1.0, 2.0]")
    if array.shape[-1] != 2:  # noqa: PLR2004 - a plane has two axes
        refuse(ValueError, points, "points", owner, allowed, "[1.0, 2.0]")
    return array[..., 0], array[..., 1]


def _check_pair(
    value: object, name: str, shape: tuple[int, ...], allowed: str, remedy: str
) -> np.ndarray:
    array = check_sample(value, name, "Landscape", (len(shape),), 2, allowed, remedy)
    if array.shape != shape:
        refuse(ValueError, value, name, "Landscape", allowed, remedy)
    return array
