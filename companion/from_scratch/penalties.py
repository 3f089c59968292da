"""Penalties: what a regularizer adds to the loss, and to the gradient."""

from collections.abc import Sequence

import numpy as np

from companion._validate import check_array, check_number, refuse


def l1_penalty(weights: np.ndarray | Sequence[np.ndarray], strength: float) -> float:
    r"""Return the L1 penalty, `strength` times the sum of all absolute weights.

    Use it to see how much of a printed loss is penalty.

    $$\Omega(w) = \lambda \sum_i |w_i|$$

    Args:
        weights: One array of floats, or a sequence of them, of any shapes.
        strength: The symbol $\lambda$, at least 0.

    Returns:
        The penalty, at least 0.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `strength` is negative or not finite, or a weight is not finite.

    Example:
        >>> l1_penalty(np.array([3.0, -4.0]), 0.5)
        3.5

    Source:
        Book: regularization/l1.
    """
    strength = check_number(strength, "strength", "l1_penalty", "[0, inf)", 0.001)
    arrays = _check_arrays(weights, "l1_penalty")
    return strength * float(sum(np.sum(np.abs(array)) for array in arrays))


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


def elastic_net_penalty(weights: np.ndarray | Sequence[np.ndarray], l1: float, l2: float) -> float:
    r"""Return the elastic net, the sum of an L1 and an L2 penalty.

    Use it to see how much of a printed loss is penalty.

    $$\Omega(w) = \lambda_1 \sum_i |w_i| + \lambda_2 \sum_i w_i^2$$

    Args:
        weights: One array of floats, or a sequence of them, of any shapes.
        l1: The symbol $\lambda_1$, at least 0.
        l2: The symbol $\lambda_2$, at least 0. There is no factor 1/2, as in Keras.

    Returns:
        The penalty, at least 0.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A strength is negative or not finite, or a weight is not finite.

    Example:
        >>> elastic_net_penalty(np.array([3.0, -4.0]), l1=0.5, l2=0.5)
        16.0

    Source:
        Zou and Hastie (2005). Book: regularization/l1.
    """
    l1, l2 = _check_strengths(l1, l2, "elastic_net_penalty")
    arrays = _check_arrays(weights, "elastic_net_penalty")
    return l1_penalty(arrays, l1) + l2_penalty(arrays, l2)


def l1_gradient(weights: np.ndarray, strength: float) -> np.ndarray:
    r"""Return a subgradient of the L1 penalty, the one that is zero where a weight is zero.

    Use it to see what a regularizer adds to the gradient of the loss. Its size does not depend on
    the size of the weight.

    $$\lambda \operatorname{sign}(w_i)$$

    Args:
        weights: Floats of any shape.
        strength: The symbol $\lambda$, at least 0.

    Returns:
        Floats of the shape and type of `weights`. At zero every number from $-\lambda$ to
        $\lambda$ is a subgradient; 0 is what Keras' backends take.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `strength` is negative or not finite, or a weight is not finite.

    Example:
        >>> l1_gradient(np.array([3.0, -4.0, 0.0]), 0.5).tolist()
        [0.5, -0.5, 0.0]

    Source:
        Book: regularization/l1.
    """
    strength = check_number(strength, "strength", "l1_gradient", "[0, inf)", 0.001)
    check_array(weights, "weights", "l1_gradient", None, "f", "layer_kernel")
    return strength * np.sign(weights)


def l2_gradient(weights: np.ndarray, strength: float) -> np.ndarray:
    r"""Return the gradient of the L2 penalty.

    Use it to see what a regularizer adds to the gradient of the loss. Its size is proportional to
    the size of the weight.

    $$2 \lambda w_i$$

    Args:
        weights: Floats of any shape.
        strength: The symbol $\lambda$, at least 0. The penalty has no factor 1/2, as in Keras, so
            the gradient has a factor 2.

    Returns:
        Floats of the shape and type of `weights`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `strength` is negative or not finite, or a weight is not finite.

    Example:
        >>> l2_gradient(np.array([3.0, -4.0, 0.0]), 0.5).tolist()
        [3.0, -4.0, 0.0]

    Source:
        Book: regularization/l2.
    """
    strength = check_number(strength, "strength", "l2_gradient", "[0, inf)", 0.001)
    check_array(weights, "weights", "l2_gradient", None, "f", "layer_kernel")
    return 2 * strength * weights


def elastic_net_gradient(weights: np.ndarray, l1: float, l2: float) -> np.ndarray:
    r"""Return a subgradient of the elastic net, zero where a weight is zero.

    Use it to see what a regularizer adds to the gradient of the loss.

    $$\lambda_1 \operatorname{sign}(w_i) + 2 \lambda_2 w_i$$

    Args:
        weights: Floats of any shape.
        l1: The symbol $\lambda_1$, at least 0.
        l2: The symbol $\lambda_2$, at least 0. There is no factor 1/2 in the penalty, as in Keras.

    Returns:
        Floats of the shape and type of `weights`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A strength is negative or not finite, or a weight is not finite.

    Example:
        >>> elastic_net_gradient(np.array([3.0, -4.0, 0.0]), l1=0.5, l2=0.5).tolist()
        [3.5, -4.5, 0.0]

    Source:
        Zou and Hastie (2005). Book: regularization/l1.
    """
    l1, l2 = _check_strengths(l1, l2, "elastic_net_gradient")
    check_array(weights, "weights", "elastic_net_gradient", None, "f", "layer_kernel")
    return l1_gradient(weights, l1) + l2_gradient(weights, l2)


def _check_strengths(l1: float, l2: float, owner: str) -> tuple[float, float]:
    return (
        check_number(l1, "l1", owner, "[0, inf)", 0.001),
        check_number(l2, "l2", owner, "[0, inf)", 0.001),
    )


def _check_arrays(weights: object, owner: str) -> list[np.ndarray]:
    if isinstance(weights, np.ndarray):
        return [check_array(weights, "weights", owner, None, "f", "layer_kernel")]
    if not isinstance(weights, Sequence) or isinstance(weights, str | bytes):
        refuse(TypeError, weights, "weights", owner, "arrays", "[layer_kernel]")
    return [
        check_array(array, f"weights[{index}]", owner, None, "f", "layer_kernel")
        for index, array in enumerate(weights)
    ]
