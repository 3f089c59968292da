"""Cross-validation for a record: which images, which seeds, and what the refit is measured on."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.model_selection import StratifiedKFold

from companion.datasets import load_cifar10
from companion.experiments import cross_validation_training as training
from companion.experiments.cross_validation_training import cross_validate_classifier

pytestmark = [
    pytest.mark.usefixtures("op_determinism", "eagerly"),
    pytest.mark.filterwarnings("ignore::companion.datasets.StandInWarning"),
    pytest.mark.filterwarnings("ignore:Even though the `tf.config.experimental_run_functions"),
]
METRICS = ("loss", "accuracy", "cross_entropy")


@pytest.fixture(scope="module")
def config():
    """Three folds of 20 images, one epoch of two updates each."""
    return {
        "build": "companion.models:build_mlp",
        "build_args": {"hidden_units": [8], "dropout": 0.5},
        "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01}},
        "epochs": 1,
        "batch_size": 20,
        "train_size": 60,
        "evaluation_size": 80,
        "folds": 3,
        "data_fingerprint": load_cifar10(subset=1).fingerprint,
    }


def nobody(fraction: float) -> None:
    """Take a report."""


def test_a_value_a_fold_and_one_for_the_refit(config):
    fractions: list[float] = []
    history = cross_validate_classifier(config, 1, fractions.append)
    splits = ("train", "validation", "test")
    folds = {f"fold_{metric}": 3 for metric in METRICS}
    refit = {f"{split}_{metric}": 1 for split in splits for metric in METRICS}
    assert {name: len(values) for name, values in history.items()} == {**folds, **refit}
    assert fractions == [0, 0.25, 0.5, 0.75, 1.0]
    assert history == cross_validate_classifier(config, 1, nobody)
    assert history["fold_loss"] != cross_validate_classifier(config, 2, nobody)["fold_loss"]


def watched(monkeypatch, name):
    """Return a list that keeps the arguments of every call of a function, and its result."""
    calls, function = [], getattr(training, name)

    def call(*args, **kwargs):
        result = function(*args, **kwargs)
        calls.append((args, kwargs, result))
        return result

    monkeypatch.setattr(training, name, call)
    return calls


def test_folds_are_of_the_training_images_and_the_refit_is_tested_on_others(config, monkeypatch):
    validated, evaluated = (watched(monkeypatch, n) for n in ("cross_validate", "split_metrics"))
    history = cross_validate_classifier(config, 7, nobody)
    data = load_cifar10(subset=60, seed=7)
    ((_, x, y), options, result) = validated[0]
    assert_array_equal(x, np.float32(data.train.images) / 255)
    assert_array_equal(y, data.train.labels)
    splitter = StratifiedKFold(3, shuffle=True, random_state=7)
    assert repr(options["splitter"]) == repr(splitter)
    assert (options["seed"], options["fit"]) == (7, {"epochs": 1, "batch_size": 20})
    for metric in METRICS:
        assert history[f"fold_{metric}"] == result.scores(metric).tolist()
    ((model, splits, _), _, metrics) = evaluated[0]
    assert {name: len(labels) for name, (_, labels) in splits.items()} == {
        "train": 60,
        "validation": 80,
        "test": 80,
    }
    assert int(model.optimizer.iterations) == 3  # all 60 images, not a fold's 40
    assert {name: [value] for name, value in metrics.items()}.items() <= history.items()


def initial_weights(monkeypatch, config, seed):
    weights, build = [], training._build

    def build_and_keep(config, seed):
        model = build(config, seed)
        weights.append(np.concatenate([w.ravel() for w in model.get_weights() if w.ndim > 1]))
        return model

    with monkeypatch.context() as patch:
        patch.setattr(training, "_build", build_and_keep)
        cross_validate_classifier(config, seed, nobody)
    return np.array(weights)


def test_arms_start_from_the_same_weights_and_folds_from_their_own(config, monkeypatch):
    plain = {**config, "build_args": {"hidden_units": [8], "l2": 0.1}}
    one, other = (initial_weights(monkeypatch, each, 1) for each in (config, plain))
    assert_array_equal(one, other)
    assert len(np.unique(one, axis=0)) == 4
    assert len(one) == 4


def test_a_loss_that_overflows_is_the_largest_float(config):
    hot = {"class_name": "SGD", "config": {"learning_rate": 1e30}}
    history = cross_validate_classifier({**config, "optimizer": hot}, 1, nobody)
    assert history["train_loss"] == [float(np.finfo(np.float32).max)]
    assert all(np.isfinite(values).all() for values in history.values())
