"""Searches by KerasTuner, logged trial by trial: behind the record on tuning."""

import math
import tempfile
import time
from typing import Any

import keras
import keras_tuner
from keras_tuner.engine.trial import TrialStatus
from keras_tuner.oracles import BayesianOptimizationOracle, HyperbandOracle, RandomSearchOracle

from companion.callbacks.evaluate_splits import split_metrics
from companion.experiments.study import Config, History, Report
from companion.experiments.training import (
    Arrays,
    _build,
    _compile,
    _finite,
    _load_splits,
    _seed_everything,
)

__all__ = ["planned_epochs", "search_regularization", "search_space"]

EVALUATION_BATCH = 1000  # images per forward pass
OBJECTIVE = "validation_accuracy"


def search_regularization(config: Config, seed: int, report: Report) -> History:
    """Search L2 strength, dropout rate and learning rate by an oracle of KerasTuner.

    A trial is scored by the validation accuracy after its last epoch. All trials start from the
    same weights and meet the same batches; one that Hyperband continues goes on where it stopped,
    with the optimizer's moments, and pays only for its own epochs.

    Args:
        config: As for `train_classifier`, where `epochs` are those of a whole trial; `oracle`,
            `"random"` or `"bayesian"` with `trials`, their number, or `"hyperband"` with `factor`
            and `iterations`.
        seed: As for `train_classifier`; also the seed of the oracle.
        report: Called with the finished fraction, in epochs, after every trial.

    Returns:
        One value a trial, in the order of their start: `l2`, `dropout` and `learning_rate`; the
        `epochs` that it added, and `total_epochs` behind its weights; `validation_...` and
        `test_...` of `loss`, `accuracy` and `cross_entropy` after its last epoch; `cpu_seconds`,
        the processor's time, which building and evaluating its model take, too. Test metrics are
        recorded, never used to choose anything. A loss that overflows is recorded as the largest
        float32.

    Raises:
        RuntimeError: A trial failed.

    Source:
        Li et al. (2018), Hyperband: a novel bandit-based approach to hyperparameter optimization;
        O'Malley et al. (2019), KerasTuner. Book: practice/tuning.
    """
    splits = _load_splits(config, seed)
    with tempfile.TemporaryDirectory() as folder:
        search = _Search(config, seed, splits, report, folder)
        search.search(verbose=0)
    return {name: _finite(values) for name, values in search.history.items()}


def search_space() -> keras_tuner.HyperParameters:
    """Return what is searched, and between which bounds.

    Example:
        >>> [knob.name for knob in search_space().space]
        ['l2', 'dropout', 'learning_rate']

    Source:
        Book: practice/tuning.
    """
    space = keras_tuner.HyperParameters()
    space.Float("l2", 1e-6, 1e-2, sampling="log")
    space.Float("dropout", 0.0, 0.7)
    space.Float("learning_rate", 1e-5, 1e-1, sampling="log")
    return space


def planned_epochs(config: Config) -> list[int]:
    """Return how many epochs each trial of a search adds, in the order of their start.

    Args:
        config: As for `search_regularization`.

    Example:
        >>> planned_epochs({"oracle": "random", "trials": 3, "epochs": 10})
        [10, 10, 10]
        >>> planned_epochs({"oracle": "hyperband", "epochs": 3, "factor": 3, "iterations": 1})
        [1, 1, 1, 2, 3, 3]

    Source:
        Li et al. (2018), Hyperband, with KerasTuner's sizes of brackets. Book: practice/tuning.
    """
    if config["oracle"] != "hyperband":
        return [config["epochs"]] * config["trials"]
    longest, factor = config["epochs"], config["factor"]
    exponent = round(math.log(longest, factor), 9)  # of 243 and 3 it is 4.999999999999999
    iteration = []
    for bracket in range(math.floor(exponent), -1, -1):
        done = 0
        for steps_left in range(bracket, -1, -1):
            size = math.ceil(math.ceil(1 + exponent) / (bracket + 1) * factor**steps_left)
            total = math.ceil(longest / factor**steps_left)
            iteration += size * [total - done]
            done = total
    return iteration * config["iterations"]


class _Search(keras_tuner.Tuner):
    """Train, log and keep the model of every trial."""

    def __init__(
        self, config: Config, seed: int, splits: dict[str, Arrays], report: Report, folder: str
    ) -> None:
        super().__init__(_oracle(config, seed), directory=folder, project_name="search")
        self.history: History = {}
        self._config, self._seed, self._splits, self._report = config, seed, splits, report
        self._models: dict[str, keras.Model] = {}

    def run_trial(self, trial: Any, verbose: int) -> dict[str, float]:
        start, values = time.process_time(), trial.hyperparameters.values
        first = values.get("tuner/initial_epoch", 0)
        last = values.get("tuner/epochs", self._config["epochs"])
        model = self._model(values)
        self._models[trial.trial_id] = model
        _seed_everything(self._seed + first)  # the rounds of Hyperband differ in their batches
        model.fit(
            *self._splits["fit"],
            initial_epoch=first,
            epochs=last,
            batch_size=self._config["batch_size"],
            verbose=verbose,
        )
        evaluated = {name: self._splits[name] for name in ("validation", "test")}
        metrics = split_metrics(model, evaluated, EVALUATION_BATCH)
        logged = {
            **{knob.name: values[knob.name] for knob in search_space().space},
            "epochs": last - first,
            "total_epochs": last,
            **metrics,
            "cpu_seconds": time.process_time() - start,
        }
        for name, value in logged.items():
            self.history.setdefault(name, []).append(float(value))
        self._report(sum(self.history["epochs"]) / sum(planned_epochs(self._config)))
        return {OBJECTIVE: metrics[OBJECTIVE]}

    def on_trial_end(self, trial: Any) -> None:
        """Fail with a trial that failed; KerasTuner would go on with the next."""
        if trial.status != TrialStatus.COMPLETED:
            raise RuntimeError(f"Trial {trial.trial_id} failed. Mend its cause: {trial.message}")
        super().on_trial_end(trial)

    def _model(self, values: dict[str, Any]) -> keras.Model:
        """Return the model of the trial that is continued, or a new one."""
        if "tuner/trial_id" in values:
            return self._models[values["tuner/trial_id"]]
        regularized = {"l2": values["l2"], "dropout": values["dropout"]}
        optimizer = self._config["optimizer"]
        options = {**optimizer["config"], "learning_rate": values["learning_rate"]}
        config = {
            **self._config,
            "build_args": {**self._config["build_args"], **regularized},
            "optimizer": {**optimizer, "config": options},
        }
        model = _build(config, self._seed)
        _compile(model, config)
        return model


def _oracle(config: Config, seed: int) -> keras_tuner.Oracle:
    shared = {
        "objective": keras_tuner.Objective(OBJECTIVE, "max"),
        "hyperparameters": search_space(),
        "seed": seed,
    }
    if config["oracle"] == "hyperband":
        return HyperbandOracle(
            max_epochs=config["epochs"],
            factor=config["factor"],
            hyperband_iterations=config["iterations"],
            **shared,
        )
    oracles = {"random": RandomSearchOracle, "bayesian": BayesianOptimizationOracle}
    return oracles[config["oracle"]](max_trials=config["trials"], **shared)
