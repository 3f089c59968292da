"""The arguments of `fit` in a fold: what is refused, what is copied, which epoch is scored."""

import threading

import keras
import pytest

from companion.callbacks import StopEarly
from companion.from_scratch import StoppingRule
from companion.tuning._fit_arguments import check_fit, fresh_arguments
from tests.refusal import refused


def stop_early(monitor="val_loss"):
    return StopEarly(monitor, StoppingRule(mode="min", patience=1))


def test_good_arguments_pass():
    fit = {"epochs": 3, "batch_size": None, "callbacks": [stop_early()], "class_weight": {0: 2.0}}
    assert check_fit(fit, has_inner=True, owner="f") is fit
    assert check_fit(None, has_inner=False, owner="f") == {}
    check_fit({"callbacks": [stop_early("loss")]}, has_inner=False, owner="f")


def test_the_test_rows_choose_nothing():
    with refused(
        ValueError,
        "fit['validation_data'] of f must be left out, since test rows would choose the epoch. "
        "Got fit['validation_data']=(1, 2). "
        "Try inner=ShuffleSplit(n_splits=1, test_size=0.2, random_state=0).",
    ):
        check_fit({"validation_data": (1, 2)}, has_inner=True, owner="f")


@pytest.mark.parametrize(
    "name", ["x", "y", "validation_split", "sample_weight", "initial_epoch", "validation_data"]
)
def test_what_a_fold_decides_is_left_out(name):
    with pytest.raises(ValueError, match=rf"^fit\['{name}'\] of f must be left out, since "):
        check_fit({name: None}, has_inner=False, owner="f")


@pytest.mark.parametrize(
    ("fit", "error", "sentence"),
    [
        (3, TypeError, "fit of f must be a mapping"),
        ({1: 2}, TypeError, "a name in fit of f must be a string"),
        ({"epoch": 2}, ValueError, "a name in fit of f must be an argument of model.fit: batch_"),
        ({"epochs": 0}, ValueError, r"fit\['epochs'\] of f must be in \[1, inf\)"),
        ({"batch_size": 0.5}, TypeError, r"fit\['batch_size'\] of f must be a whole number"),
        ({"callbacks": 3}, TypeError, r"fit\['callbacks'\] of f must be a list"),
        ({"callbacks": [3]}, TypeError, r"fit\['callbacks'\]\[0\] of f must be a Keras callback"),
    ],
)
def test_wrong_arguments(fit, error, sentence):
    with pytest.raises(error, match=sentence):
        check_fit(fit, has_inner=False, owner="f")


@pytest.mark.parametrize(
    "callback",
    [
        stop_early(),
        keras.callbacks.EarlyStopping(restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau(),
    ],
    ids=lambda callback: type(callback).__name__,
)
def test_nobody_watches_validation_data_that_are_not_there(callback):
    with pytest.raises(ValueError, match=r"monitor of f must be logged.*Try inner=ShuffleSplit"):
        check_fit({"callbacks": callback}, has_inner=False, owner="f")
    check_fit({"callbacks": callback}, has_inner=True, owner="f")


def test_keras_early_stopping_that_keeps_the_last_weights():
    stop = keras.callbacks.EarlyStopping()
    with pytest.warns(UserWarning, match="leaves the last weights, and these are scored"):
        check_fit({"callbacks": [stop]}, has_inner=True, owner="f")


def test_a_used_callback():
    callback = keras.callbacks.TerminateOnNaN()
    callback.set_model(keras.Sequential())
    with pytest.raises(ValueError, match=r"a callback that no fit has used.*Try TerminateOnNaN"):
        check_fit({"callbacks": [callback]}, has_inner=False, owner="f")


def test_a_callback_that_cannot_be_copied():
    callback = keras.callbacks.TerminateOnNaN()
    callback.lock = threading.Lock()
    with pytest.raises(TypeError, match=r"must be a callback that can be copied.*every fold"):
        check_fit({"callbacks": [callback]}, has_inner=False, owner="f")


def test_every_fold_has_callbacks_of_its_own():
    fit = {"callbacks": [stop_early()]}
    one, two = (fresh_arguments(fit)["callbacks"][0] for _ in range(2))
    assert len({id(one), id(two), id(fit["callbacks"][0])}) == 3
    assert fresh_arguments(None) == {"verbose": 0, "callbacks": []}
    assert fresh_arguments({"verbose": 2})["verbose"] == 2
