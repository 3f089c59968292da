"""Label smoothing: values by hand, the optimal gap found by optimizing, equality with Keras."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize

from companion.from_scratch import optimal_score_gap, smooth_labels, softmax

Y = np.array([2, 0, 1])
CLASSES, SMOOTHINGS = st.integers(2, 20), st.floats(0.001, 0.999)


def test_values_by_hand():
    assert_allclose(
        smooth_labels(np.array([1, 0]), 2, 0.5), [[0.25, 0.75], [0.75, 0.25]], rtol=1e-15
    )
    assert_allclose(smooth_labels(np.array([0]), 10, 0.1), [[0.91] + [0.01] * 9], rtol=1e-12)


def test_no_smoothing_gives_one_hot_targets():
    assert smooth_labels(Y, 4, 0).tolist() == np.eye(4)[Y].tolist()


@given(CLASSES, SMOOTHINGS)
def test_rows_are_probabilities_and_the_label_comes_first(num_classes, smoothing):
    labels = np.arange(num_classes)
    targets = smooth_labels(labels, num_classes, smoothing)
    assert_allclose(targets.sum(axis=1), 1, rtol=1e-12)
    assert (targets > 0).all()
    assert (targets.argmax(axis=1) == labels).all()


@given(CLASSES, SMOOTHINGS)
def test_scores_with_the_optimal_gap_give_the_targets(num_classes, smoothing):
    """Equation data-augmentation-gap: there the cross-entropy cannot fall any further."""
    scores = np.zeros((1, num_classes))
    scores[0, -1] = optimal_score_gap(num_classes, smoothing)
    targets = smooth_labels(np.array([num_classes - 1]), num_classes, smoothing)
    assert_allclose(softmax(scores), targets, rtol=1e-9)


@pytest.mark.parametrize(("num_classes", "smoothing"), [(2, 0.5), (3, 0.1), (10, 0.1), (10, 0.9)])
def test_an_optimizer_finds_the_gap(num_classes, smoothing):
    target = smooth_labels(np.array([0]), num_classes, smoothing)[0]

    def loss(scores):
        return -target @ np.log(softmax(scores[None])[0])

    found = minimize(loss, np.zeros(num_classes), options={"gtol": 1e-8}).x
    gap = optimal_score_gap(num_classes, smoothing)
    assert_allclose(found[0] - found[1:], gap, rtol=1e-5)


def test_the_gap_grows_without_bound_and_stays_finite():
    gaps = [optimal_score_gap(10, smoothing) for smoothing in (0.9, 0.1, 1e-9, 1e-300, 5e-324)]
    assert (np.diff(gaps) > 0).all()
    assert gaps[-1] == pytest.approx(np.log(10) + 1074 * np.log(2))


@pytest.mark.parametrize("smoothing", [0.0, 0.125, 0.5])
def test_the_smoothed_loss_equals_keras(smoothing):
    """50 rows in float64; the strengths are exact in float32, to which Keras rounds them."""
    rng = np.random.default_rng(1)
    labels, scores = rng.integers(0, 8, 50), rng.normal(0, 3, (50, 8))
    by_hand = -np.sum(smooth_labels(labels, 8, smoothing) * np.log(softmax(scores)), axis=1)
    by_keras = keras.losses.categorical_crossentropy(
        np.eye(8)[labels], scores, from_logits=True, label_smoothing=smoothing
    )
    assert_allclose(by_hand, by_keras, rtol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"labels": [0]}, TypeError, "labels of smooth_labels must be an array"),
        ({"labels": np.array([0.0])}, TypeError, "labels of smooth_labels must be an array"),
        ({"labels": np.zeros(0, int)}, ValueError, "labels of smooth_labels must be an array"),
        ({"labels": np.array([4])}, ValueError, "from 0 to 3. Got labels from 4 to 4"),
        ({"labels": np.array([-1])}, ValueError, "from 0 to 3. Got labels from -1 to -1"),
        ({"num_classes": 1}, ValueError, r"num_classes of smooth_labels must be in \[2, inf\)"),
        ({"smoothing": 1.0}, ValueError, r"smoothing of smooth_labels must be in \[0, 1\)"),
        ({"smoothing": -0.1}, ValueError, r"smoothing of smooth_labels must be in \[0, 1\)"),
        ({"smoothing": np.nan}, ValueError, r"smoothing of smooth_labels must be in \[0, 1\)"),
    ],
)
def test_wrong_arguments(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        smooth_labels(**{"labels": Y, "num_classes": 4, "smoothing": 0.1, **arguments})


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ((1, 0.1), ValueError, r"num_classes of optimal_score_gap must be in \[2, inf\)"),
        ((10.0, 0.1), TypeError, "num_classes of optimal_score_gap must be a whole number"),
        ((10, 0.0), ValueError, r"smoothing of optimal_score_gap must be in \(0, 1\)"),
        ((10, 1), ValueError, r"smoothing of optimal_score_gap must be in \(0, 1\)"),
    ],
)
def test_wrong_arguments_of_the_gap(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        optimal_score_gap(*arguments)
