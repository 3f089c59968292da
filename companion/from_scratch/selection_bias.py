"""Selection bias: how good the best of several equal models looks."""

import math

import numpy as np

from companion._validate import check_integer, check_number


def expected_best(num_models: int, num_images: int, accuracy: float) -> float:
    r"""Return the expected validation accuracy of the best of several equally good models.

    Use it before you compare models on one validation set: the difference to `accuracy` is what you
    would see if there were nothing to find.

    $$\mathbb{E} \max_j A_j = \frac{1}{m} \sum_{c=0}^{m-1} \bigl(1 - F(c)^k\bigr)$$

    with $F$ the distribution function of the binomial distribution.

    Args:
        num_models: How many models are compared, the symbol $k$, at least 1.
        num_images: Size of the validation set, the symbol $m$, at least 1.
        accuracy: True accuracy of each model as a fraction, the symbol $p$, in (0, 1).

    Returns:
        The expected accuracy of the winner, at least `accuracy`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> round(expected_best(6, 100, 0.7), 3)
        0.757

    Source:
        Book: start/overfitting. It takes the models' errors to be independent; models that err on
        the same images differ less.
    """
    owner = "expected_best"
    k = check_integer(num_models, "num_models", owner, "[1, inf)", 6)
    m = check_integer(num_images, "num_images", owner, "[1, inf)", 1000)
    p = check_number(accuracy, "accuracy", owner, "(0, 1)", 0.7)
    at_most = np.minimum(np.cumsum(_binomial(m, p)), 1.0)  # F(c)
    return float(np.sum(1 - at_most[:-1] ** k) / m)


def _binomial(m: int, p: float) -> np.ndarray:
    correct = np.arange(m + 1)
    log_factorials = np.array([math.lgamma(count + 1) for count in correct])
    log_choices = log_factorials[m] - log_factorials - log_factorials[::-1]
    return np.exp(log_choices + correct * math.log(p) + (m - correct) * math.log(1 - p))
