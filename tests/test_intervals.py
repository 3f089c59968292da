"""Intervals: tabulated values, what they promise, and the reference implementation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from companion.intervals import Interval, accuracy_interval, mean_interval, paired_interval

T_TABLE = {2: 12.706, 3: 4.303, 5: 2.776, 10: 2.262}  # Student's t, 97.5 %, n - 1 degrees
WILSON = [  # published 95 % score intervals: correct, n, low, high (Newcombe 1998, method 3)
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
SIMULATIONS = 4000


@pytest.mark.parametrize(("n", "t"), T_TABLE.items())
def test_mean_interval_has_the_tabulated_reach(n, t):
    """Values whose standard error is 1: the reach is t itself."""
    values = np.arange(n) - (n - 1) / 2
    values = values / np.std(values, ddof=1) * np.sqrt(n)
    interval = mean_interval(values)
    assert_allclose([interval.mean, interval.low, interval.high], [0, -t, t], atol=5e-4)
    assert interval.n == n


def test_mean_interval_by_hand():
    """Mean 2, s = 1, n = 3: 2 +- 4.3027 / sqrt(3)."""
    interval = mean_interval([1, 2, 3])
    assert_allclose([interval.low, interval.high], [2 - 2.48414, 2 + 2.48414], atol=1e-5)


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12).filter(lambda v: np.std(v) > 1e-6),
    st.floats(0.5, 0.999),
)
def test_mean_interval_equals_scipy(values, confidence):
    low, high = stats.t.interval(confidence, len(values) - 1, np.mean(values), stats.sem(values))
    interval = mean_interval(values, confidence)
    assert_allclose([interval.low, interval.high], [low, high], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("confidence", [0.5, 0.95])
def test_mean_interval_covers_as_often_as_it_says(confidence):
    samples = np.random.default_rng(1).normal(7, 2, (SIMULATIONS, 3))
    intervals = [mean_interval(sample, confidence) for sample in samples]
    covered = np.mean([interval.low <= 7 <= interval.high for interval in intervals])
    assert covered == pytest.approx(confidence, abs=0.025)  # 3 standard errors


def test_equal_values_have_no_spread():
    assert mean_interval([0.5, 0.5]) == Interval(0.5, 0.5, 0.5, 2)


def test_paired_interval_is_the_interval_of_the_differences():
    first, second = np.random.default_rng(2).normal(size=(2, 5))
    assert paired_interval(first, second, 0.9) == mean_interval(first - second, 0.9)


def test_pairing_removes_what_the_seeds_share():
    """Differences of 0.010, 0.011, 0.012 between values that differ by 0.1 from seed to seed."""
    interval = paired_interval([0.610, 0.711, 0.812], [0.6, 0.7, 0.8])
    assert interval.low > 0
    assert_allclose(interval.mean, 0.011)


@pytest.mark.parametrize(("correct", "n", "low", "high"), WILSON)
def test_accuracy_interval_equals_published_values(correct, n, low, high):
    interval = accuracy_interval(correct, n)
    assert interval.mean == correct / n
    assert_allclose([interval.low, interval.high], [low, high], atol=5e-5)
    assert interval.n == n


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_accuracy_interval_equals_its_formula(counts):
    correct, n = counts
    z, p = stats.norm.ppf(0.975), correct / n
    center = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    interval = accuracy_interval(correct, n)
    assert_allclose([interval.low, interval.high], [center - reach, center + reach], atol=1e-12)
    assert -1e-15 <= interval.low <= interval.mean <= interval.high <= 1 + 1e-15


def test_accuracy_interval_covers_about_as_often_as_it_says():
    correct = np.random.default_rng(3).binomial(200, 0.7, SIMULATIONS)
    intervals = {count: accuracy_interval(int(count), 200) for count in np.unique(correct)}
    covered = np.mean([intervals[c].low <= 0.7 <= intervals[c].high for c in correct])
    assert covered == pytest.approx(0.95, abs=0.02)


def test_format_applies_to_all_three_numbers():
    interval = Interval(0.739, 0.735, 0.743, 3)
    assert f"{interval:.1%}" == "73.9% [73.5%, 74.3%], n=3"
    assert f"{interval:+.2f}" == "+0.74 [+0.73, +0.74], n=3"


@pytest.mark.parametrize("function", [mean_interval, lambda v: paired_interval([1, 2], v)])
@pytest.mark.parametrize(
    ("values", "error"),
    [
        ([0.7], ValueError),
        ([], ValueError),
        ([0.7, np.nan], ValueError),
        ([0.7, np.inf], ValueError),
        (np.zeros((2, 2)), ValueError),
        (0.7, ValueError),
        (["0.7", "0.8"], TypeError),
        ([True, False], TypeError),
        ([0.7, None], TypeError),
        ([[1, 2], [3]], TypeError),
        (None, TypeError),
    ],
)
def test_values_that_have_no_interval(function, values, error):
    with pytest.raises(
        error, match=r"_interval must be at least 2 finite numbers in one row\. Got"
    ):
        function(values)


def test_pairs_of_different_lengths():
    with pytest.raises(ValueError, match=r"must have the same length\. Got 3 and 2\."):
        paired_interval([1, 2, 3], [1, 2])


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 95, np.nan])
def test_confidence_out_of_range(confidence):
    with pytest.raises(ValueError, match=r"confidence of mean_interval must be in \(0, 1\)"):
        mean_interval([1, 2], confidence)
    with pytest.raises(ValueError, match=r"confidence of accuracy_interval must be in \(0, 1\)"):
        accuracy_interval(1, 2, confidence)


@pytest.mark.parametrize(
    ("correct", "n", "error", "sentence"),
    [
        (-1, 10, ValueError, "num_correct of accuracy_interval must be in"),
        (11, 10, ValueError, "num_correct of accuracy_interval must be in"),
        (0.7, 10, TypeError, "num_correct of accuracy_interval must be a whole number"),
        (0, 0, ValueError, "num_images of accuracy_interval must be in"),
        (1, 1.5, TypeError, "num_images of accuracy_interval must be a whole number"),
    ],
)
def test_wrong_counts(correct, n, error, sentence):
    with pytest.raises(error, match=sentence):
        accuracy_interval(correct, n)
