"""A saddle: a point without a slope that is no minimum."""

import numpy as np
from numpy.typing import ArrayLike

from companion.landscapes.landscape import Landscape, coordinates


def saddle() -> Landscape:
    """Return a saddle, which rises along the first axis and falls along the second.

    Use it to see how an optimizer leaves a point where the gradient is zero but the loss is not
    smallest: the closer it comes to the first axis, the longer it takes.

    $$f(x, y) = (x^2 - y^2) / 2$$

    Returns:
        The landscape, with its saddle point at the origin and no minimum.

    Example:
        >>> saddle().gradient([1.0, 0.25]).tolist()
        [1.0, -0.25]

    Source:
        Dauphin et al. (2014). Book: optimizers/sgd.
    """
    return Landscape("saddle", _value, _gradient, None, ((-2.0, 2.0), (-2.0, 2.0)))


def _value(points: ArrayLike) -> np.ndarray:
    x, y = coordinates(points, "saddle")
    return (np.square(x) - np.square(y)) / 2


def _gradient(points: ArrayLike) -> np.ndarray:
    x, y = coordinates(points, "saddle")
    return np.stack([x, -y], axis=-1)
