r"""Proximal operators: the step that a penalty takes by itself, after the gradient step of a loss.

The proximal operator of a penalty $\Omega$ moves each weight to where half the squared distance
plus $\eta\,\Omega$ is smallest. Unlike a gradient step it may stop exactly at zero.
"""

import numpy as np

from companion._validate import check_array, check_number


def l1_proximal(weights: np.ndarray, strength: float, learning_rate: float) -> np.ndarray:
    r"""Take the proximal step of an L1 penalty, the soft threshold.

    Use it after a gradient step of the loss alone; the two together are proximal gradient descent.
    Every weight moves toward zero by $\eta \lambda$, and those that are closer stop at zero.

    $$\operatorname{sign}(w_i) \max(|w_i| - \eta \lambda, 0)$$

    Args:
        weights: Floats of any shape.
        strength: The symbol $\lambda$, at least 0.
        learning_rate: The symbol $\eta$ of the gradient step before it, at least 0.

    Returns:
        Floats of the shape and type of `weights`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A number is negative or not finite, or a weight is not finite.

    Example:
        >>> l1_proximal(np.array([3.0, -4.0, 0.25]), strength=1.0, learning_rate=0.5).tolist()
        [2.5, -3.5, 0.0]

    Source:
        Parikh and Boyd (2014), section 6.5.2. Book: regularization/l1.
    """
    check_array(weights, "weights", "l1_proximal", None, "f", "layer_kernel")
    strength = _check_factor(strength, "strength", "l1_proximal")
    threshold = _check_factor(learning_rate, "learning_rate", "l1_proximal") * strength
    return weights - np.clip(weights, -threshold, threshold)  # never -0.0


def l2_proximal(weights: np.ndarray, strength: float, learning_rate: float) -> np.ndarray:
    r"""Take the proximal step of an L2 penalty: divide every weight by the same number.

    Use it to compare with the soft threshold: all weights shrink in proportion, none to zero.

    $$\frac{w_i}{1 + 2 \eta \lambda}$$

    Args:
        weights: Floats of any shape.
        strength: The symbol $\lambda$, at least 0. There is no factor 1/2 in the penalty, as in
            Keras.
        learning_rate: The symbol $\eta$ of the gradient step before it, at least 0.

    Returns:
        Floats of the shape and type of `weights`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A number is negative or not finite, or a weight is not finite.

    Example:
        >>> l2_proximal(np.array([3.0, -4.0, 0.25]), strength=1.0, learning_rate=0.5).tolist()
        [1.5, -2.0, 0.125]

    Source:
        Parikh and Boyd (2014), section 6.1.1. Book: regularization/l1.
    """
    check_array(weights, "weights", "l2_proximal", None, "f", "layer_kernel")
    strength = _check_factor(strength, "strength", "l2_proximal")
    learning_rate = _check_factor(learning_rate, "learning_rate", "l2_proximal")
    return weights / (1 + 2 * learning_rate * strength)


def elastic_net_proximal(
    weights: np.ndarray, l1: float, l2: float, learning_rate: float
) -> np.ndarray:
    r"""Take the proximal step of the elastic net: the soft threshold, then the shrinkage of L2.

    Use it after a gradient step of the loss alone, when L1 keeps too few of several similar inputs.

    $$\frac{\operatorname{sign}(w_i) \max(|w_i| - \eta \lambda_1, 0)}{1 + 2 \eta \lambda_2}$$

    Args:
        weights: Floats of any shape.
        l1: The symbol $\lambda_1$, at least 0.
        l2: The symbol $\lambda_2$, at least 0. There is no factor 1/2 in the penalty, as in Keras.
        learning_rate: The symbol $\eta$ of the gradient step before it, at least 0.

    Returns:
        Floats of the shape and type of `weights`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A number is negative or not finite, or a weight is not finite.

    Example:
        >>> elastic_net_proximal(np.array([3.0, -4.0, 0.25]), 1.0, 1.0, 0.5).tolist()
        [1.25, -1.75, 0.0]

    Source:
        Parikh and Boyd (2014), section 6.5.3. Book: regularization/l1.
    """
    check_array(weights, "weights", "elastic_net_proximal", None, "f", "layer_kernel")
    l1 = _check_factor(l1, "l1", "elastic_net_proximal")
    l2 = _check_factor(l2, "l2", "elastic_net_proximal")
    learning_rate = _check_factor(learning_rate, "learning_rate", "elastic_net_proximal")
    return l2_proximal(l1_proximal(weights, l1, learning_rate), l2, learning_rate)


def _check_factor(value: float, name: str, owner: str) -> float:
    return check_number(value, name, owner, "[0, inf)", 0.01)
