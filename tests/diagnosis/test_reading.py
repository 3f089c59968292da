"""Reading a history: which names, containers and values it may have, and which not."""

import pytest

from companion.diagnosis import diagnose
from tests.diagnosis.scripted import (
    EACH,
    FINE,
    NAN,
    SETTLING,
    as_keras_logs_it,
    of_accuracy,
    of_loss,
)


@pytest.mark.parametrize(("verdict", "history"), EACH)
def test_names_containers_and_order_do_not_matter(verdict, history):
    class History:
        """What `fit` returns has the values in this attribute."""

    keras_history = History()
    keras_history.history = {
        metric: list(map(float, values)) for metric, values in as_keras_logs_it(history).items()
    }
    backwards = dict(reversed(history.items()))
    assert diagnose(keras_history).verdict == diagnose(backwards).verdict == verdict


def test_test_metrics_are_never_looked_at():
    bad = {"test_accuracy": "none", "test_loss": [NAN], "test_cross_entropy": None, "lr": [1, 2]}
    assert str(diagnose({**bad, **FINE})) == str(diagnose(FINE))


def test_training_metrics_in_inference_mode_go_before_those_of_fit():
    """With dropout on the network seems not to fit its training data."""
    with_dropout = {"accuracy": 0.5 - 0.2 * SETTLING, "loss": 1 + SETTLING}
    diagnosis = diagnose({**with_dropout, **FINE})
    assert diagnosis.verdict == "fine"
    assert diagnosis.evidence["training accuracy"] == pytest.approx(0.9276, abs=1e-4)
    assert "dropout on" not in str(diagnosis)
    assert "dropout on" in str(diagnose(as_keras_logs_it(FINE)))


def test_cross_entropy_goes_before_a_loss_with_penalties():
    penalized = {"train_loss": 3 - SETTLING, "validation_loss": 3 - SETTLING}  # it rises
    entropy = {
        "train_cross_entropy": 0.2 + 0.8 * SETTLING,
        "validation_cross_entropy": 0.22 + 0.8 * SETTLING,
    }
    assert diagnose({**penalized, **entropy}).verdict == "fine"


@pytest.mark.parametrize(
    ("history", "error", "sentence"),
    [
        ({}, ValueError, r"history of diagnose must be one that has a metric on training"),
        ([], TypeError, r"history of diagnose must be a Keras History or a mapping"),
        ([FINE], TypeError, r"history of diagnose must be a Keras History or a mapping"),
        (None, TypeError, r"history of diagnose must be a Keras History or a mapping"),
        ({"loss": [1.0]}, ValueError, r"must be one that has a metric .* Got history=\['loss'\]\."),
        ({"val_loss": [1.0]}, ValueError, r"must be one that has a metric"),
        ({"loss": [1.0], "val_accuracy": [1.0]}, ValueError, r"must be one that has a metric"),
        (of_loss([], []), ValueError, r"history\['loss'\] of diagnose must be one number an epoch"),
        (
            of_loss([[1.0]], [1.0]),
            ValueError,
            r"history\['loss'\] of diagnose must be one number an epoch",
        ),
        (of_loss([1, 2, 3], [1, 2]), ValueError, r"one value an epoch in .* Got 2 and 3 values\."),
        (of_loss(["1"], [1.0]), TypeError, r"history\['loss'\] of diagnose must be numbers"),
        (of_loss([True], [1.0]), TypeError, r"history\['loss'\] of diagnose must be numbers"),
        (of_loss([1.0], None), TypeError, r"history\['val_loss'\] of diagnose must be numbers"),
        (of_accuracy([73.0], [0.7]), ValueError, r"must be fractions in \[0, 1\]\. .* Try 0\.5"),
        (of_accuracy([0.7], [-0.1]), ValueError, r"\['validation_accuracy'\] of .* be fractions"),
    ],
)
def test_what_is_no_history(history, error, sentence):
    with pytest.raises(error, match=sentence):
        diagnose(history)


@pytest.mark.parametrize(
    "metric", ["sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"]
)
def test_keras_names_of_cross_entropy_go_before_the_loss(metric):
    penalized = {"loss": 3 + SETTLING, "val_loss": 3 + SETTLING}
    entropy = {metric: 0.2 + 0.8 * SETTLING, f"val_{metric}": 0.22 + 0.8 * SETTLING}
    diagnosis = diagnose({**penalized, **entropy})
    assert diagnosis.verdict == "fine"
    assert metric.replace("_", "-") in diagnosis.reason


def test_acc_is_an_accuracy():
    diagnosis = diagnose({"acc": [0.5], "val_acc": [0.4]})
    assert diagnosis.evidence["validation accuracy"] == pytest.approx(0.4)
