"""Read a history: which metrics it holds on which data, and whether they can be curves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from companion._validate import check_instance, refuse
from companion.diagnosis.curves import ACCURACIES, Curves, Run

LOSSES = (  # all but the last are free of penalties
    "cross_entropy",
    "sparse_categorical_crossentropy",
    "categorical_crossentropy",
    "binary_crossentropy",
    "loss",
)
IN_INFERENCE_MODE = "train_"
TRAIN = (IN_INFERENCE_MODE, "")  # without a prefix: Keras' average while training
VALIDATION = ("validation_", "val_")


def read_run(
    history: Any, num_validation: int | None, owner: str, argument: str = "history"
) -> Run:
    """Return the training and validation curves of a history; test metrics are not looked at."""
    reader = _Reader(_values_of(history, argument, owner), argument, owner)
    pairs = tuple(reader.pairs())
    if not pairs:
        allowed = "one that has a metric on training and on validation data"
        remedy = "model.fit(..., validation_data=(x_validation, y_validation))"
        refuse(ValueError, list(reader.values), argument, owner, allowed, remedy)
    objective = reader.row("loss") if "loss" in reader.values else pairs[-1].train
    _check_lengths(pairs, objective, argument, owner)
    return Run(pairs, objective, num_validation)


def _values_of(history: Any, argument: str, owner: str) -> dict[str, Any]:
    allowed = "a Keras History or a mapping of metric to one value an epoch"
    values = getattr(history, "history", history)
    return dict(check_instance(values, argument, owner, Mapping, allowed, "model.fit(...)"))


@dataclass(frozen=True)
class _Reader:
    """Checks the metrics that it is asked for, and no others."""

    values: dict[str, Any]
    argument: str
    owner: str

    def pairs(self) -> Iterator[Curves]:
        for metrics, read in ((ACCURACIES, self.error_rate), (LOSSES, self.row)):
            for metric in metrics:
                train, validation = self.find(TRAIN, metric), self.find(VALIDATION, metric)
                if train and validation:
                    inference = train.startswith(IN_INFERENCE_MODE)
                    yield Curves(metric, read(train), read(validation), inference)
                    break

    def find(self, prefixes: tuple[str, ...], metric: str) -> str | None:
        return next((p + metric for p in prefixes if p + metric in self.values), None)

    def error_rate(self, metric: str) -> np.ndarray:
        """Return one minus an accuracy, which is NaN where that of a diverged run is."""
        accuracy = self.row(metric)
        if ((accuracy < 0) | (accuracy > 1)).any():
            self.refuse(ValueError, metric, "fractions in [0, 1]", "0.5 for 50%")
        return 1 - accuracy

    def row(self, metric: str) -> np.ndarray:
        """Return a metric's values; those of a loss may be infinite or NaN."""
        try:
            row = np.asarray(self.values[metric])
        except (TypeError, ValueError):  # such as rows of different lengths
            row = np.empty(1, dtype=object)
        if row.size and row.dtype.kind not in "iuf":
            self.refuse(TypeError, metric, "numbers, one an epoch", "history.history of a fit")
        if row.ndim != 1 or row.size == 0:
            self.refuse(ValueError, metric, "one number an epoch", "history.history of a fit")
        with np.errstate(over="ignore"):  # a long double beyond float64 is infinite here
            return row.astype(np.float64)

    def refuse(self, error: type[Exception], metric: str, allowed: str, remedy: str) -> NoReturn:
        name = f"{self.argument}[{metric!r}]"
        refuse(error, self.values[metric], name, self.owner, allowed, remedy)


def _check_lengths(
    pairs: tuple[Curves, ...], objective: np.ndarray, argument: str, owner: str
) -> None:
    lengths = {len(curve) for pair in pairs for curve in (pair.train, pair.validation, objective)}
    if len(lengths) > 1:
        raise ValueError(
            f"{argument} of {owner} must have one value an epoch in every metric. Got "
            f"{' and '.join(map(str, sorted(lengths)))} values. Try validation_freq=1 in model.fit."
        )
