"""Compare two candidates by their scores on the same folds."""

import numpy as np
from scipy import stats

from companion._validate import (
    check_choice,
    check_instance,
    check_integer,
    check_number,
    check_sample,
    refuse,
)
from companion.intervals import Interval
from companion.tuning.cross_validation import CrossValidation

__all__ = ["compare_folds", "corrected_interval"]

_FEWEST = 2  # one difference has no spread


def corrected_interval(
    first: object, second: object, *, num_train: int, num_test: int, confidence: float = 0.95
) -> Interval:
    r"""Return the mean difference `first - second` over folds, with Nadeau and Bengio's interval.

    Use it for paired scores of k-fold, repeated k-fold or shuffled splits. Folds share training
    rows, so Student's interval is too narrow. Here the variance of the mean is not $s^2 / n$ but

    $$\left(\frac{1}{n} + \frac{n_\text{test}}{n_\text{train}}\right) s^2$$

    It is a correction by a rule of thumb and takes the overlap of random splits; for the growing
    training parts of a time series read it as a scale.

    Args:
        first: At least two finite scores, shape `(n,)`, one a fold.
        second: As many scores of the other candidate on the same folds.
        num_train: Rows that each fold trains on, from 1 to 1e15.
        num_test: Rows that each fold tests on, from 1 to 1e15.
        confidence: Share of such intervals that hold the true difference, in (0, 1).

    Returns:
        The interval, by Student's t with `n - 1` degrees of freedom; `n` is the number of folds. It
        excludes 0 where the candidates differ by more than chance.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: The lengths differ, or there are fewer than two scores, NaN, or infinity.

    Example:
        >>> first, second = [0.72, 0.74, 0.76], [0.70, 0.71, 0.75]
        >>> f"{corrected_interval(first, second, num_train=200, num_test=100):.3f}"
        '0.020 [-0.019, 0.059], n=3'

    Source:
        Nadeau and Bengio (2003), Inference for the generalization error.
        Book: practice/cross_validation.
    """
    owner = "corrected_interval"
    one, two = _sample(first, "first", owner), _sample(second, "second", owner)
    if len(one) != len(two):
        allowed = f"one score a fold, {len(one)} as in first"
        refuse(ValueError, second, "second", owner, allowed, "scores of the same folds")
    train = check_integer(num_train, "num_train", owner, "[1, 1e15]", 800)
    test = check_integer(num_test, "num_test", owner, "[1, 1e15]", 200)
    return _interval(one - two, test / train, _confidence(confidence, owner))


def compare_folds(
    first: CrossValidation, second: CrossValidation, metric: str, confidence: float = 0.95
) -> Interval:
    """Return by how much one candidate scores higher than another, `first - second`.

    Use it on two results of `cross_validate` with the same splitter, data and seed. The rows that a
    fold trains and tests on are averaged over folds; where `inner` keeps rows back, these are
    not counted as trained on, which makes the interval wider.

    Args:
        first: Result of one candidate, with at least two folds.
        second: Result of the other on the same folds with the same seed.
        metric: A metric of both.
        confidence: Share of such intervals that hold the true difference, in (0, 1).

    Returns:
        The interval of `corrected_interval`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: The folds or seeds differ, there is only one fold, or a score is not finite.

    Example:
        >>> from companion.tuning.folds import FoldResult
        >>> def result(*scores):
        ...     folds = [FoldResult({"accuracy": s}, 1, 1, 0.1, 200, 100) for s in scores]
        ...     return CrossValidation(tuple(folds), "the same folds")
        >>> first, second = result(0.72, 0.74, 0.76), result(0.70, 0.71, 0.75)
        >>> f"{compare_folds(first, second, 'accuracy'):.3f}"
        '0.020 [-0.019, 0.059], n=3'

    Source:
        Nadeau and Bengio (2003), Inference for the generalization error.
        Book: practice/cross_validation.
    """
    owner = "compare_folds"
    for name, value in (("first", first), ("second", second)):
        remedy = f"{name}=cross_validate(...)"
        check_instance(value, name, owner, CrossValidation, "a result of cross_validate", remedy)
    if first.pairing != second.pairing:
        allowed = "a result on the same folds and with the same seed as first"
        remedy = "cross_validate with the same splitter and seed"
        refuse(ValueError, second, "second", owner, allowed, remedy)
    check_choice(metric, "metric", owner, tuple(first.folds[0].scores))
    if metric not in second.folds[0].scores:
        remedy = "a metric that both models compile"
        refuse(ValueError, metric, "metric", owner, "a metric of both results", remedy)
    one, two = _sample(first.scores(metric), "first", owner), second.scores(metric)
    differences = one - _sample(two, "second", owner)
    ratio = sum(fold.num_test for fold in first.folds) / sum(
        min(pair[0].num_train, pair[1].num_train)
        for pair in zip(first.folds, second.folds, strict=True)
    )
    return _interval(differences, ratio, _confidence(confidence, owner))


def _interval(differences: np.ndarray, test_to_train: float, confidence: float) -> Interval:
    n, mean = len(differences), float(np.mean(differences))
    variance = (1 / n + test_to_train) * float(np.var(differences, ddof=1))
    reach = float(stats.t.isf((1 - confidence) / 2, n - 1) * np.sqrt(variance))
    return Interval(mean, mean - reach, mean + reach, n)


def _confidence(value: object, owner: str) -> float:
    return check_number(value, "confidence", owner, "(0, 1)", 0.95)


def _sample(values: object, name: str, owner: str) -> np.ndarray:
    allowed = f"at least {_FEWEST} finite numbers in one row"
    return check_sample(values, name, owner, (1,), _FEWEST, allowed, "[0.70, 0.72]")
