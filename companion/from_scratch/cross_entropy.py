"""Softmax and cross-entropy: from scores to probabilities to the loss of a classifier."""

import numpy as np

from companion._validate import check_array


def softmax(scores: np.ndarray) -> np.ndarray:
    r"""Turn each row of scores into probabilities that sum to one.

    Use it as the last step of a classifier. Larger scores get larger probabilities.

    $$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}$$

    Args:
        scores: `(batch, num_classes)` finite floats, the symbols $z_k$.

    Returns:
        `(batch, num_classes)` floats between 0 and 1.

    Raises:
        TypeError: `scores` is not an array of floats.
        ValueError: It has another number of axes, or holds NaN or infinity.

    Example:
        >>> softmax(np.log(np.array([[1.0, 3.0]]))).round(2).tolist()
        [[0.25, 0.75]]

    Source:
        Book: start/baseline.
    """
    check_array(scores, "scores", "softmax", (None, None), "f", "np.zeros((1, 10))")
    shifted = scores - scores.max(axis=1, keepdims=True)  # so that exp cannot overflow
    exponentials = np.exp(shifted)
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def cross_entropy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    r"""Return the mean negative logarithm of the probability given to the right class.

    Use it to see the part of a loss that is about data, without any penalty.

    $$L = -\frac{1}{n} \sum_{i=1}^{n} \log p_{i, y_i}$$

    Args:
        probabilities: `(batch, num_classes)` floats, those of the right classes in (0, 1].
        labels: `(batch,)` whole numbers from 0 to `num_classes - 1`, the symbols $y_i$.

    Returns:
        The cross-entropy in nats, at least 0; `log(num_classes)` for one that knows nothing.

    Raises:
        TypeError: An argument is not an array of the right kind.
        ValueError: Shapes do not match, a label is no class, or the probability of a right class is
            outside (0, 1].

    Example:
        >>> round(cross_entropy(np.array([[0.25, 0.75]]), np.array([1])), 4)
        0.2877

    Source:
        Book: start/baseline.

    Differs from Keras:
        Keras first clips probabilities to [1e-7, 1 - 1e-7]; this refuses what has no logarithm.
    """
    _check_classifier(probabilities, labels, "cross_entropy")
    chosen = probabilities[np.arange(len(labels)), labels]
    _check_chosen(chosen, "cross_entropy")
    return float(-np.log(chosen).mean())


def _check_classifier(probabilities: np.ndarray, labels: np.ndarray, owner: str) -> None:
    check_array(probabilities, "probabilities", owner, (None, None), "f", "softmax(scores)")
    batch, num_classes = probabilities.shape
    check_array(labels, "labels", owner, (batch,), "iu", "np.array([3, 1])")
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ValueError(
            f"labels of {owner} must be from 0 to {num_classes - 1}. "
            f"Got labels from {labels.min()} to {labels.max()}. Number the classes from 0."
        )


def _check_chosen(chosen: np.ndarray, owner: str) -> None:
    if chosen.min() <= 0 or chosen.max() > 1:
        raise ValueError(
            f"probabilities of {owner} must be in (0, 1] for the right classes. "
            f"Got values from {chosen.min()} to {chosen.max()}. Pass softmax(scores)."
        )
