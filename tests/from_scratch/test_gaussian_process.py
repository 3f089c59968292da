"""The Gaussian process: scikit-learn's, one trial by hand, and its two limits."""

import math

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Matern

from companion.from_scratch import gaussian_process


@pytest.mark.parametrize(("length_scale", "noise"), [(0.3, 1e-4), (1.0, 0.1), (0.05, 1e-6), (5, 1)])
def test_equals_scikit_learn(length_scale, noise):
    rng = np.random.default_rng(0)
    x, y, x_new = rng.uniform(size=(12, 3)), rng.normal(50, 7, 12), rng.uniform(size=(40, 3))
    kernel = Matern(length_scale, nu=2.5)
    theirs = GaussianProcessRegressor(kernel, alpha=noise, normalize_y=True, optimizer=None)
    expected = theirs.fit(x, y).predict(x_new, return_std=True)
    found = gaussian_process(x, y, x_new, length_scale=length_scale, noise=noise)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-9)


def test_two_trials_by_hand():
    """Standardized scores are -1 and 1; half way between them the mean is that of the scores."""
    r = math.sqrt(5) / 2
    apart, half = ((1 + k * r + (k * r) ** 2 / 3) * math.exp(-k * r) for k in (2, 1))
    mean, deviation = gaussian_process(
        [[0.0], [1.0]], [3.0, 5.0], [[0.5]], length_scale=1, noise=0.01
    )
    assert mean[0] == pytest.approx(4, abs=1e-12)
    assert deviation[0] ** 2 == pytest.approx(1 - 2 * half**2 / (1.01 + apart), rel=1e-9)


def test_at_a_trial_it_returns_the_score_and_far_away_the_mean():
    mean, deviation = gaussian_process(
        [[0.0], [0.1]], [1.0, 3.0], [[0.0], [1.0]], length_scale=0.01, noise=1e-8
    )
    np.testing.assert_allclose(mean, [1, 2], atol=1e-6)
    np.testing.assert_allclose(deviation, [0, 1], atol=2e-4)


def test_equal_scores_leave_their_value_and_no_division_by_zero():
    mean, deviation = gaussian_process([[0.2], [0.8]], [0.5, 0.5], [[0.4]])
    assert mean[0] == 0.5
    assert 0 < deviation[0] < 1


def test_messages_name_what_does_not_fit():
    with pytest.raises(ValueError, match="y of gaussian_process must be one score for each of the"):
        gaussian_process([[0.5]], [1.0, 2.0], [[0.5]])
    with pytest.raises(ValueError, match="x_new of gaussian_process must be settings of as many"):
        gaussian_process([[0.5]], [1.0], [[0.5, 0.5]])
    with pytest.raises(ValueError, match=r"x of gaussian_process must be numbers in \[0, 1\]"):
        gaussian_process([[1.5]], [1.0], [[0.5]])
