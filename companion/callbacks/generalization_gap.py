"""Measure the generalization gap: how much better a model does on the data it was trained on."""

import re
from collections.abc import Mapping
from typing import Any

from companion.callbacks.evaluate_splits import EvaluateSplits, add_logs, check_pair, split_metrics

_SCORES = re.compile(
    "acc|accuracy|auc|correlation|f1|io|iou|precision|r2|recall|score|sensitivity|similarity"
    "|specificity"  # io: Keras names MeanIoU "mean_io_u"
)
_LOSSES = re.compile(
    "cosh|crossentropy|divergence|entropy|error|hinge|logcosh|loss|mae|mape|mse|msle|nll|perplexity"
    "|poisson|rmse"
)


class GeneralizationGap(EvaluateSplits):
    """Log `train_*`, `validation_*` and their `gap_*` for every compiled metric after each epoch.

    Use it to see overfitting. The numbers that `fit` prints cannot be compared: those for the
    training data are an average over the epoch, with dropout on, those for the validation data are
    taken at its end, with dropout off. Here both are measured at the end, in inference mode.

    A gap is positive when the model does better on its training data: `train - validation` for
    scores (accuracy, AUC, R2, ...), `validation - train` for losses and errors. `gap_loss` is free
    of penalties, since both sides contain the same one. Which kind a metric is follows from the
    words of its name, see `is_score`.

    Args:
        train: `(x, y)` that the model is trained on, or a sample of it.
        validation: `(x, y)` that it is not trained on.
        batch_size: Samples per forward pass, at least 1; it changes speed and memory, not results.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: Arrays differ in length or are empty. While training: a metric's name does not
            tell whether high or low is better.

    Example:
        >>> import keras, numpy as np
        >>> x, y = np.zeros((4, 2)), np.ones((4, 1))
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, use_bias=False)])
        >>> model.compile(loss="mse")
        >>> gap = GeneralizationGap(train=(x, y), validation=(x, 3 * y))
        >>> model.fit(x, y, callbacks=[gap], verbose=0).history["gap_loss"]
        [8.0]

    Source:
        Book: start/overfitting.
    """

    def __init__(
        self, train: tuple[Any, Any], validation: tuple[Any, Any], batch_size: int = 1000
    ) -> None:
        owner = type(self).__name__
        splits = {
            "train": check_pair(train, "train", owner),
            "validation": check_pair(validation, "validation", owner),
        }
        super().__init__(splits, batch_size)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Add both splits' measurements and their gaps to the epoch's logs."""
        del epoch
        if logs is not None:
            measured = split_metrics(self.model, self.splits, self.batch_size)
            add_logs(logs, measured)
            add_logs(logs, gaps(_of_split(measured, "train"), _of_split(measured, "validation")))


def gaps(train: Mapping[str, float], validation: Mapping[str, float]) -> dict[str, float]:
    """Return `gap_{metric}` for every metric: positive when the model does better on `train`.

    Example:
        >>> gaps({"accuracy": 0.75, "loss": 0.5}, {"accuracy": 0.5, "loss": 0.75})
        {'gap_accuracy': 0.25, 'gap_loss': 0.25}
    """
    return {
        f"gap_{metric}": (value - validation[metric]) * (1 if is_score(metric) else -1)
        for metric, value in train.items()
    }


def is_score(metric: str) -> bool:
    """Return True if high values of `metric` are good, judged by the words of its name.

    The last known word decides: `"digit_accuracy"` is a score, `"mean_squared_error"` a loss.

    Raises:
        ValueError: No word of the name is known, so that the sign of its gap would be a guess.
    """
    for word in reversed(metric.lower().split("_")):
        if _SCORES.fullmatch(word) or _LOSSES.fullmatch(word):
            return _SCORES.fullmatch(word) is not None
    raise ValueError(
        f"GeneralizationGap cannot tell whether {metric!r} is better high or low. "
        f"Name the metric {metric + '_score'!r} if high is better, {metric + '_error'!r} if low."
    )


def _of_split(measured: Mapping[str, float], split: str) -> dict[str, float]:
    prefix = f"{split}_"
    return {name.removeprefix(prefix): v for name, v in measured.items() if name.startswith(prefix)}
