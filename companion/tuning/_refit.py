"""The final model: trained on all data, for as many updates as were best in the folds."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import keras_tuner
import numpy as np

from companion.tuning._data import check_inputs, check_targets
from companion.tuning._fit_arguments import fresh_arguments
from companion.tuning._session import fresh_session
from companion.tuning._settings import SearchData, SearchSettings
from companion.tuning.folds import FoldResult

KERAS_BATCH_SIZE = 32  # where `fit` names none


@dataclass(frozen=True)
class RefittedModel:
    """A model trained on all data.

    Attributes:
        model: The trained model, which expects preprocessed input.
        transform: The preprocessing, fitted on all data; None where there is none.
        epochs: Epochs that it was trained for.
    """

    model: keras.Model
    transform: Callable[[np.ndarray], np.ndarray] | None
    epochs: int

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the model's predictions for raw input.

        Args:
            x: Inputs as they were searched, shape `(n, ...)`.

        Returns:
            Shape `(n, ...)`.

        Raises:
            TypeError: `x` is no array of numbers.
            ValueError: It has no rows, NaN, or infinity.
        """
        check_inputs(x, "RefittedModel")
        return self.model.predict(self._transformed(x), verbose=0)

    def evaluate(self, x: np.ndarray, y: np.ndarray) -> dict[str, float]:
        """Return the model's metrics on raw input.

        Args:
            x: Inputs as they were searched, shape `(n, ...)`.
            y: Targets, shape `(n, ...)`.

        Returns:
            Each compiled metric, and `loss`.

        Raises:
            TypeError: An argument is no array of numbers.
            ValueError: An argument has no rows, NaN, or infinity, or their numbers of rows differ.
        """
        check_inputs(x, "RefittedModel")
        check_targets(y, len(x), "RefittedModel")
        scores = self.model.evaluate(self._transformed(x), y, verbose=0, return_dict=True)
        return {name: float(score) for name, score in scores.items()}

    def _transformed(self, x: np.ndarray) -> np.ndarray:
        return x if self.transform is None else self.transform(x)


def rescaled_epochs(results: Sequence[FoldResult], num_rows: int, batch_size: int) -> int:
    """Return the epochs on `num_rows` rows that make as many updates as were best in the folds.

    An epoch on `n` rows makes `ceil(n / batch_size)` updates. The folds' best epochs, in updates,
    have a median; divided by the updates of an epoch on all rows and rounded, this is the answer.
    """
    updates = [r.best_epoch * math.ceil(r.num_train / batch_size) for r in results]
    return max(1, round(float(np.median(updates)) / math.ceil(num_rows / batch_size)))


def refit_model(
    settings: SearchSettings,
    data: SearchData,
    hp: keras_tuner.HyperParameters,
    results: Sequence[FoldResult],
) -> RefittedModel:
    """Train on all rows; callbacks that watch validation data are left out, there is none."""
    fit = data.fit_arguments(hp)
    batch_size = int(fit.get("batch_size") or KERAS_BATCH_SIZE)
    epochs = rescaled_epochs(results, len(data.x), batch_size)
    with fresh_session():
        keras.utils.set_random_seed(settings.seed)
        transform = None if settings.preprocess is None else settings.preprocess(data.x)
        x = data.x if transform is None else transform(data.x)
        keras.utils.set_random_seed(settings.seed)
        model = settings.build(hp)
        keras.utils.set_random_seed(settings.seed)
        model.fit(x, data.y, **{**_without_validation(fit), "epochs": epochs})
    return RefittedModel(model, transform, epochs)


def _without_validation(fit: Mapping[str, Any]) -> dict[str, Any]:
    fresh = fresh_arguments(fit)
    callbacks = [
        callback
        for callback in fresh["callbacks"]
        if not str(getattr(callback, "monitor", "")).startswith("val_")
    ]
    kept = {name: value for name, value in fresh.items() if not name.startswith("validation_")}
    return {**kept, "callbacks": callbacks}
