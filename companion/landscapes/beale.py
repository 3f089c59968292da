"""Beale's function: steep walls around a valley that is nearly flat."""

import numpy as np
from numpy.typing import ArrayLike

from companion.landscapes.landscape import Landscape, coordinates

_TARGETS = (1.5, 2.25, 2.625)  # what x (1 - y^n) is fitted to, for n = 1, 2, 3


def beale() -> Landscape:
    r"""Return Beale's function, whose gradient differs a thousandfold between wall and valley.

    Use it to see why one learning rate for all places fails: a rate that is right for the walls is
    far too small for the valley.

    $$f(x, y) = \sum_{n=1}^{3} (c_n - x (1 - y^n))^2, \quad c = (1.5, 2.25, 2.625)$$

    Returns:
        The landscape, with its minimum, 0, at (3, 0.5).

    Example:
        >>> float(beale().value([3.0, 0.5]))
        0.0

    Source:
        Beale (1958).
    """
    window = ((-1.0, 4.5), (-2.0, 2.0))
    return Landscape("Beale's function", _value, _gradient, np.array([3.0, 0.5]), window)


def _value(points: ArrayLike) -> np.ndarray:
    x, y = coordinates(points, "beale")
    return sum((np.square(_residual(x, y, n)) for n in (1, 2, 3)), np.zeros_like(x))


def _gradient(points: ArrayLike) -> np.ndarray:
    x, y = coordinates(points, "beale")
    dx = sum(-2 * _residual(x, y, n) * (1 - y**n) for n in (1, 2, 3))
    dy = sum(2 * _residual(x, y, n) * x * n * y ** (n - 1) for n in (1, 2, 3))
    return np.stack([dx, dy], axis=-1)


def _residual(x: np.ndarray, y: np.ndarray, n: int) -> np.ndarray:
    return _TARGETS[n - 1] - x * (1 - y**n)
