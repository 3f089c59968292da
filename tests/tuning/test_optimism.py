"""Optimism: known values, and what is left of it in a simulation."""

import numpy as np
import pytest

from companion.from_scratch import expected_best
from companion.tuning import optimism


def test_six_equal_models_on_a_hundred_images():
    assert optimism(100, 6, 0.7) == pytest.approx(0.0573, abs=5e-5)
    assert optimism(100, 6, 0.7) == expected_best(6, 100, 0.7) - 0.7


def test_two_models_and_one_image():
    """The winner is wrong only where both are: 1 - 0.25 instead of 0.5."""
    assert optimism(1, 2, 0.5) == pytest.approx(0.25)


@pytest.mark.parametrize("n_validation", [1, 50, 3000])
def test_one_candidate_has_no_lead(n_validation):
    assert optimism(n_validation, 1, 0.7) == pytest.approx(0, abs=1e-12)
    assert optimism(n_validation, 1, 0.7) >= 0


def test_four_times_the_images_halve_it():
    assert optimism(8000, 20, 0.7) == pytest.approx(optimism(2000, 20, 0.7) / 2, rel=0.01)


def test_correlated_candidates_lead_less_as_the_docstring_says():
    """Two standard normal parts: one shared by all candidates, one of each, correlation r."""
    rng, k, n, r = np.random.default_rng(1), 8, 400, 0.6
    shared, own = rng.normal(size=(4000, 1)), rng.normal(size=(4000, k))
    spread = np.sqrt(0.7 * 0.3 / n)
    scores = 0.7 + spread * (np.sqrt(r) * shared + np.sqrt(1 - r) * own)
    lead = (scores.max(axis=1) - 0.7).mean()
    assert lead == pytest.approx(np.sqrt(1 - r) * optimism(n, k, 0.7), rel=0.05)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((0, 6, 0.7), r"n_validation of optimism must be in \[1, inf\)"),
        ((100, 0, 0.7), r"k of optimism must be in \[1, inf\)"),
        ((100, 6, 70), r"accuracy of optimism must be in \(0, 1\). Got accuracy=70. Try 0.7"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        optimism(*arguments)
