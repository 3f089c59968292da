"""Every question of a diagnosis just below and above its threshold."""

import numpy as np
import pytest

from companion.diagnosis import diagnose
from companion.diagnosis.curves import gains
from tests.diagnosis.scripted import SETTLING, T, of_accuracy, of_loss


# Just below and above each threshold.
@pytest.mark.parametrize(
    ("verdict", "history"),
    [
        ("fine", of_accuracy(np.full(8, 0.67), np.full(8, 0.66))),  # a third not fitted
        ("underfits", of_accuracy(np.full(8, 0.66), np.full(8, 0.66))),
        ("fine", of_accuracy(np.full(8, 0.92), np.full(8, 0.85))),  # half of the error
        ("overfits", of_accuracy(np.full(8, 0.93), np.full(8, 0.85))),
        ("fine", of_accuracy(np.full(8, 0.75), np.full(8, 0.66))),  # a gap of ten points
        ("overfits", of_accuracy(np.full(8, 0.75), np.full(8, 0.64))),
        ("overfits", of_accuracy(np.full(8, 0.60), np.full(8, 0.35))),  # it does not underfit
        ("fine", of_accuracy(np.full(8, 1.0), np.full(8, 0.951))),  # a gap of five points
        ("overfits", of_accuracy(np.full(8, 1.0), np.full(8, 0.949))),
        ("fine", of_loss([1, 0.7, *[0.45] * 6], [1, 0.7, *[0.45] * 6])),  # half of the loss
        ("underfits", of_loss([1, 0.7, *[0.55] * 6], [1, 0.7, *[0.55] * 6])),
        ("too short", of_loss([1, 0.3, 0.64, *[0.3] * 3], [1, *[0.3] * 5])),  # half of 0.7
        ("unstable", of_loss([1, 0.3, 0.66, *[0.3] * 3], [1, *[0.3] * 5])),
        ("fine", of_loss([1, *[0.3] * 7], [1, *[0.3, 0.4] * 3, 0.3])),  # a scatter of a tenth
        ("unstable", of_loss([1, *[0.3] * 7], [0.5, *[0.3, 0.44] * 3, 0.3])),
    ],
)
def test_the_thresholds_are_where_they_are_said_to_be(verdict, history):
    assert diagnose(history).verdict == verdict


def test_a_gap_inside_the_standard_error_is_none():
    """Of 10 errors in 100 images 8 are missing in training: 8 points, 2.7 standard errors."""
    history = of_accuracy(np.full(8, 0.98), np.full(8, 0.90))
    assert diagnose(history, num_validation=100).verdict == "overfits"
    assert diagnose(history, num_validation=50).verdict == "fine"


def turned(lost):
    """Validation falls from 2 to 1 and rises by `lost` for a quarter of the run."""
    validation = [2.0, *[1.0] * 19, *[1.0 + lost] * 10]
    return of_loss([2.0, *[1.0] * 29], validation)


def test_a_tenth_of_what_was_gained_is_a_turn():
    assert diagnose(turned(0.09)).verdict == "fine"
    assert diagnose(turned(0.12)).verdict == "overfits"


def test_a_turn_must_exceed_the_scatter():
    """Alternating by s scatters by 4 s / sqrt(6): three times its noise is 0.22 and 0.07."""

    def scattered(size):
        rising = np.array([2.0, *[1.0] * 19, *[1.15] * 20])
        return of_loss([2.0, *[1.0] * 39], rising + size * (-1.0) ** np.arange(40))

    assert diagnose(scattered(0.03)).verdict == "overfits"
    assert diagnose(scattered(0.1)).verdict == "fine"


def test_validation_that_rises_with_training_has_not_turned():
    rising = np.array([2.0, *[1.0] * 19, *[1.3] * 10])
    assert diagnose(of_loss(rising, rising)).verdict != "overfits"


def test_a_curve_that_flattens_is_not_too_short():
    """Both gain as much in the last quarter; one gained 5 times as much in the one before."""
    steady = np.linspace(0.5, 0.348, 20)  # 0.04 a quarter
    flattening = steady + 0.16 * (np.arange(20) < 10)
    assert gains(steady)[1] == gains(flattening)[1]
    for errors, verdict in ((steady, "too short"), (flattening, "fine")):
        history = of_accuracy(np.full(20, 0.70), 1 - errors)
        assert diagnose(history).verdict == verdict


@pytest.mark.parametrize(("verdict", "gap"), [("fine", 0.0), ("fine", 0.11), ("overfits", 0.13)])
def test_a_loss_below_zero_is_judged_by_what_it_has_fallen(verdict, gap):
    """It falls by 0.8 from -2.2, so its floor is -3.4: a tenth of what is left is 0.12."""
    assert diagnose(of_loss(-3 + 0.8 * SETTLING, -3 + gap + 0.8 * SETTLING)).verdict == verdict


def test_a_loss_that_goes_on_falling_below_zero_is_too_short():
    assert diagnose(of_loss(-100 - 1.0 * T, -100 - 1.0 * T)).verdict == "too short"


def test_what_a_drop_of_the_learning_rate_gained_is_not_to_come():
    """Two quarters differ by 20 points, but inside the last one nothing moves."""
    dropped = np.repeat([0.6, 0.8], [23, 7])
    assert diagnose(of_accuracy(dropped + 0.05, dropped)).verdict == "fine"
    rising = 0.6 + 0.01 * np.arange(30)
    assert diagnose(of_accuracy(rising + 0.05, rising)).verdict == "too short"


def test_at_most_half_of_the_error_is_said_to_go():
    diagnosis = diagnose(of_loss(2 - 0.06 * np.arange(30), 2.1 - 0.06 * np.arange(30)))
    assert diagnosis.verdict == "too short"
    assert "could remove up to 50% of its error" in diagnosis.reason


def test_who_learns_fast_does_not_underfit_yet():
    """Over half of the training data is left; what is to come must be a third of it."""
    fast, slow = ({"train_accuracy": a, "validation_accuracy": a} for a in rates_of_learning())
    assert diagnose(fast).verdict == "too short"
    assert diagnose(slow).verdict == "underfits"


def rates_of_learning():
    return (0.2 + pace * np.arange(16) for pace in (0.014, 0.010))


def test_training_accuracy_with_dropout_on_is_no_poor_fit():
    accuracies = {"accuracy": np.full(8, 0.6), "val_accuracy": np.full(8, 0.7)}
    assert diagnose(accuracies).verdict == "fine"
    assert diagnose(of_accuracy(*accuracies.values())).verdict == "underfits"


def test_an_early_blip_is_small_against_the_whole_fall():
    """Of 0.1 won at first 0.09 are lost again; in the end the loss has fallen by 2."""
    blip = [2.3, 2.2, 2.29, *[0.3] * 9]
    assert diagnose(of_loss(blip, blip)).verdict == "fine"
    assert diagnose(of_loss([2.3, 2.2, 2.29], [2.3, 2.2, 2.2])).verdict == "unstable"


@pytest.mark.parametrize(("train", "verdict"), [(0.96, "overfits"), (0.94, "too short")])
def test_three_epochs_are_enough_where_all_is_learned_by_heart(train, verdict):
    history = of_accuracy([0.8, 0.9, train], [0.75, 0.74, 0.7])
    assert diagnose(history).verdict == verdict


def test_a_first_validation_loss_below_that_of_training_is_what_losses_are_measured_by():
    """Keras' first training loss is an average over the epoch: 0.55 of 1 is not learned."""
    history = of_loss([9.0, 0.7, *[0.55] * 6], [1.0, 0.7, *[0.55] * 6])
    assert diagnose(history).verdict == "underfits"
