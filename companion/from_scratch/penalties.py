"""Penalties: what a regularizer adds to the loss."""

from collections.abc import Sequence

import numpy as np

from companion._validate import check_array, check_number, refuse


def l2_penalty(weights: np.ndarray | Sequence[np.ndarray], strength: float) -> float:
    r"""Return the L2 penalty, `strength` times the sum of all squared weights.

    Use it to see how much of a printed loss is penalty.

    $$\Omega(w) = \lambda \sum_i w_i^2$$

    Args:
        weights: One array of floats, or a sequence of them, of any shapes.
        strength: The symbol $\lambda$, at least 0. There is no factor 1/2, as in Keras.

    Returns:
        The penalty, at least 0.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `strength` is negative or not finite, or a weight is not finite.

    Example:
        >>> l2_penalty(np.array([3.0, 4.0]), 0.5)
        12.5

    Source:
        Book: start/baseline.
    """
    strength = check_number(strength, "strength", "l2_penalty", "[0, inf)", 0.001)
    arrays = _check_arrays(weights, "l2_penalty")
    return strength * float(sum(np.sum(np.square(array)) for array in arrays))


def _check_arrays(weights: object, owner: str) -> list[np.ndarray]:
    if isinstance(weights, np.ndarray):
        return [check_array(weights, "weights", owner, None, "f", "layer_kernel")]
    if not isinstance(weights, Sequence) or isinstance(weights, str | bytes):
        refuse(TypeError, weights, "weights", owner, "arrays", "[layer_kernel]")
    return [
        check_array(array, f"weights[{index}]", owner, None, "f", "layer_kernel")
        for index, array in enumerate(weights)
    ]
