"""EvaluateSplits: what reaches the History is what `model.evaluate` says; nothing else changes."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.callbacks import EvaluateSplits

X, Y = np.zeros((40, 4)), np.zeros(40)


def test_logs_equal_evaluate_in_inference_mode(build, train, test):
    model, splits = build(dropout=0.5, l2=0.1), {"train": train, "test": test}
    measure = EvaluateSplits(splits, batch_size=7)
    history = model.fit(*train, epochs=2, callbacks=[measure], verbose=0).history

    for name, pair in splits.items():
        expected = model.evaluate(*pair, batch_size=40, verbose=0, return_dict=True)
        for metric in ("loss", "accuracy", "cross_entropy"):
            assert len(history[f"{name}_{metric}"]) == 2
            assert_allclose(history[f"{name}_{metric}"][-1], expected[metric], rtol=1e-5)
    assert history["train_loss"][-1] != pytest.approx(history["loss"][-1], rel=1e-3)


def test_keras_own_logs_stay_what_they_were_beside_cached_validation_data(build, train, test):
    measure = EvaluateSplits({"test": test, "train": train})
    plain, measured = (
        build(dropout=0.5).fit(
            *train, validation_data=test, epochs=3, callbacks=callbacks, verbose=0
        )
        for callbacks in ([], [measure])
    )
    for name, values in plain.history.items():
        assert_allclose(measured.history[name], values, rtol=1e-6, err_msg=name)
    assert_allclose(measured.history["test_loss"], plain.history["val_loss"], rtol=1e-5)


def test_a_later_callback_can_monitor_the_logs(build, train, test):
    stop = keras.callbacks.EarlyStopping("test_loss", mode="max", patience=1)  # it falls: stop
    callbacks = [EvaluateSplits({"test": test}), stop]
    assert build().fit(*train, epochs=9, callbacks=callbacks, verbose=0).epoch == [0, 1]


def test_a_model_with_two_named_inputs():
    left, right = keras.Input((3,), name="left"), keras.Input((3,), name="right")
    total = keras.layers.Add()([left, right])
    scaled = keras.layers.Dense(3, kernel_initializer="identity")(total)
    model = keras.Model({"left": left, "right": right}, scaled)
    model.compile(keras.optimizers.SGD(0.0), "mse")
    inputs = {"left": np.ones((5, 3)), "right": np.ones((5, 3))}
    measure = EvaluateSplits({"same": (inputs, np.full((5, 3), 4.0))})
    history = model.fit(inputs, np.ones((5, 3)), callbacks=[measure], verbose=0).history
    assert history["same_loss"] == [4.0]  # (1 + 1 - 4) ** 2


def test_two_callbacks_with_the_same_name_are_refused(build, train):
    twice = [EvaluateSplits({"train": train}) for _ in range(2)]
    with pytest.raises(ValueError, match="'train_accuracy' is logged by two callbacks"):
        build().fit(*train, callbacks=twice, verbose=0)


@pytest.mark.parametrize(
    ("splits", "error", "sentence"),
    [
        ([("test", (X, Y))], TypeError, "splits of EvaluateSplits must be a mapping"),
        ({}, ValueError, "splits of EvaluateSplits must not be empty"),
        ({3: (X, Y)}, TypeError, "a split name of EvaluateSplits must be a string"),
        ({"test": X}, TypeError, r"splits\['test'\] of EvaluateSplits must be a pair"),
        ({"test": (X, Y, Y)}, ValueError, r"splits\['test'\] of EvaluateSplits must be a pair"),
        (
            {"test": (X, Y[:3])},
            ValueError,
            r"shapes \[\(40, 4\), \(3,\)\]",
        ),
        ({"test": (X[:0], Y[:0])}, ValueError, "at least 1"),
        ({"test": ([1, 2], [3, 4])}, ValueError, "of arrays"),
    ],
)
def test_wrong_splits_give_one_sentence(splits, error, sentence):
    with pytest.raises(error, match=sentence):
        EvaluateSplits(splits)


def test_wrong_batch_size_gives_one_sentence():
    with pytest.raises(ValueError, match="batch_size of EvaluateSplits must be in"):
        EvaluateSplits({"test": (X, Y)}, batch_size=0)
