"""Shrinkage: where an L2 penalty moves the minimum of a quadratic loss, by direction."""

import numpy as np
from numpy.typing import ArrayLike

from companion._validate import check_array, check_number, check_sample, refuse

_ROUNDING = 1e-6  # relative: a Hessian computed in float32 is not symmetric to the last digit


def shrinkage_factors(eigenvalues: ArrayLike, strength: float) -> np.ndarray:
    r"""Return by how much an L2 penalty shrinks the minimum along each eigenvector of the Hessian.

    Use it to see which directions a strength keeps and which it gives up: a direction keeps half of
    its component where the eigenvalue is twice the strength.

    $$\frac{h_i}{h_i + 2 \lambda}$$

    Args:
        eigenvalues: Eigenvalues $h_i$ of the Hessian of the loss without the penalty, at least 0,
            shape `(num_directions,)`.
        strength: The symbol $\lambda$, in (0, inf). The penalty has no factor 1/2, as in Keras, so
            the factors have a 2 that is missing where the penalty is $\frac{\lambda}{2} \sum w^2$.

    Returns:
        Factors in [0, 1], float64 of shape `(num_directions,)`: 0 where the loss is flat, near 1
        where it is much steeper than the penalty.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `strength` is out of range, or an eigenvalue is negative or not finite.

    Example:
        >>> shrinkage_factors([6.0, 2.0, 0.0], strength=1.0).tolist()
        [0.75, 0.5, 0.0]

    Source:
        Hoerl and Kennard (1970). Book: regularization/l2.
    """
    owner, allowed = "shrinkage_factors", "finite numbers of at least 0 in one row"
    h = check_sample(eigenvalues, "eigenvalues", owner, (1,), 1, allowed, "[1.0, 0.1]")
    if h.min() < 0:
        refuse(ValueError, eigenvalues, "eigenvalues", owner, allowed, "[1.0, 0.1]")
    strength = check_number(strength, "strength", owner, "(0, inf)", 0.001)
    return h / (h + 2 * strength)


def ridge_minimum(hessian: np.ndarray, minimum: np.ndarray, strength: float) -> np.ndarray:
    r"""Return the weights that minimize a quadratic loss plus an L2 penalty.

    Use it to see where a penalty moves the minimum $w^*$ of a loss with the Hessian $H$. Along each
    eigenvector of $H$ the component of $w^*$ is multiplied by its shrinkage factor; in the formula
    the eigenvectors are the columns of $U$.

    .. math::

        \tilde w = (H + 2 \lambda I)^{-1} H w^*
        = U \operatorname{diag}\!\left(\frac{h_i}{h_i + 2 \lambda}\right) U^\top w^*

    Args:
        hessian: The symbol $H$, floats of shape `(num_weights, num_weights)`, symmetric, with no
            negative eigenvalue.
        minimum: The symbol $w^*$, floats of shape `(num_weights,)`.
        strength: The symbol $\lambda$, in (0, inf). There is no factor 1/2 in the penalty, as in
            Keras.

    Returns:
        The weights $\tilde w$, float64 of shape `(num_weights,)`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: Shapes do not match, a value is not finite, `strength` is out of range, or
            `hessian` is not symmetric or curves down somewhere.

    Example:
        >>> hessian, minimum = np.diag([6.0, 2.0]), np.array([4.0, 4.0])
        >>> ridge_minimum(hessian, minimum, strength=1.0).tolist()
        [3.0, 2.0]

    Source:
        Hoerl and Kennard (1970). Book: regularization/l2.
    """
    owner = "ridge_minimum"
    h, vectors = eigenbasis(hessian, owner)
    check_array(minimum, "minimum", owner, (len(h),), "f", "one float for each row of hessian")
    strength = check_number(strength, "strength", owner, "(0, inf)", 0.001)
    components = vectors.T @ minimum  # of w* along each eigenvector, equation l2-shrinkage
    return vectors @ (shrinkage_factors(h, strength) * components)


def eigenbasis(hessian: np.ndarray, owner: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the eigenvalues and, as columns, the eigenvectors of a Hessian that curves up."""
    remedy = "2 * x.T @ x / len(x)"
    check_array(hessian, "hessian", owner, (None, None), "f", remedy)
    allowed = "symmetric, with no negative eigenvalue"
    tolerance = _ROUNDING * np.abs(hessian).max()
    if len(hessian) != len(hessian.T) or np.abs(hessian - hessian.T).max() > tolerance:
        refuse(ValueError, hessian, "hessian", owner, allowed, remedy)
    h, vectors = np.linalg.eigh(hessian.astype(np.float64))
    if h.min() < -tolerance:
        refuse(ValueError, hessian, "hessian", owner, allowed, remedy)
    return np.maximum(h, 0), vectors
