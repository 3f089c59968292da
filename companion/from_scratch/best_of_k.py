"""Tuning budgets: how good the best of k tries is, for every k, from one set of tries."""

from math import comb

import numpy as np
from numpy.typing import ArrayLike

from companion._validate import check_flag, check_sample


def best_of_k(scores: ArrayLike, *, replace: bool = False) -> np.ndarray:
    r"""Return the expected best of 1, 2, ..., n tries, from n tries that were made.

    Use it to compare methods at equal tuning budgets, for all budgets at once: one setting is drawn
    for each try, and the best score of $k$ of them counts.

    Args:
        scores: One score a try, higher is better, such as validation accuracies; shape `(n,)`, or
            `(num_samples, n)` for the samples of a bootstrap.
        replace: False (the default) takes the mean over all subsets of $k$ tries, which is unbiased
            if the tries are independent. True draws $k$ times with replacement, as Dodge et al.
            do: never above the other, too low on average.

    Returns:
        The expected best of $k = 1, \dots, n$, of the shape of `scores`. The first is their mean.

    Raises:
        TypeError: `scores` are not numbers, or `replace` is no bool.
        ValueError: There is no score, or one is NaN or infinite. Give a run that diverged the score
            of guessing.

    Example:
        >>> best_of_k([0.3, 0.6, 0.9]).round(3).tolist()
        [0.6, 0.8, 0.9]
        >>> best_of_k([0.3, 0.6, 0.9], replace=True).round(3).tolist()
        [0.6, 0.733, 0.8]

    Source:
        Dodge et al. (2019), Show your work; Tang et al. (2020), Showing your work doesn't always
        work. Book: optimizers/choosing.
    """
    allowed = "finite numbers of shape (n,) or (num_samples, n)"
    tries = check_sample(scores, "scores", "best_of_k", (1, 2), 1, allowed, "[0.3, 0.6, 0.9]")
    with_replacement = check_flag(replace, "replace", "best_of_k")
    n = tries.shape[-1]
    ranks = range(1, n + 1)  # of the scores, the first is the smallest; and all budgets
    if with_replacement:
        # equation choosing-draws
        shares = [[(i / n) ** k - ((i - 1) / n) ** k for i in ranks] for k in ranks]
    else:
        # equation choosing-subsets
        shares = [[comb(i - 1, k - 1) / comb(n, k) for i in ranks] for k in ranks]
    return np.asarray(np.sort(tries) @ np.transpose(shares))
