"""Rosenbrock's curved valley."""

import numpy as np
from numpy.typing import ArrayLike

from companion.landscapes.landscape import Landscape, coordinates

_STEEPNESS = 100


def rosenbrock() -> Landscape:
    """Return Rosenbrock's function, a curved valley that is easy to find and hard to follow.

    Use it to see momentum at work: the gradient points across the valley almost everywhere. At the
    minimum the condition number is about 2,500.

    $$f(x, y) = (1 - x)^2 + 100 (y - x^2)^2$$

    Returns:
        The landscape, with its minimum, 0, at (1, 1).

    Example:
        >>> float(rosenbrock().value([0.0, 0.0]))
        1.0

    Source:
        Rosenbrock (1960). Book: optimizers/momentum.
    """
    window = ((-2.0, 2.0), (-1.0, 3.0))
    return Landscape("Rosenbrock's valley", _value, _gradient, np.ones(2), window)


def _value(points: ArrayLike) -> np.ndarray:
    x, y = coordinates(points, "rosenbrock")
    return np.square(1 - x) + _STEEPNESS * np.square(y - np.square(x))


def _gradient(points: ArrayLike) -> np.ndarray:
    x, y = coordinates(points, "rosenbrock")
    above = y - np.square(x)
    return np.stack([-2 * (1 - x) - 4 * _STEEPNESS * x * above, 2 * _STEEPNESS * above], axis=-1)
