"""Training that can be read at equal epochs, updates or time: behind the records on batch sizes."""

import math
import time
from collections.abc import Sequence

import keras
import numpy as np

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

__all__ = ["evaluation_points", "train_by_updates"]

EVALUATION_BATCH = 1000  # images per forward pass


def train_by_updates(config: Config, seed: int, report: Report) -> History:
    """Train a CIFAR-10 classifier once and evaluate it after chosen numbers of updates.

    Use it to compare batch sizes at equal epochs, at equal updates and at equal time with one run
    of each. Batches are those of `fit`: every epoch is a new permutation, and its last batch holds
    the images that are left.

    Args:
        config: As for `train_classifier`, and as far as wanted: `updates`, numbers of updates after
            which to evaluate, too; `epochs_between`, the number of epochs from one evaluation to
            the next in place of 1.
        seed: As for `train_classifier`.
        report: Called with the finished fraction after every evaluation.

    Returns:
        One value for each of `evaluation_points(config)`: `updates` and `images`, the numbers that
        training has taken; `cpu_seconds` and `seconds`, the processor's time (summed over its
        threads) and the wall time of all updates but the first, which builds the graph, without the
        evaluations; `train_...`, `validation_...` and `test_...` of `loss`, `accuracy` and
        `cross_entropy`, in inference mode. Test metrics are recorded, never used to choose
        anything. A loss that overflows is recorded as the largest float32.

    Source:
        Shallue et al. (2019), Measuring the Effects of Data Parallelism on Neural Network Training.
        Book: practice/batch_size.
    """
    _seed_everything(seed)
    splits = _load_splits(config, seed)
    model = _build(config, seed)
    _compile(model, config)
    fitted = splits.pop("fit")
    points = evaluation_points(config)
    meter = _Meter(splits, points, report)
    model.fit(
        *fitted,
        epochs=math.ceil(points[-1] / updates_per_epoch(config)),
        batch_size=config["batch_size"],
        callbacks=[meter],
        verbose=0,
    )
    measured = {"images": [_images(point, config) for point in points], **meter.measured}
    return {name: _finite(values) for name, values in measured.items()}


def evaluation_points(config: Config) -> list[int]:
    """Return the numbers of updates after which a run is evaluated; it ends with the last.

    Args:
        config: As for `train_by_updates`.

    Returns:
        The updates that whole epochs take, and those that `updates` names, in rising order.

    Example:
        >>> config = {"train_size": 100, "batch_size": 30, "epochs": 3, "updates": [6, 20]}
        >>> evaluation_points(config)
        [4, 6, 8, 12, 20]
        >>> evaluation_points({**config, "epochs_between": 2})
        [6, 8, 12, 20]

    Source:
        Book: practice/batch_size.
    """
    epochs, between = config["epochs"], config.get("epochs_between", 1)
    evaluated = {*range(between, epochs, between), epochs}
    after_epochs = {epoch * updates_per_epoch(config) for epoch in evaluated}
    return sorted(after_epochs.union(config.get("updates", ())))


def updates_per_epoch(config: Config) -> int:
    """Return how many updates an epoch takes; its last batch may be smaller."""
    return math.ceil(config["train_size"] / config["batch_size"])


def _images(updates: int, config: Config) -> float:
    """Return how many images so many updates took."""
    epochs, further = divmod(updates, updates_per_epoch(config))
    return float(epochs * config["train_size"] + further * config["batch_size"])


class _Meter(keras.callbacks.Callback):
    """Evaluate all splits after chosen numbers of updates; the clocks stand still meanwhile."""

    def __init__(self, splits: dict[str, Arrays], points: Sequence[int], report: Report) -> None:
        super().__init__()
        self.measured: History = {}
        self._splits, self._points, self._report = splits, points, report
        self._updates = 0
        self._spent = np.zeros(2)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        del batch, logs
        self._updates += 1
        if self._updates == 1:
            self._start = _clocks()
        if self._updates in self._points:
            self._spent += _clocks() - self._start
            self._measure()
            self._start = _clocks()

    def _measure(self) -> None:
        cpu_seconds, seconds = self._spent.tolist()
        values = {
            "updates": float(self._updates),
            "cpu_seconds": cpu_seconds,
            "seconds": seconds,
            **split_metrics(self.model, self._splits, EVALUATION_BATCH),
        }
        for name, value in values.items():
            self.measured.setdefault(name, []).append(value)
        self._report(self._updates / self._points[-1])
        self.model.stop_training = self._updates == self._points[-1]


def _clocks() -> np.ndarray:
    return np.array([time.process_time(), time.perf_counter()])
