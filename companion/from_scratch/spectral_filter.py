"""Stopping as a filter: how much of each direction gradient descent has learned after t steps."""

import numpy as np
from numpy.typing import ArrayLike

from companion._validate import check_integer, check_number, check_sample, refuse


def stopping_factors(eigenvalues: ArrayLike, learning_rate: float, num_steps: int) -> np.ndarray:
    r"""Return how far gradient descent from zero has come along each eigenvector of the Hessian.

    Use it to compare stopping with an L2 penalty, whose `shrinkage_factors` it resembles where
    `learning_rate * num_steps` is `1 / (2 * strength)`. The formula is exact for a quadratic loss,
    full batches and plain gradient descent.

    $$1 - (1 - \eta h_i)^t$$

    Args:
        eigenvalues: Eigenvalues $h_i$ of the Hessian of the loss, at least 0, shape
            `(num_directions,)`.
        learning_rate: The symbol $\eta$, in (0, inf) and below two divided by the largest
            eigenvalue, from where on gradient descent diverges.
        num_steps: The symbol $t$, at least 0.

    Returns:
        Factors of the minimum's components, float64 of shape `(num_directions,)`; between 0 and 1
        where `learning_rate * eigenvalue` is at most 1, overshooting in the first steps beyond.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range, or an eigenvalue is negative or not finite.

    Example:
        >>> stopping_factors([1.0, 0.5, 0.0], learning_rate=0.5, num_steps=2).tolist()
        [0.75, 0.4375, 0.0]

    Source:
        Ali, Kolter and Tibshirani (2019). Book: regularization/early_stopping.
    """
    owner, allowed = "stopping_factors", "finite numbers of at least 0 in one row"
    h = check_sample(eigenvalues, "eigenvalues", owner, (1,), 1, allowed, "[1.0, 0.1]")
    if h.min() < 0:
        refuse(ValueError, eigenvalues, "eigenvalues", owner, allowed, "[1.0, 0.1]")
    eta = _check_learning_rate(learning_rate, float(h.max()), owner)
    t = check_integer(num_steps, "num_steps", owner, "[0, inf)", 100)
    return 1 - (1 - eta * h) ** t  # equation early-stopping-filter


def _check_learning_rate(value: float, steepest: float, owner: str) -> float:
    eta = check_number(value, "learning_rate", owner, "(0, inf)", 0.01)
    if eta * steepest >= 2:  # noqa: PLR2004 - each step then leaves a larger error than it found
        allowed = f"below 2 / max(eigenvalues) = {2 / steepest:.4g}, or it diverges"
        refuse(ValueError, value, "learning_rate", owner, allowed, 1 / steepest)
    return eta
