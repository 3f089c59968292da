"""StopEarly: Keras' epochs, always the best weights, and every end in words; scripted curves."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from companion.callbacks import EvaluateSplits, StopEarly
from companion.from_scratch import StoppingRule

X = np.ones((2, 1))
TWO = StoppingRule(mode="min", patience=2)
FALLS_AND_RISES = [0.5, 0.4, 0.3, 0.45, 0.6, 0.1]


class Log(keras.callbacks.Callback):
    """Log scripted values, and note the weights of every epoch."""

    def __init__(self, values):
        super().__init__()
        self.values, self.weights = values, []

    def on_epoch_end(self, epoch, logs=None):
        logs["v"] = self.values[epoch]
        self.weights.append(self.model.get_weights())


class Script(Log):
    """Log scripted values, and set the only weight to the number of the epoch."""

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        self.model.layers[0].kernel.assign([[float(epoch)]])


@pytest.fixture(scope="module")
def model():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(0.0), "mse", run_eagerly=True)
    return model


def follow(model, values, stop, *, script_first=True, **options):
    """Return the epochs of a fit that logs the values, and the epoch whose weights are left."""
    callbacks = [Script(values), stop] if script_first else [stop, Script(values)]
    history = model.fit(X, X, epochs=len(values), callbacks=callbacks, verbose=0, **options)
    return history.epoch, int(model.get_weights()[0].item())


def test_stops_and_keeps_the_best_epoch(model):
    stop = StopEarly("v", TWO)
    assert follow(model, FALLS_AND_RISES, stop) == ([0, 1, 2, 3, 4], 2)
    assert stop.state == TWO.run(FALLS_AND_RISES)
    assert stop.reason == (
        "Stopped after epoch 5: v has not improved since epoch 3, whose weights are kept (0.3)."
    )


def test_keras_stops_there_too_and_by_default_keeps_the_last_weights(model):
    for restore, kept in ((False, 4), (True, 2)):
        stop = keras.callbacks.EarlyStopping(
            "v", mode="min", patience=2, restore_best_weights=restore
        )
        assert follow(model, FALLS_AND_RISES, stop) == ([0, 1, 2, 3, 4], kept)


def test_keeps_the_best_epoch_where_patience_lasts(model):
    stop = StopEarly("v", StoppingRule(mode="max", patience=9))
    assert follow(model, [1, 3, 2], stop) == ([0, 1, 2], 1)
    assert stop.reason == (
        "Ended after epoch 3 with patience left. "
        "The best v was that of epoch 2, whose weights are kept (3)."
    )


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_stops_at_once_and_is_never_the_best(model, bad):
    stop = StopEarly("v", StoppingRule(mode="max", patience=9))
    with pytest.warns(RuntimeWarning, match="Stopped after epoch 3: v is"):
        assert follow(model, [1, 2, bad, 5], stop) == ([0, 1, 2], 1)
    assert stop.reason == (
        f"Stopped after epoch 3: v is {bad}. The best was epoch 2, whose weights are kept (2)."
    )


def test_nan_before_there_is_anything_to_keep_is_refused(model):
    sentence = "'v' is nan after epoch 1, and StopEarly has no earlier epoch to keep. Lower the"
    with pytest.raises(ValueError, match=sentence):
        follow(model, [np.nan, 1, 2], StopEarly("v", TWO))


def test_a_name_that_is_not_logged_is_refused(model):
    sentence = (
        "monitor of StopEarly must be logged after every epoch. Got 'val_loss'; epoch 1 logs "
        "'loss', 'v'. Choose one of these"
    )
    with pytest.raises(ValueError, match=sentence):
        follow(model, [1, 2], StopEarly("val_loss", TWO))


def test_what_a_later_callback_logs_is_not_there_yet(model):
    with pytest.raises(ValueError, match="or move the callback that logs it before StopEarly"):
        follow(model, [1, 2], StopEarly("v", TWO), script_first=False)


def test_validation_that_is_not_measured_after_every_epoch_is_refused(model):
    options = {"validation_data": (X, X), "validation_freq": 2}
    with pytest.raises(ValueError, match="must be logged after every epoch"):
        follow(model, [1, 2], StopEarly("val_loss", TWO), **options)


def test_follows_evaluate_splits(build, train, test):
    model = build()
    stop = StopEarly("test_loss", StoppingRule(mode="max", patience=1))  # it falls: stop
    callbacks = [EvaluateSplits({"test": test}), stop]
    assert model.fit(*train, epochs=9, callbacks=callbacks, verbose=0).epoch == [0, 1]
    assert model.evaluate(*test, verbose=0)[0] == pytest.approx(stop.state.best, rel=1e-5)


def test_the_kept_weights_include_moving_statistics():
    model = keras.Sequential([keras.Input((1,)), keras.layers.BatchNormalization()])
    model.compile(keras.optimizers.SGD(0.0), "mse", run_eagerly=True)
    log = Log([0.5, 0.4, 0.6])
    model.fit(5 * X, X, epochs=3, callbacks=[log, StopEarly("v", TWO)], verbose=0)
    for have, kept in zip(model.get_weights(), log.weights[1], strict=True):
        assert_array_equal(have, kept)
    moving_mean = 2
    assert (log.weights[1][moving_mean] != log.weights[2][moving_mean]).all()


def test_a_second_fit_forgets_the_first(model):
    stop = StopEarly("v", TWO)
    follow(model, [0.1, 0.2, 0.3], stop)
    assert follow(model, [9, 8, 7], stop) == ([0, 1, 2], 2)
    assert "with patience left" in stop.reason


def test_epochs_keep_their_numbers_where_training_is_resumed(model):
    stop = StopEarly("v", StoppingRule(mode="min", patience=1, start_from_epoch=3))
    values = [0.0, 0.1, 0.2, 0.5, 0.6, 0.4]
    assert follow(model, values, stop, initial_epoch=2) == ([2, 3, 4], 3)
    assert "Stopped after epoch 5" in stop.reason


def test_a_warm_up_that_never_ends_keeps_the_last_weights(model):
    stop = StopEarly("v", StoppingRule(mode="min", patience=1, start_from_epoch=5))
    assert follow(model, [1, 2, 3], stop) == ([0, 1, 2], 2)
    assert stop.reason == "Ended after epoch 3, before start_from_epoch: the last weights are kept."


def test_values_that_improve_but_do_not_beat_the_baseline_stop_too(model):
    stop = StopEarly("v", StoppingRule(mode="min", patience=2, baseline=0.1))
    assert follow(model, [0.5, 0.4, 0.4, 0.3], stop) == ([0, 1, 2], 1)
    assert stop.reason == (
        "Stopped after epoch 3: v has not both improved and beaten the baseline 0.1 for 3 epochs. "
        "The best was that of epoch 2, whose weights are kept (0.4)."
    )


def test_an_epoch_that_logs_nothing_is_refused():
    with pytest.raises(ValueError, match="Got 'v'; epoch 1 logs nothing"):
        StopEarly("v", TWO).on_epoch_end(0, {})


def test_another_callback_may_stop_as_well(model):
    other = StopEarly("v", StoppingRule(mode="min", patience=1))
    stop = StopEarly("v", StoppingRule(mode="min", patience=9))
    script = Script([1, 2, 3, 4])
    history = model.fit(X, X, epochs=4, callbacks=[script, other, stop], verbose=0)
    assert history.epoch == [0, 1]
    assert stop.reason.startswith("Ended after epoch 2 with patience left")


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ((" ", TWO), ValueError, "monitor of StopEarly must be a string that is not blank"),
        ((3, TWO), TypeError, "monitor of StopEarly must be a string"),
        (("loss", 5), TypeError, r"rule of StopEarly must be a StoppingRule. Got rule=5. Try Stop"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        StopEarly(*arguments)
