"""The stopping rule: curves decided by hand, equality with Keras' EarlyStopping on random ones."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.from_scratch import StoppingRule, StoppingState

# Multiples of 1/32: exact in float32, in which Keras compares, and so in float64.
EXACT = st.integers(-32, 32).map(lambda count: count / 32)
CURVES = st.lists(EXACT, min_size=1, max_size=12)
RULES = st.builds(
    StoppingRule,
    mode=st.sampled_from(["min", "max"]),
    patience=st.integers(0, 4),
    min_delta=st.integers(0, 16).map(lambda count: count / 32),
    baseline=st.none() | EXACT,
    start_from_epoch=st.integers(0, 3),
)


class NoModel:
    """As much of a model as EarlyStopping needs; its weights are the number of the epoch."""

    stop_training = False
    metrics = ()

    def __init__(self):
        self.weights = -1

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights


def decided_by_keras(rule, values, **options):
    """Return the last epoch, the one whose weights Keras restores, and whether it stopped."""
    model = NoModel()
    stop = keras.callbacks.EarlyStopping("v", restore_best_weights=True, **vars(rule) | options)
    stop.set_model(model)
    stop.on_train_begin()
    for epoch, value in enumerate(values):
        model.weights = last = epoch
        stop.on_epoch_end(epoch, {"v": value})
        if model.stop_training:
            break
    stop.on_train_end()
    nothing_watched = last < rule.start_from_epoch
    return last, -1 if nothing_watched else model.weights, model.stop_training


def decided(rule, values):
    state = rule.run(values)
    return state.epoch, state.best_epoch, state.stop


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        (StoppingRule(mode="min", patience=2), [3, 2, 4, 5, 1], (3, 1, True)),
        (StoppingRule(mode="min", patience=3), [3, 2, 4, 5, 1], (4, 4, False)),
        (StoppingRule(mode="max", patience=1), [1, 2, 2, 3], (2, 1, True)),  # a tie is no progress
        (StoppingRule(mode="min", patience=1), [3, 2, 1], (2, 2, False)),
        (StoppingRule(mode="min", patience=2, min_delta=1), [5, 4.5, 4.1, 3], (2, 0, True)),
        (StoppingRule(mode="min", patience=2, min_delta=1), [5, 4.5, 3.5, 2], (3, 3, False)),
        (StoppingRule(mode="min", patience=1, min_delta=1), [5, 4, 3], (1, 0, True)),  # not above 1
        (StoppingRule(mode="min", patience=1, start_from_epoch=3), [1, 2, 3, 9, 8], (4, 4, False)),
        (StoppingRule(mode="min", patience=1, start_from_epoch=9), [1, 2, 3], (2, -1, False)),
        (StoppingRule(mode="min", patience=2, baseline=1), [5, 4, 3, 3, 0], (3, 2, True)),
        (StoppingRule(mode="min", patience=2, baseline=1), [5, 4, 3, 2, 1.5], (4, 4, False)),
        (StoppingRule(mode="min", patience=2, baseline=4), [5, 3, 3, 2, 2, 2], (5, 3, True)),
    ],
)
def test_decided_by_hand(rule, values, expected):
    assert decided(rule, values) == expected
    assert decided_by_keras(rule, values) == expected


@settings(max_examples=300)
@given(RULES, CURVES)
def test_decides_as_keras_does(rule, values):
    assert decided(rule, values) == decided_by_keras(rule, values)


@given(RULES, CURVES)
def test_a_mirrored_curve_is_decided_alike(rule, values):
    mirrored = StoppingRule(
        mode="max" if rule.mode == "min" else "min",
        patience=rule.patience,
        min_delta=rule.min_delta,
        baseline=None if rule.baseline is None else -rule.baseline,
        start_from_epoch=rule.start_from_epoch,
    )
    assert decided(mirrored, [-value for value in values]) == decided(rule, values)


@given(CURVES, st.integers(1, 5))
def test_more_patience_keeps_nothing_worse_and_stops_no_earlier(values, patience):
    less, more = (
        StoppingRule(mode="min", patience=p).run(values) for p in (patience, 1 + patience)
    )
    assert more.best <= less.best
    assert more.epoch >= less.epoch
    assert less.best == min(values[: less.epoch + 1])
    assert not less.stop or less.epoch - less.best_epoch == patience


@given(RULES, CURVES)
def test_a_patience_of_zero_does_what_one_does(rule, values):
    zero, one = (StoppingRule(**vars(rule) | {"patience": patience}) for patience in (0, 1))
    assert decided(zero, values) == decided(one, values)


def test_a_step_changes_nothing_in_place():
    rule = StoppingRule(mode="max", patience=2)
    before = rule.init()
    after = rule.update(0, 0.5, before)
    assert before == rule.init() == (-1, -np.inf, -1, 0, False)
    assert after == StoppingState(epoch=0, best=0.5, best_epoch=0, wait=0, stop=False)


@pytest.mark.parametrize("patience", [1, 3])
def test_keras_keeps_a_first_nan_as_the_best_and_restores_its_weights(patience):
    """Nothing is below NaN: epoch 0 stays the best of a falling loss."""
    rule = StoppingRule(mode="min", patience=patience)
    last, restored, stopped = decided_by_keras(rule, [np.nan, 0.9, 0.8, 0.7, 0.6])
    assert (last, restored, stopped) == (patience, 0, True)


def test_nan_is_refused():
    rule = StoppingRule(mode="min", patience=3)
    with pytest.raises(
        ValueError, match=r"value of StoppingRule.update must be in .* Got value=nan"
    ):
        rule.update(0, np.nan, rule.init())


def test_keras_turns_the_sign_of_a_negative_min_delta():
    positive = StoppingRule(mode="min", patience=1, min_delta=0.5)
    values = [2.0, 1.75, 1.0]
    assert decided_by_keras(positive, values) == (1, 0, True)
    assert decided_by_keras(positive, values, min_delta=-0.5) == (1, 0, True)


def test_keras_compares_in_float32():
    """A difference of 1e-9 is no improvement there; float64 sees it."""
    rule, values = StoppingRule(mode="min", patience=1), [1.0, 1.0 - 1e-9]
    assert decided_by_keras(rule, values) == (1, 0, True)
    assert decided(rule, values) == (1, 1, False)


RULE = StoppingRule(mode="min", patience=5)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: StoppingRule(mode="auto", patience=5), ValueError, "mode of StoppingRule must be"),
        (lambda: StoppingRule(mode=None, patience=5), TypeError, "mode of StoppingRule must be"),
        (
            lambda: StoppingRule(mode="min", patience=-1),
            ValueError,
            r"patience of StoppingRule must be in \[0, inf\). Got patience=-1. Try 5.",
        ),
        (lambda: StoppingRule(mode="min", patience=2.0), TypeError, "patience of StoppingRule"),
        (
            lambda: StoppingRule(mode="min", patience=5, min_delta=-0.1),
            ValueError,
            r"min_delta of StoppingRule must be in \[0, inf\)",
        ),
        (
            lambda: StoppingRule(mode="min", patience=5, baseline=np.nan),
            ValueError,
            "baseline of StoppingRule must be in",
        ),
        (
            lambda: StoppingRule(mode="min", patience=5, start_from_epoch=-1),
            ValueError,
            "start_from_epoch of StoppingRule must be in",
        ),
        (lambda: RULE.run([]), ValueError, "values of StoppingRule.run must be at least 1 finite"),
        (lambda: RULE.run([0.9, np.nan]), ValueError, "values of .* with NaN or infinity"),
        (lambda: RULE.run("0.9"), TypeError, "values of StoppingRule.run must be"),
        (lambda: RULE.update(-1, 0.5, RULE.init()), ValueError, "epoch of StoppingRule.update"),
        (
            lambda: RULE.update(1, 0.5, RULE.run([0.5, 0.4])),
            ValueError,
            r"in \[2, inf\).*Got epoch=1",
        ),
        (lambda: RULE.update(0, "0.5", RULE.init()), TypeError, "value of StoppingRule.update"),
        (lambda: RULE.update(0, 0.5, None), TypeError, "state of StoppingRule.update must be a S"),
    ],
)
def test_wrong_arguments_give_one_sentence(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()
