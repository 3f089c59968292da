"""A plateau around a well."""

import numpy as np
from numpy.typing import ArrayLike

from companion.landscapes.landscape import Landscape, coordinates


def plateau() -> Landscape:
    r"""Return a well in a plateau: far from the minimum the gradient all but vanishes.

    Use it to see a loss that stands still without a minimum nearby, as with saturated units.
    Gradient descent crawls there; an optimizer that divides by the size of the gradient does not.

    $$f(x, y) = 1 - \exp(-(x^2 + y^2) / 2)$$

    Returns:
        The landscape, with its minimum, 0, at the origin.

    Example:
        >>> float(np.abs(plateau().gradient([4.0, 0.0])).max()) < 0.002
        True

    Source:
        Book: optimizers/sgd, optimizers/rmsprop.
    """
    return Landscape("plateau", _value, _gradient, np.zeros(2), ((-4.0, 4.0), (-4.0, 4.0)))


def _value(points: ArrayLike) -> np.ndarray:
    x, y = coordinates(points, "plateau")
    return -np.expm1(-(np.square(x) + np.square(y)) / 2)


def _gradient(points: ArrayLike) -> np.ndarray:
    x, y = coordinates(points, "plateau")
    depth = np.exp(-(np.square(x) + np.square(y)) / 2)
    return np.stack([x * depth, y * depth], axis=-1)
