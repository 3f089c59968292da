"""Softmax and cross-entropy: their properties, values by hand, and equality with Keras."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose

from companion.from_scratch import cross_entropy, softmax

SCORES = arrays(
    np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-300, 300)
)
P = np.array([[0.2, 0.8], [0.5, 0.5]])
Y = np.array([1, 0])


def random_batch(seed: int, scale: float) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    scores = generator.normal(0, scale, (50, 10)).astype(np.float32)
    return scores, generator.integers(0, 10, 50)


@given(SCORES)
def test_rows_are_probabilities(scores):
    probabilities = softmax(scores)
    assert probabilities.shape == scores.shape
    assert (probabilities >= 0).all()
    assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-12)


@given(SCORES, st.floats(-1000, 1000))
def test_adding_the_same_to_all_scores_changes_nothing(scores, shift):
    assert_allclose(softmax(scores + shift), softmax(scores), rtol=1e-9, atol=1e-300)


@given(SCORES)
def test_larger_scores_get_larger_probabilities(scores):
    order = np.argsort(scores, axis=1, kind="stable")
    sorted_probabilities = np.take_along_axis(softmax(scores), order, axis=1)
    assert (np.diff(sorted_probabilities, axis=1) >= 0).all()


def test_values_by_hand():
    assert_allclose(softmax(np.log([[1.0, 2.0, 5.0]])), [[0.125, 0.25, 0.625]])
    assert cross_entropy(P, Y) == pytest.approx(-(np.log(0.8) + np.log(0.5)) / 2, rel=1e-15)


def test_huge_scores_do_not_overflow():
    assert_allclose(softmax(np.array([[1e300, 0.0], [-1e300, 0.0]])), [[1, 0], [0, 1]])


@pytest.mark.parametrize("num_classes", [2, 10])
def test_one_that_knows_nothing_has_the_logarithm_of_the_number_of_classes(num_classes):
    probabilities = softmax(np.zeros((3, num_classes)))
    assert cross_entropy(probabilities, np.zeros(3, int)) == pytest.approx(np.log(num_classes))


def test_only_the_right_class_counts():
    """A network that is sure gives other classes a probability of exactly 0 in float32."""
    sure = np.array([[1.0, 0.0]], dtype=np.float32)
    assert cross_entropy(sure, np.array([0])) == 0


@pytest.mark.parametrize("scale", [0.1, 1, 5])
def test_softmax_equals_keras(scale):
    scores, _ = random_batch(1, scale)
    assert softmax(scores).dtype == np.float32
    assert_allclose(softmax(scores), keras.ops.softmax(scores), atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("scale", [0.1, 1, 3])
def test_cross_entropy_equals_keras(scale):
    scores, labels = random_batch(2, scale)
    probabilities = softmax(scores)
    expected = float(keras.losses.SparseCategoricalCrossentropy()(labels, probabilities))
    assert cross_entropy(probabilities, labels) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("scores", "error"),
    [
        ([[1.0]], TypeError),
        (np.zeros((2, 2), int), TypeError),
        (np.zeros(3), ValueError),
        (np.zeros((0, 3)), ValueError),
        (np.array([[np.nan]]), ValueError),
        (np.array([[np.inf]]), ValueError),
    ],
)
def test_wrong_scores(scores, error):
    with pytest.raises(error, match=r"^scores of softmax must be"):
        softmax(scores)


@pytest.mark.parametrize(
    ("probabilities", "labels", "error", "sentence"),
    [
        ([[1.0]], Y, TypeError, "probabilities of cross_entropy must be an array"),
        (P[0], Y, ValueError, "probabilities of cross_entropy must be an array"),
        (P, [1, 0], TypeError, "labels of cross_entropy must be an array"),
        (P, Y.astype(float), TypeError, "labels of cross_entropy must be an array"),
        (P, Y[:1], ValueError, "labels of cross_entropy must be an array of shape (2)"),
        (P, Y[:, None], ValueError, "labels of cross_entropy must be an array of shape (2)"),
        (P, Y + 1, ValueError, "must be from 0 to 1. Got labels from 1 to 2."),
        (P, Y - 1, ValueError, "must be from 0 to 1. Got labels from -1 to 0."),
        (P - 0.5, Y, ValueError, "must be in (0, 1] for the right classes. Got values from 0.0"),
        (P * 2, Y, ValueError, "must be in (0, 1] for the right classes. Got values from 1.0"),
    ],
)
def test_wrong_arguments(probabilities, labels, error, sentence):
    with pytest.raises(error) as caught:
        cross_entropy(probabilities, labels)
    assert sentence in str(caught.value)
