"""Diagnoses of one run: verdicts of scripted curves, their numbers and their advice."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.diagnosis import diagnose
from tests.diagnosis.scripted import EACH, FINE, INF, LARGEST, NAN, SCRIPTED, of_accuracy, of_loss


@pytest.mark.parametrize(("verdict", "history"), EACH)
def test_scripted_curves_get_their_verdict(verdict, history):
    diagnosis = diagnose(history)
    assert diagnosis.verdict == verdict
    assert diagnosis.reason.endswith(".")
    assert diagnosis.advice
    assert all(math.isfinite(number) for number in diagnosis.evidence.values())
    assert diagnosis.evidence["epochs"] == len(next(iter(history.values())))


@pytest.mark.parametrize(("verdict", "history"), EACH)
@pytest.mark.parametrize("factor", [0.25, 8.0])
def test_the_unit_of_a_loss_does_not_matter(verdict, history, factor):
    scaled = {
        metric: np.minimum(np.array(values) * (1 if "accuracy" in metric else factor), LARGEST)
        for metric, values in history.items()
        if LARGEST not in values
    }
    assert diagnose({**history, **scaled}).verdict == verdict


def test_the_numbers_are_those_of_the_curves():
    """A quarter of 8 epochs is 2: means of (0.1, 0.1) and (1.4, 1.6), best of (0.8, 1.0)."""
    train = [1.5, 1.0, 0.7, 0.5, 0.3, 0.2, 0.1, 0.1]
    diagnosis = diagnose(of_loss(train, [1.6, 1.2, 1.0, 0.8, 1.0, 1.2, 1.4, 1.6]))
    assert diagnosis.verdict == "overfits"
    expected = {
        "epochs": 8,
        "training loss": 0.1,
        "validation loss": 1.5,
        "gap": 1.4,
        "noise of a quarter": 0.0,
        "best epoch": 4,
        "gained": 0.7,
        "lost again": 0.6,
    }
    assert diagnosis.evidence == pytest.approx(expected, abs=1e-12)
    assert diagnosis.reason == (
        "The validation loss was best at epoch 4 and has turned: in its best quarter of the run it "
        "was 0.9, in the last 1.5, and the gap has widened."
    )


def test_the_advice_says_how_exactly_the_images_measure_one_run():
    """Half of Wilson's interval: z sqrt(1/4 + z^2/400) / 10 / (1 + z^2/100) is 9.6 points."""
    half = of_accuracy(np.full(8, 0.7), np.full(8, 0.5))
    diagnosis = diagnose(half, num_validation=100)
    assert diagnosis.evidence["standard error"] == pytest.approx(0.05)
    assert "100 validation images measure the accuracy of one run to +-9.6 points" in str(diagnosis)
    assert "validation images measure" not in str(diagnose(half))
    perfect = diagnose(of_accuracy(np.full(8, 1.0), np.full(8, 1.0)), num_validation=100)
    assert "+-1.8 points" in str(perfect)  # z^2 / (2 (100 + z^2)), where the binomial error is 0


curves = st.lists(st.floats(-1e6, 1e6) | st.just(NAN) | st.just(INF), min_size=1, max_size=40)


accuracies = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@settings(max_examples=50)
@given(curves, curves, accuracies, accuracies)
def test_every_valid_history_has_a_diagnosis(loss, val_loss, accuracy, val_accuracy):
    epochs = min(map(len, (loss, val_loss, accuracy, val_accuracy)))
    both = {"loss": loss, "val_loss": val_loss, "accuracy": accuracy, "val_accuracy": val_accuracy}
    whole = {metric: values[:epochs] for metric, values in both.items()}
    for history in (whole, of_loss(whole["loss"], whole["val_loss"])):
        diagnosis = diagnose(history, num_validation=10)
        assert diagnosis.verdict in SCRIPTED
        assert "nan" not in diagnosis.reason
        assert all(math.isfinite(number) for number in diagnosis.evidence.values())
    assert (diagnosis.verdict == "unstable") or np.isfinite(whole["loss"]).all()


@pytest.mark.parametrize("count", [0, -1, 10**400, 2.5, True, "100"])
def test_a_wrong_number_of_images(count):
    with pytest.raises((TypeError, ValueError), match=r"^num_validation of diagnose must be"):
        diagnose(FINE, num_validation=count)
