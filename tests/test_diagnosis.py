"""Diagnoses: scripted curves for every verdict, their edges, and the book's own records."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.diagnosis import compare, diagnose
from companion.diagnosis.curves import Curves, gain_to_come, gains, quarters
from companion.experiments import load
from companion.intervals import paired_interval

EPOCHS = 30
T = np.arange(EPOCHS)
SETTLING = np.exp(-T / 5)  # from 1 to 0.003
NAN, INF = math.nan, math.inf
LARGEST = float(np.finfo(np.float32).max)


def of_accuracy(train, validation, **more):
    """Accuracies measured in inference mode."""
    return {"train_accuracy": train, "validation_accuracy": validation, **more}


def of_loss(train, validation):
    return {"loss": train, "val_loss": validation}


FINE = of_accuracy(0.93 - 0.4 * SETTLING, 0.90 - 0.4 * SETTLING)
SCRIPTED = {
    "fine": [
        FINE,
        of_loss(0.2 + 0.8 * SETTLING, 0.22 + 0.8 * SETTLING),
        of_accuracy(np.full(8, 0.99), np.full(8, 0.985)),
    ],
    "underfits": [
        of_accuracy(0.35 - 0.1 * SETTLING, 0.34 - 0.1 * SETTLING),
        of_accuracy(np.full(20, 0.1), np.full(20, 0.1)),  # nothing is learned
        of_accuracy(  # a loss that stays at log(10) but for rounding has not climbed back
            np.full(20, 0.1), np.full(20, 0.1), loss=2.3026 + 1e-6 * np.arange(20)
        ),
        of_loss(0.9 + 0.1 * SETTLING, 0.91 + 0.1 * SETTLING),
        of_accuracy(0.2 + 0.002 * T, 0.2 + 0.002 * T),  # it improves, but far too slowly
    ],
    "overfits": [
        of_loss(1.5 * SETTLING, 0.5 + SETTLING + 0.02 * T),  # validation turns
        of_accuracy(1 - 0.5 * SETTLING, 0.7 - 0.2 * SETTLING),  # it does not: all is remembered
        of_accuracy(  # accuracy holds, cross-entropy turns
            0.95 - 0.4 * SETTLING,
            0.90 - 0.4 * SETTLING,
            train_cross_entropy=0.1 + SETTLING,
            validation_cross_entropy=0.4 + SETTLING + 0.02 * T,
        ),
        of_loss([1.0, 0.8, 0.5, 0.3, 0.1, 0.05], [1.0, 0.9, 0.8, 1.0, 1.2, 1.4]),
    ],
    "too short": [
        of_accuracy(0.5 + 0.01 * T, 0.5 + 0.009 * T),
        of_loss(2 - 0.05 * T, 2.1 - 0.05 * T),
        of_accuracy([0.90, 0.92, 0.93], [0.90, 0.91, 0.92]),
        of_accuracy(np.full(7, 0.99), np.full(7, 0.985)),  # one epoch more is fine
    ],
    "unstable": [
        of_loss([2.3, NAN, NAN], [2.3, 2.3, 2.3]),
        of_loss([2.3, 2.2, 2.1], [2.3, INF, 2.1]),
        of_loss([2.3, 2.2, LARGEST], [2.3, 2.2, 2.1]),  # what a record writes for infinity
        of_loss([2.3, 2.5, 10.0, 1e5], [2.3, 2.5, 10.0, 1e5]),
        of_loss([2.0, 1.0, 1.9, 0.9, 0.8, 0.7], [2.0, 1.0, 1.9, 1.0, 0.9, 0.8]),
        of_loss(0.1 + 1.5 * SETTLING, 1 + 3 * (T % 2)),  # validation swings
    ],
}
EACH = [(verdict, history) for verdict, each in SCRIPTED.items() for history in each]


@pytest.mark.parametrize(("verdict", "history"), EACH)
def test_scripted_curves_get_their_verdict(verdict, history):
    diagnosis = diagnose(history)
    assert diagnosis.verdict == verdict
    assert diagnosis.reason.endswith(".")
    assert diagnosis.advice
    assert all(math.isfinite(number) for number in diagnosis.evidence.values())


def as_keras_logs_it(history):
    names = {"train_": "", "validation_": "val_"}
    return {
        next((new + k.removeprefix(old) for old, new in names.items() if k.startswith(old)), k): v
        for k, v in history.items()
    }


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


@pytest.mark.parametrize(("verdict", "history"), EACH)
@pytest.mark.parametrize("factor", [0.25, 8.0])
def test_the_unit_of_a_loss_does_not_matter(verdict, history, factor):
    scaled = {
        metric: np.minimum(np.array(values) * (1 if "accuracy" in metric else factor), LARGEST)
        for metric, values in history.items()
        if LARGEST not in values
    }
    assert diagnose({**history, **scaled}).verdict == verdict


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


def test_it_reads_as_a_list_of_things_to_try():
    diagnosis = diagnose(FINE)
    lines = str(diagnosis).splitlines()
    assert lines[0] == f"fine: {diagnosis.reason}"
    assert lines[1:] == [f"- {sentence}" for sentence in diagnosis.advice]
    assert repr(diagnosis) == str(diagnosis)


def test_too_few_images_say_that_nothing_matters():
    """sqrt(0.5 * 0.5 / 100) = 5 points, of a difference times sqrt(2), twice: 14.1 points."""
    half = of_accuracy(np.full(8, 0.7), np.full(8, 0.5))
    diagnosis = diagnose(half, num_validation=100)
    assert diagnosis.evidence["standard error"] == pytest.approx(0.05)
    assert "for less than 14.1 points will matter" in str(diagnosis)
    assert "will matter" not in str(diagnose(half))


def test_a_gap_inside_the_standard_error_is_none():
    """Of 10 errors in 100 images 8 are missing in training: 8 points, 2.7 standard errors."""
    history = of_accuracy(np.full(8, 0.98), np.full(8, 0.90))
    assert diagnose(history, num_validation=100).verdict == "overfits"
    assert diagnose(history, num_validation=50).verdict == "fine"


# Just below and above each threshold.
@pytest.mark.parametrize(
    ("verdict", "history"),
    [
        ("fine", of_accuracy(np.full(8, 0.67), np.full(8, 0.66))),  # a third not fitted
        ("underfits", of_accuracy(np.full(8, 0.66), np.full(8, 0.66))),
        ("fine", of_accuracy(np.full(8, 0.89), np.full(8, 0.79))),  # half of the error
        ("overfits", of_accuracy(np.full(8, 0.91), np.full(8, 0.79))),
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


def turned(lost):
    """Validation falls from 2 to 1 and rises by `lost` for a quarter of the run."""
    validation = [2.0, *[1.0] * 19, *[1.0 + lost] * 10]
    return of_loss([2.0, *[0.8] * 29], validation)


def test_a_tenth_of_what_was_gained_is_a_turn():
    assert diagnose(turned(0.09)).verdict == "fine"
    assert diagnose(turned(0.12)).verdict == "overfits"


def test_a_turn_must_exceed_the_scatter():
    """Alternating by s scatters by 4 s / sqrt(6): three times its noise is 0.22 and 0.07."""

    def scattered(size):
        rising = np.array([2.0, *[1.0] * 19, *[1.15] * 20])
        return of_loss([2.0, *[0.8] * 39], rising + size * (-1.0) ** np.arange(40))

    assert diagnose(scattered(0.03)).verdict == "overfits"
    assert diagnose(scattered(0.1)).verdict == "fine"


def test_validation_that_rises_with_training_has_not_turned():
    rising = np.array([2.0, *[1.0] * 19, *[1.3] * 10])
    assert diagnose(of_loss(rising, rising)).verdict != "overfits"


def test_a_curve_that_flattens_is_not_too_short():
    """Both gain as much in the last quarter; one gained 5 times as much in the one before."""
    steady = np.repeat([0.5, 0.46, 0.42, 0.38], 5)
    flattening = np.repeat([0.7, 0.62, 0.42, 0.38], 5)
    assert gains(steady)[1] == gains(flattening)[1]
    for errors, verdict in ((steady, "too short"), (flattening, "fine")):
        history = of_accuracy(np.full(20, 0.75), 1 - errors)
        assert diagnose(history).verdict == verdict


def test_quarters_gains_and_pace_by_hand():
    curve = np.array([8.0, 7.0, 6.0, 5.0, 4.0, 4.0, 3.0, 3.0])
    assert quarters(curve).tolist() == [7.5, 6.5, 5.5, 4.5, 4.0, 3.5, 3.0]
    assert gains(curve) == (1.5, 1.0)
    assert gain_to_come(curve) == 4.0


def test_scatter_ignores_a_straight_trend_and_measures_noise():
    straight = Curves("loss", 5 - 0.1 * T, 5 - 0.1 * T, inference=True)
    assert straight.scatter == pytest.approx(0, abs=1e-12)
    noise = np.random.default_rng(1).normal(0, 0.3, 4000)
    noisy = Curves("loss", noise, noise + np.linspace(9, 2, 4000), inference=True)
    assert noisy.scatter == pytest.approx(0.3, rel=0.06)
    assert noisy.noise == pytest.approx(0.3 * math.sqrt(2 / 1000), rel=0.06)


@pytest.mark.parametrize(("verdict", "gap"), [("fine", 0.0), ("fine", 0.3), ("overfits", 0.5)])
def test_a_loss_below_zero_is_judged_by_what_it_has_fallen(verdict, gap):
    """It falls by 0.8, so its floor is -3.4: half of the error is a gap of 0.4."""
    assert diagnose(of_loss(-3 + 0.8 * SETTLING, -3 + gap + 0.8 * SETTLING)).verdict == verdict


def test_a_loss_that_goes_on_falling_below_zero_is_too_short():
    assert diagnose(of_loss(-100 - 1.0 * T, -100 - 1.0 * T)).verdict == "too short"


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
        (of_accuracy([0.7], [NAN]), ValueError, r"must be fractions in \[0, 1\]\. Got .*nan"),
    ],
)
def test_what_is_no_history(history, error, sentence):
    with pytest.raises(error, match=sentence):
        diagnose(history)


@pytest.mark.parametrize("count", [0, -1, 10**400, 2.5, True, "100"])
def test_a_wrong_number_of_images(count):
    with pytest.raises((TypeError, ValueError), match=r"^num_validation of diagnose must be"):
        diagnose(FINE, num_validation=count)


# The book's own records.


def histories(record, arm, epochs=None):
    runs = [run["history"] for run in load(record).content["runs"] if run["arm"] == arm]
    return [{metric: values[:epochs] for metric, values in one.items()} for one in runs]


@pytest.mark.parametrize(
    ("record", "arm", "verdicts"),
    [
        ("overfitting", "unregularized", {"overfits"}),
        ("capacity", "width-2", {"underfits"}),
        ("capacity", "width-32", {"overfits"}),
        ("baseline", "introductory", {"too short"}),  # claim baseline/still-improving
        ("l1", "penalty-0-01", {"underfits"}),  # it classifies nothing
        ("l1", "penalty-0-001", {"underfits"}),
        ("l1", "proximal-0-3", {"underfits"}),
        ("recompile", "new-model", {"unstable"}),  # a new model takes the old one's place
        ("recompile", "same-model", {"too short", "fine"}),
    ],
)
def test_it_is_right_on_the_records(record, arm, verdicts):
    runs = histories(record, arm)
    assert len(runs) == len(load(record).seeds)
    assert {diagnose(run).verdict for run in runs} == verdicts
    for run in runs:
        assert diagnose(run, num_validation=5_000).verdict == diagnose(run).verdict


def test_the_overfitting_record_overfits_by_its_cross_entropy():
    for run in histories("overfitting", "unregularized"):
        diagnosis = diagnose(run)
        assert "cross-entropy was best at epoch" in diagnosis.reason
        best = int(np.argmin(run["validation_cross_entropy"])) + 1
        assert diagnosis.evidence["best epoch"] == best


@pytest.mark.parametrize(
    ("record", "arm"), [("overfitting", "unregularized"), ("baseline", "introductory")]
)
def test_the_first_epochs_are_too_short(record, arm):
    assert {diagnose(run).verdict for run in histories(record, arm, 5)} == {"too short"}


# Several arms.


def runs_of(*accuracies):
    return [of_accuracy([0.1, one], [0.1, one]) for one in accuracies]


def test_equal_arms_are_inside_the_noise():
    comparison = compare({"plain": runs_of(0.70, 0.72, 0.71), "dropout": runs_of(0.71, 0.70, 0.72)})
    assert comparison.verdict == "inside the noise"
    assert "Nothing you tune here will matter" in comparison.advice[0]


def test_the_best_arm_is_compared_with_each_other_one():
    """Three arms have three pairs: the confidence of each interval is 1 - 0.05 / 3."""
    first, second, third = [0.80, 0.81, 0.82], [0.79, 0.815, 0.818], [0.70, 0.712, 0.719]
    comparison = compare({"c": runs_of(*third), "a": runs_of(*first), "b": runs_of(*second)})
    assert comparison.verdict == "different"
    confidence = 1 - 0.05 / 3
    leads = {
        "a over b": paired_interval(first, second, confidence),
        "a over c": paired_interval(first, third, confidence),
    }
    assert comparison.evidence.keys() == leads.keys()
    for name, lead in leads.items():
        found = comparison.evidence[name]
        values = (found.mean, found.low, found.high, found.n)
        assert values == pytest.approx((lead.mean, lead.low, lead.high, 3))
    assert "Take the simplest of 'a', 'b'" in comparison.advice[0]
    assert "it beats 1 of 2 others" in comparison.reason
    assert "0.23 points [" in comparison.reason


def test_an_arm_that_beats_all_is_taken():
    comparison = compare({"low": runs_of(0.50, 0.51), "high": runs_of(0.700, 0.711)})
    assert comparison.verdict == "different"
    assert comparison.advice[0] == "Take 'high'."


def test_of_losses_the_lowest_is_best():
    arms = {"low": [of_loss([1.0], [x]) for x in (0.5, 0.51)], "high": [of_loss([1], [2.0])] * 2}
    comparison = compare(arms)
    assert comparison.reason.startswith("By validation loss 'low' is best; its lead over 'high'")
    assert comparison.evidence["low over high"].mean == pytest.approx(1.495)


def test_the_last_epoch_counts_and_test_metrics_do_not():
    arms = {"a": runs_of(0.7, 0.71), "b": runs_of(0.8, 0.81)}
    for run in (*arms["a"], *arms["b"]):
        run["test_accuracy"] = [NAN, NAN]
        run["validation_accuracy"] = [1.0, *run["validation_accuracy"][1:]]
    assert compare(arms).evidence["b over a"].mean == pytest.approx(0.1)


def test_where_nothing_differs_few_studies_find_a_difference():
    """Six equal arms, three seeds: at most 5%; without sharing the confidence it is a third."""
    chance = np.random.default_rng(0)
    found = 0
    for study in chance.normal(0.7, 0.01, (200, 6, 3)):
        arms = {str(arm): runs_of(*accuracies) for arm, accuracies in enumerate(study)}
        found += compare(arms).verdict == "different"
    assert found <= 0.05 * 200


def test_records_compared():
    """Width decides; the weak penalties of the L1 study do not."""
    widths = {f"width-{width}": histories("capacity", f"width-{width}") for width in (2, 4, 8)}
    comparison = compare(widths)
    assert comparison.verdict == "different"
    assert comparison.advice[0] == "Take 'width-8'."
    weak = {arm: histories("l1", arm) for arm in ("none", "penalty-1e-05", "proximal-0-01")}
    assert compare(weak).verdict == "inside the noise"


def test_a_run_that_diverged_counts_with_its_accuracy():
    diverged = [{**run, "loss": [1, NAN], "val_loss": [1, NAN]} for run in runs_of(0.1, 0.1)]
    comparison = compare({"hot": diverged, "cool": runs_of(0.7, 0.71)})
    assert comparison.evidence["cool over hot"].mean == pytest.approx(0.605)


TWO = runs_of(0.7, 0.71)


@pytest.mark.parametrize(
    ("arms", "error", "sentence"),
    [
        ([TWO, TWO], TypeError, r"^arms of compare must be a mapping of two names or more"),
        ({}, ValueError, r"^arms of compare must be a mapping of two names or more"),
        ({"a": TWO}, ValueError, r"^arms of compare must be a mapping of two names or more"),
        ({"a": TWO, "": TWO}, ValueError, r"^a name in arms of compare must be"),
        ({"a": TWO, "b": TWO[0]}, TypeError, r"^arms\['b'\] of compare must be a list"),
        ({"a": TWO, "b": TWO[:1]}, ValueError, r"^arms\['b'\] of compare must be a list"),
        ({"a": TWO, "b": [*TWO, *TWO]}, ValueError, r"must be as many seeds in every arm"),
        ({"a": TWO, "b": [of_loss([1], [1])] * 2}, ValueError, r"all with the same metric"),
        (
            {"a": TWO, "b": [{}, {}]},
            ValueError,
            r"^arms\['b'\]\[0\] of compare must be one that has",
        ),
        (
            {"a": [of_loss([1], [1])] * 2, "b": [of_loss([1], [NAN])] * 2},
            ValueError,
            r"^arms\['b'\] of compare must be runs whose last loss is finite",
        ),
    ],
)
def test_what_cannot_be_compared(arms, error, sentence):
    with pytest.raises(error, match=sentence):
        compare(arms)
