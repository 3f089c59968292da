"""Optimism: by how much the winner of a search looks better than it is."""

from companion._validate import check_integer, check_number
from companion.from_scratch import expected_best


def optimism(n_validation: int, k: int, accuracy: float) -> float:
    r"""Return the lead that the best of k equally good candidates has by chance alone.

    Use it before you believe the best score of a search: put your numbers in. A lead over the other
    candidates that is no larger is what you would see if all were equally good.

    It is the most that chance gives on average, and no correction to apply to a score: candidates
    that really differ have fewer rivals near the top, and candidates that err on the same images,
    as networks of one search do, lead less. Where the correctness of any two has the correlation
    $r$, the lead is about $\sqrt{1 - r}$ times as large.

    Args:
        n_validation: Size of the validation set, at least 1. For k-fold cross-validation it is the
            size of the data, since every image is validated on once.
        k: Number of candidates that were compared, at least 1.
        accuracy: Accuracy of a typical candidate as a fraction, such as the mean over the search,
            in (0, 1).

    Returns:
        The expected lead of the winner over its true accuracy, as a fraction, at least 0.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> f"{optimism(100, 6, 0.7):.1%}"
        '5.7%'

    Source:
        Cawley and Talbot (2010), On over-fitting in model selection and subsequent selection bias
        in performance evaluation. Book: start/overfitting.
    """
    owner = "optimism"
    n_validation = check_integer(n_validation, "n_validation", owner, "[1, inf)", 1000)
    k = check_integer(k, "k", owner, "[1, inf)", 30)
    accuracy = check_number(accuracy, "accuracy", owner, "(0, 1)", 0.7)
    return max(expected_best(k, n_validation, accuracy) - accuracy, 0.0)  # rounding, where k is 1
