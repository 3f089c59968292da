"""Intervals for small numbers of seeds, for accuracies, and for paired comparisons."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from companion._validate import check_integer, check_number, check_sample

__all__ = ["Interval", "accuracy_interval", "mean_interval", "paired_interval"]

FEWEST = 2  # one value has no spread


@dataclass(frozen=True)
class Interval:
    """An estimate with the range that plausibly holds the true value.

    Attributes:
        mean: The estimate.
        low: Lower end.
        high: Upper end.
        n: Number of values behind it.

    Example:
        >>> f"{Interval(0.739, 0.735, 0.743, 3):.1%}"
        '73.9% [73.5%, 74.3%], n=3'
    """

    mean: float
    low: float
    high: float
    n: int

    def __format__(self, spec: str) -> str:
        low, high = format(self.low, spec), format(self.high, spec)
        return f"{format(self.mean, spec)} [{low}, {high}], n={self.n}"


def mean_interval(values: object, confidence: float = 0.95) -> Interval:
    """Return the mean of a few independent values, such as one per seed, with Student's t interval.

    Use it for the spread over seeds. It assumes roughly normal values, which cannot be checked with
    three; read it as a scale, not as a guarantee.

    Args:
        values: At least two finite numbers, shape `(n,)`.
        confidence: Share of such intervals that hold the true mean, in (0, 1).

    Returns:
        `mean +- t * s / sqrt(n)`, with `s` the sample's standard deviation (`n - 1`).

    Raises:
        TypeError: `values` are not numbers.
        ValueError: Fewer than two values, NaN, or infinity.

    Example:
        >>> f"{mean_interval([0.70, 0.72, 0.74]):.3f}"
        '0.720 [0.670, 0.770], n=3'

    Source:
        Student (1908), The probable error of a mean. Book: start/overfitting.
    """
    sample = _sample(values, "values", "mean_interval")
    return _t_interval(sample, _confidence(confidence, "mean_interval"))


def paired_interval(first: object, second: object, confidence: float = 0.95) -> Interval:
    """Return the mean difference `first - second` of values paired by seed, with its interval.

    Use it to compare two arms that were run with the same seeds: what the seeds share cancels.

    Args:
        first: At least two finite numbers, shape `(n,)`, ordered by seed.
        second: As many numbers of the other arm, in the same order.
        confidence: Share of such intervals that hold the true difference, in (0, 1).

    Returns:
        The interval of the differences; it excludes 0 where the arms differ by more than chance.

    Raises:
        TypeError: Values are not numbers.
        ValueError: The lengths differ, or there are fewer than two values, NaN, or infinity.

    Example:
        >>> f"{paired_interval([0.72, 0.74, 0.76], [0.70, 0.71, 0.75]):.3f}"
        '0.020 [-0.005, 0.045], n=3'

    Source:
        Student (1908), The probable error of a mean. Book: start/overfitting.
    """
    one, two = (
        _sample(first, "first", "paired_interval"),
        _sample(second, "second", "paired_interval"),
    )
    if len(one) != len(two):
        raise ValueError(
            f"first and second of paired_interval must have the same length. "
            f"Got {len(one)} and {len(two)}. Pass one value a seed in both."
        )
    return _t_interval(one - two, _confidence(confidence, "paired_interval"))


def accuracy_interval(num_correct: int, num_images: int, confidence: float = 0.95) -> Interval:
    """Return an accuracy measured on a finite set with Wilson's score interval.

    Use it to see how exactly one evaluation can measure an accuracy at all.

    Args:
        num_correct: Correct predictions, from 0 to `num_images`.
        num_images: Independent test cases, from 1 to 1e15.
        confidence: Share of such intervals that hold the true accuracy, in (0, 1).

    Returns:
        The accuracy as a fraction with its interval, inside [0, 1].

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> f"{accuracy_interval(70, 100):.3f}"
        '0.700 [0.604, 0.781], n=100'

    Source:
        Wilson (1927), Probable inference. Book: start/overfitting.
    """
    owner = "accuracy_interval"
    n = check_integer(num_images, "num_images", owner, "[1, 1e15]", 1000)
    correct = check_integer(num_correct, "num_correct", owner, f"[0, {n}]", n)
    share = correct / n
    z = float(stats.norm.isf((1 - _confidence(confidence, owner)) / 2))
    center, shrinkage = share + z**2 / (2 * n), 1 + z**2 / n
    reach = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    low, high = (center - reach) / shrinkage, (center + reach) / shrinkage
    return Interval(share, min(max(float(low), 0.0), share), max(min(float(high), 1.0), share), n)


def _t_interval(sample: np.ndarray, confidence: float) -> Interval:
    n, mean = len(sample), float(np.mean(sample))
    standard_error = float(np.std(sample, ddof=1)) / np.sqrt(n)
    tail = (1 - confidence) / 2  # exact where 1 - tail would be rounded to 1
    reach = float(stats.t.isf(tail, n - 1) * standard_error)
    return Interval(mean, mean - reach, mean + reach, n)


def _confidence(value: object, owner: str) -> float:
    return check_number(value, "confidence", owner, "(0, 1)", 0.95)


def _sample(values: object, name: str, owner: str) -> np.ndarray:
    allowed = f"at least {FEWEST} finite numbers in one row"
    return check_sample(values, name, owner, (1,), FEWEST, allowed, "[0.70, 0.72]")
