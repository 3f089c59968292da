"""A quadratic valley of a given condition number."""

import numpy as np
from numpy.typing import ArrayLike

from companion._validate import check_number
from companion.landscapes.landscape import Landscape, coordinates

_REACH = 2.0  # from the minimum to the edges of the window


def quadratic_bowl(condition_number: float = 20.0, angle: float = 0.0) -> Landscape:
    r"""Return a quadratic loss, the model of every smooth minimum seen from close by.

    Use it where theory is exact: gradient descent converges below the learning rate $2/\kappa$,
    fastest at $2/(1 + \kappa)$, and diverges above. Turn it to see what optimizers with a rate for
    each coordinate owe to valleys along the axes.

    $$f(w) = \tfrac12 (h_1 u_1^2 + h_2 u_2^2), \quad h_1 = 1, \quad h_2 = \kappa$$

    Args:
        condition_number: The symbol $\kappa$, largest by smallest eigenvalue of the Hessian, in
            [1, 1e6]. The smallest is 1.
        angle: Direction of the flat valley in degrees from the first axis, in [0, 180). The
            coordinates $u$ are those along and across the valley.

    Returns:
        The landscape, with its minimum, 0, at the origin.

    Raises:
        TypeError: An argument is not a number.
        ValueError: An argument is out of range.

    Example:
        >>> quadratic_bowl(20).gradient([1.0, 1.0]).tolist()
        [1.0, 20.0]

    Source:
        Goh (2017), Why momentum really works. Book: optimizers/sgd, optimizers/momentum.
    """
    owner = "quadratic_bowl"
    kappa = check_number(condition_number, "condition_number", owner, "[1, 1e6]", 20.0)
    theta = np.deg2rad(check_number(angle, "angle", owner, "[0, 180)", 30.0))
    along = np.array([np.cos(theta), np.sin(theta)])
    across = np.array([-np.sin(theta), np.cos(theta)])
    hessian = np.outer(along, along) + kappa * np.outer(across, across)

    def gradient(points: ArrayLike) -> np.ndarray:
        return np.stack(coordinates(points, owner), axis=-1) @ hessian

    def value(points: ArrayLike) -> np.ndarray:
        w = np.stack(coordinates(points, owner), axis=-1)
        return np.sum(w * (w @ hessian), axis=-1) / 2

    window = ((-_REACH, _REACH), (-_REACH, _REACH))
    return Landscape(f"bowl of condition number {kappa:g}", value, gradient, np.zeros(2), window)
