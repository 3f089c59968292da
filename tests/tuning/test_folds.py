"""One fold: which epoch is scored, and models and splitters that are refused."""

import gc
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from sklearn.model_selection import KFold, StratifiedKFold, TimeSeriesSplit

from companion.callbacks import StopEarly
from companion.from_scratch import StoppingRule
from companion.tuning.folds import Fold, fingerprint_folds, run_fold, split_folds

X, Y = np.ones((6, 1)), np.zeros(6)
FOLD = Fold(0, np.arange(4), np.arange(4, 6))
SCRIPT = [3.0, 1.0, 2.0, 2.0, 2.0]  # best after the second epoch


def build(metrics=("mae",)):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(0.0), "mse", metrics=list(metrics), run_eagerly=True)
    return model


def run(build=build, fold=FOLD, preprocess=None, **fit):
    return run_fold(build, X, Y, fold, fit=fit, preprocess=preprocess, inner=None, seed=0)


class Scripted(keras.callbacks.Callback):
    """Makes the weight the number of the epoch, from 1, and logs a value by a script."""

    def on_train_begin(self, logs=None):
        del logs
        assert not hasattr(self, "used")
        self.used = True

    def on_epoch_end(self, epoch, logs=None):
        self.model.set_weights([np.full((1, 1), epoch + 1.0)])
        logs["script"] = SCRIPT[epoch]


def keras_stop(**options):
    return keras.callbacks.EarlyStopping("script", mode="min", patience=2, **options)


@pytest.mark.parametrize(
    ("stop", "epochs", "best"),
    [
        ([], 5, 5),
        ([StopEarly("script", StoppingRule(mode="min", patience=2))], 4, 2),
        ([StopEarly("script", StoppingRule(mode="min", patience=9))], 5, 2),
        ([keras_stop(restore_best_weights=True)], 4, 2),
        ([keras_stop(restore_best_weights=False)], 4, 4),
    ],
    ids=["none", "StopEarly", "patient", "restoring", "last weights"],
)
def test_the_best_epoch_is_the_one_whose_weights_are_scored(stop, epochs, best):
    """The prediction is the epoch's number, the target 0, so the error is that number."""
    callbacks = [Scripted(), *stop]
    for _ in range(2):  # a second fold has fresh ones
        result = run(epochs=5, callbacks=callbacks)
        assert (result.epochs, result.best_epoch, result.scores["mae"]) == (epochs, best, best)
    assert not hasattr(callbacks[0], "used")


def test_numbers_of_rows_leave_out_what_early_stopping_watches():
    result = run_fold(
        build, X, Y, FOLD, fit=None, preprocess=None, inner=TimeSeriesSplit(3), seed=0
    )
    assert (result.num_train, result.num_test) == (3, 2)


def test_a_fold_leaves_no_graph_behind():
    """Hundreds of folds must fit into the memory of a laptop."""

    def traced():
        layers = [keras.layers.Dense(2, "relu"), keras.layers.Dense(1)]
        model = keras.Sequential([keras.Input((1,)), *layers])
        model.compile("adam", "mse")
        return model

    def graphs():
        run(traced)
        gc.collect()
        return sum(type(thing).__name__ == "FuncGraph" for thing in gc.get_objects())

    assert graphs() == graphs()


def compiled_again():
    """Compiling again with a new optimizer does not reset the weights."""
    model = build()

    def rebuild():
        model.compile("adam", "mse", run_eagerly=True)
        return model

    return rebuild


def trained():
    model = build()
    model.fit(X, Y, verbose=0)
    return model


def shared_layer():
    dense = keras.layers.Dense(1)

    def rebuild():
        model = keras.Sequential([keras.Input((1,)), dense])
        model.compile("sgd", "mse", run_eagerly=True)
        return model

    return rebuild


def same_model():
    model = build()
    return lambda: model


@pytest.mark.parametrize("make", [compiled_again, shared_layer, same_model])
def test_a_second_fold_on_trained_weights(make):
    rebuild = make()
    run(rebuild)
    with pytest.raises(ValueError, match=r"^build\(\) of cross_validate must be a model that was "):
        run(rebuild)


def test_a_model_that_comes_trained():
    with pytest.raises(ValueError, match=r"must be a model that was never trained"):
        run(trained)


@pytest.mark.parametrize(
    ("build", "error"),
    [
        (lambda: None, TypeError),
        (keras.Sequential, ValueError),
        (lambda: keras.Sequential([keras.layers.Dense(1)]), ValueError),
    ],
)
def test_what_is_no_compiled_model(build, error):
    with pytest.raises(error, match=r"^build\(\) of cross_validate must be a compiled keras.Model"):
        run(build)


class Pair(keras.metrics.Metric):
    """A metric of two numbers, such as a score of each class."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        pass

    def result(self):
        return keras.ops.ones(2)


def test_a_metric_of_several_numbers():
    with pytest.raises(ValueError, match="score 'pair' of cross_validate must be one number"):
        run(lambda: build([Pair(name="pair")]))


@pytest.mark.parametrize(
    ("preprocess", "error", "sentence"),
    [
        (lambda train: train, TypeError, r"preprocess\(\) of cross_validate must be callable"),
        (lambda _: lambda x: x[1:], ValueError, r"preprocess\(\)\(\) .* must be 4 rows"),
        (lambda _: lambda x: x * np.nan, ValueError, r"preprocess\(\)\(\) .* must be finite"),
        (lambda _: lambda _: "x", TypeError, r"preprocess\(\)\(\) .* must be an array"),
    ],
)
def test_preprocessing_that_returns_no_rows_of_numbers(preprocess, error, sentence):
    with pytest.raises(error, match=sentence):
        run(preprocess=preprocess)


def splits_into(*splits):
    return SimpleNamespace(split=lambda *_: iter(splits), get_n_splits=len)


@pytest.mark.parametrize(
    ("splitter", "sentence"),
    [
        (splits_into(), "it makes no fold"),
        (splits_into(([0, 1], [1, 2])), "fold 0 has rows in both parts"),
        (splits_into(([0, 1], [2]), ([3], [3])), "fold 1 has rows in both parts"),
        (splits_into(([0, 1], [])), "a part is empty"),
        (splits_into(([], [0])), "a part is empty"),
        (splits_into(([True, False], [2])), "a part is empty, or holds no row numbers"),
        (splits_into(([0], [6])), "a row is not from 0 to 5"),
        (splits_into(([0], [-1])), "a row is not from 0 to 5"),
        (KFold(7), r"Cannot have number of splits n_splits=7 greater"),
        (StratifiedKFold(2), r"Supported target types are"),
    ],
)
def test_folds_that_are_none(splitter, sentence):
    with pytest.raises(ValueError, match=rf"^cut of f must be able to split the data \({sentence}"):
        split_folds(splitter, X, Y + np.linspace(0, 1, 6), None, name="cut", owner="f")


def test_folds_are_drawn_once_and_stay():
    fold = split_folds(KFold(2), X, Y, None)[1]
    assert (fold.index, fold.train.tolist(), fold.test.tolist()) == (1, [0, 1, 2], [3, 4, 5])
    with pytest.raises(ValueError, match="read-only"):
        fold.train[0] = 5


def test_equal_folds_have_equal_fingerprints():
    def fingerprint(splitter):
        return fingerprint_folds(split_folds(splitter, X, Y, None))

    assert fingerprint(KFold(3)) == fingerprint(KFold(3))
    assert fingerprint(KFold(3)) != fingerprint(KFold(2))
    moved = [Fold(0, np.array([0, 1]), np.array([2])), Fold(0, np.array([0]), np.array([1, 2]))]
    assert fingerprint_folds(moved[:1]) != fingerprint_folds(moved[1:])
