"""Training with learning-rate schedules that are as long as the training."""

from typing import Any

import keras

from companion.callbacks import EvaluateSplits
from companion.callbacks.evaluate_splits import add_logs
from companion.experiments.batch_training import updates_per_epoch
from companion.experiments.study import Config, History, Report, load_function
from companion.experiments.training import (
    _build,
    _compile,
    _finite,
    _load_splits,
    _progress,
    _seed_everything,
)

__all__ = ["build_schedule", "train_scheduled"]


def train_scheduled(config: Config, seed: int, report: Report) -> History:
    """Train a CIFAR-10 classifier once with a schedule that ends when the training ends.

    Args:
        config: As for `train_classifier`, and, unless the learning rate is to be constant,
            `schedule`, as for `build_schedule`.
        seed: As for `train_classifier`.
        report: As for `train_classifier`.

    Returns:
        The metrics of `train_classifier`, and `learning_rate` at the end of each epoch: the rate
        that one more update would have. A loss that overflows is recorded as the largest float32.

    Source:
        Book: practice/learning_rate.
    """
    _seed_everything(seed)
    splits = _load_splits(config, seed)
    model = _build(config, seed)
    _compile(model, config)
    if "schedule" in config:
        model.optimizer.learning_rate = build_schedule(config)
    history = model.fit(
        *splits.pop("fit"),
        epochs=config["epochs"],
        batch_size=config["batch_size"],
        callbacks=[EvaluateSplits(splits), _NextRate(), _progress(report, config["epochs"])],
        verbose=0,
    )
    return {name: _finite(values) for name, values in history.history.items()}


def build_schedule(config: Config) -> Any:
    """Build the schedule of a configuration from its highest rate and its number of updates.

    Args:
        config: As for `train_scheduled`. The optimizer's `learning_rate` is the highest rate.
            `schedule` has `build`, the address of the schedule's class; `rates`, its arguments that
            are learning rates, as fractions of the highest; and `steps`, those that are numbers of
            steps, as fractions of the whole training.

    Returns:
        The Keras `LearningRateSchedule`.

    Example:
        >>> config = {
        ...     "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.5}},
        ...     "schedule": {
        ...         "build": "companion.schedules:StepDecay",
        ...         "rates": {"initial": 1.0},
        ...         "steps": {"step_size": 0.5},
        ...     },
        ...     "epochs": 3, "batch_size": 50, "train_size": 100,
        ... }
        >>> build_schedule(config).get_config()
        {'initial': 0.5, 'step_size': 3, 'factor': 0.1}

    Source:
        Book: practice/learning_rate.
    """
    schedule = config["schedule"]
    highest = config["optimizer"]["config"]["learning_rate"]
    updates = config["epochs"] * updates_per_epoch(config)
    rates = {name: part * highest for name, part in schedule["rates"].items()}
    steps = {name: max(1, round(part * updates)) for name, part in schedule["steps"].items()}
    return load_function(schedule["build"])(**rates, **steps)


class _NextRate(keras.callbacks.Callback):
    """Log the learning rate of the update that would come next."""

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        del epoch
        if logs is not None:
            add_logs(logs, {"learning_rate": float(self.model.optimizer.learning_rate)})
