"""companion.tuning.selection: the best mean, and the simplest inside one standard error."""

import numpy as np
import pytest

from companion.tuning import select_candidate

NAN = float("nan")
L2 = [{"l2": 0.01}, {"l2": 0.1}, {"l2": 1.0}, {"l2": 10.0}]
SCORES = np.array([[0.75, 0.85], [0.78, 0.80], [0.75, 0.75], [0.70, 0.74]])
# means 0.80, 0.79, 0.75, 0.72; standard error of the best: 0.0707 / sqrt(2) = 0.05


def strongest(values):
    return -values["l2"]


def test_max_takes_the_best_mean():
    assert select_candidate(SCORES, L2) == 0
    assert select_candidate(-SCORES, L2, direction="min") == 0


def test_one_standard_error_takes_the_simplest_that_is_as_good():
    close = SCORES.copy()
    close[2] += 0.001  # 0.751, just inside 0.80 - 0.05
    assert select_candidate(close, L2, rule="one_se", simplicity=strongest) == 2
    close[2] -= 0.002  # just outside
    assert select_candidate(close, L2, rule="one_se", simplicity=strongest) == 1
    assert select_candidate(-close, L2, rule="one_se", direction="min", simplicity=strongest) == 1


def test_of_equally_simple_ones_the_better_is_taken():
    assert select_candidate(SCORES, L2, rule="one_se", simplicity=len) == 0


def test_a_candidate_without_all_folds_is_never_taken():
    scores = SCORES.copy()
    scores[3] = [0.99, NAN]
    assert select_candidate(scores, L2) == 0
    assert select_candidate(scores[::-1], L2[::-1]) == 3
    assert select_candidate(scores, L2, rule="one_se", simplicity=strongest) != 3


def test_the_rule_needs_an_order():
    with pytest.raises(TypeError, match=r"simplicity of select_candidate must be callable"):
        select_candidate(SCORES, L2, rule="one_se")


def test_something_must_be_complete():
    with pytest.raises(ValueError, match=r"one row finite"):
        select_candidate([[NAN, 0.5]], L2[:1])
