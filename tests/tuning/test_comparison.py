"""Corrected intervals: the golden case, the formula, and how often they hold the truth."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from companion.intervals import paired_interval
from companion.tuning import CrossValidation, compare_folds, corrected_interval
from companion.tuning.folds import FoldResult
from tests.refusal import refused


def test_golden_case_of_ten_folds():
    """A naive p of .0033 becomes .023: both from t = mean / sqrt(factor s^2) with 9 degrees."""
    differences = np.linspace(-1, 1, 10)
    scale = np.std(differences, ddof=1) / np.sqrt(10)
    differences += stats.t.isf(0.0033 / 2, 9) * scale
    zeros = np.zeros(10)
    assert stats.ttest_rel(differences, zeros).pvalue == pytest.approx(0.0033)
    statistic = stats.t.isf(0.0033 / 2, 9) * np.sqrt((1 / 10) / (1 / 10 + 1 / 9))
    p = 2 * stats.t.sf(statistic, 9)
    assert round(p, 3) == 0.023  # published
    interval = corrected_interval(differences, zeros, num_train=900, num_test=100, confidence=1 - p)
    assert interval.low == pytest.approx(0, abs=1e-12)  # the interval that only just touches 0


def test_by_hand():
    """Differences 1, 2, 3: s = 1; 1/3 + 100/200 = 5/6; t of 2 degrees is 4.3027."""
    interval = corrected_interval([1, 2, 3], [0, 0, 0], num_train=200, num_test=100)
    reach = 4.302653 * np.sqrt(5 / 6)
    assert_allclose([interval.mean, interval.low, interval.high], [2, 2 - reach, 2 + reach], 1e-6)
    assert interval.n == 3


def test_without_overlap_it_is_the_paired_interval():
    first, second = np.random.default_rng(0).normal(size=(2, 6))
    ours = corrected_interval(first, second, num_train=10**15, num_test=1, confidence=0.9)
    plain = paired_interval(first, second, 0.9)
    assert_allclose([ours.low, ours.high], [plain.low, plain.high], rtol=1e-12)


def test_lengths_differ():
    with refused(
        ValueError,
        "second of corrected_interval must be one score a fold, 3 as in first. "
        "Got second=[1, 2]. Try scores of the same folds.",
    ):
        corrected_interval([1, 2, 3], [1, 2], num_train=2, num_test=1)


def result(*scores, pairing="folds-0", num_train=200, metric="accuracy"):
    folds = [FoldResult({metric: score}, 1, 1, 0.1, num_train, 100) for score in scores]
    return CrossValidation(tuple(folds), pairing)


def test_results_are_compared_by_their_own_numbers_of_rows():
    expected = corrected_interval([3, 5, 6], [1, 1, 1], num_train=200, num_test=100)
    assert compare_folds(result(3, 5, 6), result(1, 1, 1), "accuracy") == expected
    expected = corrected_interval([3, 5, 6], [1, 1, 1], num_train=150, num_test=100)
    kept_back = result(1, 1, 1, num_train=150)  # the smaller number, which is the wider interval
    assert compare_folds(result(3, 5, 6), kept_back, "accuracy") == expected
    assert compare_folds(kept_back, result(3, 5, 6), "accuracy").high == -expected.low


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (result(1, 2, pairing="folds-1"), "second of compare_folds must be a result on the same"),
        (result(1, np.nan), "second of compare_folds must be .* with NaN or infinity"),
        (result(1, 2, metric="mae"), "metric of compare_folds must be a metric of both"),
    ],
)
def test_results_that_cannot_be_compared(second, sentence):
    with pytest.raises(ValueError, match=sentence):
        compare_folds(result(1, 2), second, "accuracy")


def test_one_fold_has_no_spread():
    with pytest.raises(ValueError, match="first of compare_folds must be at least 2 finite"):
        compare_folds(result(1), result(2), "accuracy")
