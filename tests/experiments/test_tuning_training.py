"""Searches for a record: what they draw, what a trial starts from, which trials go on."""

import keras_tuner
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from companion.datasets import load_cifar10
from companion.experiments import tuning_training
from companion.experiments.tuning_training import (
    planned_epochs,
    search_regularization,
    search_space,
)

pytestmark = [
    pytest.mark.usefixtures("op_determinism", "eagerly"),
    pytest.mark.filterwarnings("ignore::companion.datasets.StandInWarning"),
    pytest.mark.filterwarnings("ignore:Even though the `tf.config.experimental_run_functions"),
    pytest.mark.filterwarnings("ignore:currentThread|getName:DeprecationWarning"),  # KerasTuner
]
KNOBS = ("l2", "dropout", "learning_rate")
COUNTS = {"epochs", "total_epochs", "cpu_seconds"}
METRICS = {
    f"{split}_{metric}"
    for split in ("validation", "test")
    for metric in ("loss", "accuracy", "cross_entropy")
}
HYPERBAND = {"oracle": "hyperband", "epochs": 3, "factor": 3, "iterations": 1}


@pytest.fixture(scope="module")
def config():
    """Four trials of two epochs, one update each."""
    return {
        "build": "companion.models:build_mlp",
        "build_args": {"hidden_units": [4]},
        "optimizer": {"class_name": "Adam", "config": {"beta_1": 0.5}},
        "epochs": 2,
        "batch_size": 20,
        "train_size": 20,
        "evaluation_size": 50,
        "oracle": "random",
        "trials": 4,
        "data_fingerprint": load_cifar10(subset=1).fingerprint,
    }


def nobody(fraction: float) -> None:
    """Take a report."""


def timeless(history):
    return {name: values for name, values in history.items() if name != "cpu_seconds"}


def drawn(history):
    return list(zip(*(history[knob] for knob in KNOBS), strict=True))


@pytest.mark.parametrize(
    ("config", "epochs"),
    [
        ({"oracle": "random", "epochs": 10, "trials": 3}, [10, 10, 10]),
        ({"oracle": "bayesian", "epochs": 1, "trials": 2}, [1, 1]),
        (HYPERBAND, [1, 1, 1, 2, 3, 3]),
        (
            {**HYPERBAND, "epochs": 9},
            9 * [1] + 3 * [2] + [6] + 5 * [3] + 2 * [6] + 3 * [9],
        ),
        ({**HYPERBAND, "epochs": 1, "iterations": 4}, [1, 1, 1, 1]),
    ],
)
def test_budgets_by_hand(config, epochs):
    assert planned_epochs(config) == epochs


@pytest.mark.parametrize(
    ("epochs", "factor"), [(3, 3), (9, 3), (10, 3), (27, 3), (5, 2), (8, 2), (7, 4)]
)
def test_budgets_are_those_of_keras_tuner(epochs, factor):
    """Its own oracle, asked for one trial after the other; the later, the better."""
    settings = {**HYPERBAND, "epochs": epochs, "factor": factor}
    oracle = tuning_training._oracle(settings, seed=1)
    oracle.verbose, oracle._save_trial, oracle.save = 0, lambda _: None, lambda: None
    added = []
    while (trial := oracle.create_trial("tuner0")).status == "RUNNING":
        values = trial.hyperparameters.values
        added.append(values["tuner/epochs"] - values["tuner/initial_epoch"])
        oracle.update_trial(trial.trial_id, {tuning_training.OBJECTIVE: float(len(added))})
        trial.status = "COMPLETED"
        oracle.end_trial(trial)
    assert planned_epochs(settings) == added


def test_bounds_and_scales():
    """In the order of the columns; `l2` and the learning rate are drawn by their orders."""
    knobs = [(k.name, k.min_value, k.max_value, k.sampling) for k in search_space().space]
    assert knobs == [
        ("l2", 1e-6, 1e-2, "log"),
        ("dropout", 0.0, 0.7, "linear"),
        ("learning_rate", 1e-5, 1e-1, "log"),
    ]


def test_a_random_search_by_hand(config):
    """What the oracle itself draws, for all trials; all start alike; all train two epochs."""
    fractions: list[float] = []
    history = search_regularization(config, 1, fractions.append)
    assert set(history) == {*KNOBS, *COUNTS, *METRICS}
    oracle = keras_tuner.oracles.RandomSearchOracle(
        keras_tuner.Objective("score", "max"), 4, seed=1, hyperparameters=search_space()
    )
    expected = [oracle.populate_space(str(trial))["values"] for trial in range(4)]
    assert drawn(history) == [tuple(values[knob] for knob in KNOBS) for values in expected]
    assert history["epochs"] == history["total_epochs"] == [2, 2, 2, 2]
    assert min(history["cpu_seconds"]) > 0
    assert fractions == [0.25, 0.5, 0.75, 1.0]
    assert timeless(history) == timeless(search_regularization(config, 1, nobody))
    assert drawn(history) != drawn(search_regularization({**config, "trials": 1}, 2, nobody))


def test_knobs_reach_the_model_and_trials_differ_in_nothing_else(config, monkeypatch):
    built, compile_model = [], tuning_training._compile

    def compile_and_keep(model, config):
        compile_model(model, config)
        built.append((model, model.get_weights()))

    monkeypatch.setattr(tuning_training, "_compile", compile_and_keep)
    history = search_regularization({**config, "epochs": 1}, 1, nobody)
    for (model, weights), (l2, dropout, rate) in zip(built, drawn(history), strict=True):
        _, hidden, dropping, _ = model.layers
        assert (hidden.units, dropping.rate) == (4, dropout)
        assert float(hidden.kernel_regularizer.l2) == pytest.approx(l2)
        assert float(model.optimizer.learning_rate) == pytest.approx(rate)
        assert model.optimizer.beta_1 == 0.5
        for one, first in zip(weights, built[0][1], strict=True):
            assert_array_equal(one, first)


def scored_by_rate(monkeypatch):
    """Let the trial with the lowest rate validate best and test worst; keep the models."""
    models = []

    def metrics(model, splits, batch_size):
        models.append((model, int(model.optimizer.iterations)))
        rate = float(model.optimizer.learning_rate)
        return {"validation_accuracy": 1 - rate, "test_accuracy": rate}

    monkeypatch.setattr(tuning_training, "split_metrics", metrics)
    return models


def test_hyperband_goes_on_with_the_model_that_validated_best(config, monkeypatch):
    models = scored_by_rate(monkeypatch)
    history = search_regularization({**config, **HYPERBAND}, 1, nobody)
    assert history["epochs"] == planned_epochs(HYPERBAND)
    assert history["total_epochs"] == [1, 1, 1, 3, 3, 3]
    best = int(np.argmin(history["learning_rate"][:3]))
    assert drawn(history)[3] == drawn(history)[best]
    assert models[3][0] is models[best][0]
    assert [updates for _, updates in models] == history["total_epochs"]  # the optimizer goes on
    assert len(set(drawn(history))) == 5


def test_a_bayesian_search_goes_where_the_scores_are(config, monkeypatch):
    """Its first nine trials are random; the tenth is its model's."""
    scored_by_rate(monkeypatch)
    settings = {**config, "epochs": 1, "oracle": "bayesian", "trials": 10}
    rates = search_regularization(settings, 1, nobody)["learning_rate"]
    random = search_regularization({**settings, "oracle": "random"}, 1, nobody)["learning_rate"]
    assert rates[:9] == random[:9]
    assert rates[9] != random[9]


def test_a_trial_that_fails_ends_the_search_with_its_cause(config, monkeypatch):
    def fail(*_):
        raise ValueError("no such split")

    monkeypatch.setattr(tuning_training, "split_metrics", fail)
    with pytest.raises(RuntimeError, match=r"(?s)^Trial 0+ failed\. .*no such split"):
        search_regularization(config, 1, nobody)


def test_a_loss_that_overflows_is_the_largest_float(config, monkeypatch):
    monkeypatch.setattr(
        tuning_training,
        "split_metrics",
        lambda *_: {"validation_accuracy": 0.1, "test_loss": float("nan")},
    )
    history = search_regularization({**config, "trials": 1}, 1, nobody)
    assert history["test_loss"] == [float(np.finfo(np.float32).max)]
