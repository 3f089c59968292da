"""Label smoothing: softer targets, and the scores that they ask for."""

import math

import numpy as np

from companion._validate import check_array, check_integer, check_number


def smooth_labels(labels: np.ndarray, num_classes: int, smoothing: float) -> np.ndarray:
    r"""Return the targets of label smoothing: most of the mass on the label, the rest spread.

    Use it to see what a smoothed loss compares a network's probabilities with.

    $$q_k = (1 - \alpha)\,[k = y] + \frac{\alpha}{K}$$

    Args:
        labels: `(batch,)` whole numbers from 0 to `num_classes - 1`, the symbols $y$.
        num_classes: The symbol $K$, at least 2.
        smoothing: The symbol $\alpha$, in [0, 1). 0 gives one-hot targets.

    Returns:
        `(batch, num_classes)` floats; each row sums to one.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range, or a label is no class.

    Example:
        >>> smooth_labels(np.array([1]), 4, 0.5).tolist()
        [[0.125, 0.625, 0.125, 0.125]]

    Source:
        Szegedy et al. (2016), Rethinking the Inception architecture.
        Book: regularization/data_augmentation.
    """
    owner = "smooth_labels"
    check_array(labels, "labels", owner, (None,), "iu", "np.array([3, 1])")
    num_classes = check_integer(num_classes, "num_classes", owner, "[2, inf)", 10)
    alpha = check_number(smoothing, "smoothing", owner, "[0, 1)", 0.1)
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ValueError(
            f"labels of {owner} must be from 0 to {num_classes - 1}. "
            f"Got labels from {labels.min()} to {labels.max()}. Number the classes from 0."
        )
    is_label = labels[:, None] == np.arange(num_classes)
    # equation data-augmentation-smoothing
    return (1 - alpha) * is_label + alpha / num_classes


def optimal_score_gap(num_classes: int, smoothing: float) -> float:
    r"""Return how far the right class's score leads where the smoothed loss is smallest.

    Use it to see how sure of itself label smoothing lets a network be.

    $$z_y - z_k = \log \frac{1 - \alpha + \alpha / K}{\alpha / K}$$

    Args:
        num_classes: The symbol $K$, at least 2.
        smoothing: The symbol $\alpha$, in (0, 1). As it goes to 0 the gap grows without bound.

    Returns:
        The gap to every other class, more than 0.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> round(optimal_score_gap(10, 0.1), 2)
        4.51

    Source:
        Book: regularization/data_augmentation.
    """
    owner = "optimal_score_gap"
    num_classes = check_integer(num_classes, "num_classes", owner, "[2, inf)", 10)
    alpha = check_number(smoothing, "smoothing", owner, "(0, 1)", 0.1)
    # equation data-augmentation-gap; both sides of the fraction times K: alpha / K may become 0
    return math.log(num_classes * (1 - alpha) + alpha) - math.log(alpha)
