"""The best of equal models: closed forms, scipy's binomial distribution, and a simulation."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from companion.from_scratch import expected_best

ACCURACIES = st.floats(0.01, 0.99)


@given(st.integers(1, 2000), ACCURACIES)
def test_a_single_model_looks_as_good_as_it_is(num_images, accuracy):
    assert expected_best(1, num_images, accuracy) == pytest.approx(accuracy, rel=1e-9)


def test_two_models_on_one_image_by_hand():
    """Right unless both are wrong: 1 - 0.3 ** 2."""
    assert expected_best(2, 1, 0.7) == pytest.approx(0.91, rel=1e-12)


@given(st.integers(1, 50), st.integers(1, 300), ACCURACIES)
def test_equals_the_mean_over_all_outcomes(num_models, num_images, accuracy):
    """Sum over c of c * P(max = c), from scipy's distribution function."""
    correct = np.arange(num_images + 1)
    at_most = stats.binom.cdf(correct, num_images, accuracy) ** num_models
    expected = np.sum(correct * np.diff(at_most, prepend=0)) / num_images
    assert expected_best(num_models, num_images, accuracy) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("num_models", "num_images"), [(6, 100), (20, 1000)])
def test_equals_a_simulation(num_models, num_images):
    simulations = 20_000
    drawn = np.random.default_rng(4).binomial(num_images, 0.7, (simulations, num_models))
    winners = drawn.max(axis=1) / num_images
    three_errors = 3 * winners.std() / np.sqrt(simulations)
    assert expected_best(num_models, num_images, 0.7) == pytest.approx(
        winners.mean(), abs=three_errors
    )


@given(st.integers(1, 40), st.integers(1, 200), ACCURACIES)
def test_more_models_look_better_and_no_one_is_better_than_perfect(
    num_models, num_images, accuracy
):
    fewer, more = (expected_best(k, num_images, accuracy) for k in (num_models, num_models + 1))
    assert fewer < more + 1e-12
    assert accuracy - 1e-12 <= fewer <= 1


def test_more_images_leave_less_to_chance():
    biases = [expected_best(10, n, 0.7) - 0.7 for n in (10, 100, 1000, 10_000)]
    assert all(0 < later < earlier / 2 for earlier, later in pairwise(biases))


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ((0, 100, 0.7), ValueError, r"num_models of expected_best must be in \[1, inf\)"),
        ((2.0, 100, 0.7), TypeError, "num_models of expected_best must be a whole number"),
        ((2, 0, 0.7), ValueError, r"num_images of expected_best must be in \[1, inf\)"),
        ((2, "9", 0.7), TypeError, "num_images of expected_best must be a whole number"),
        ((2, 100, 1), ValueError, r"accuracy of expected_best must be in \(0, 1\)"),
        ((2, 100, 70.0), ValueError, r"accuracy of expected_best must be in \(0, 1\)"),
        ((2, 100, None), TypeError, "accuracy of expected_best must be a number"),
    ],
)
def test_wrong_arguments(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        expected_best(*arguments)
