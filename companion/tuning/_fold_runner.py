"""The folds of a search: each is taken from the log, or run and logged; a line of progress."""

import math
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras_tuner
from tqdm.auto import tqdm

from companion._progress import is_interactive
from companion.tuning._settings import SearchData, SearchSettings
from companion.tuning.fold_log import FoldLog, digest
from companion.tuning.folds import Fold, FoldResult, run_fold
from companion.tuning.racing import Scores, run_folds

_WITH_TIME_LEFT = (
    "{desc}: {percentage:3.0f}% |{bar}| {n}/{total} folds [{elapsed} gone, {remaining} left]"
)
_OPEN_ENDED = "{desc}: {n} folds [{elapsed} gone]"  # a grid whose size is not known


class FailedFoldError(keras_tuner.errors.FatalRuntimeError):
    """A fold could not be run, for a reason that is the error's cause. It ends the search."""


class FoldRunner:
    """Runs the folds of one candidate after another on the same data."""

    def __init__(self, settings: SearchSettings, data: SearchData, log: FoldLog) -> None:
        self._settings, self._data, self._log = settings, data, log
        self._rule = settings.rule(data.folds)
        self.num_folds = len(data.folds)
        total = settings.max_trials and settings.max_trials * len(data.folds)
        self._bar = tqdm(
            total=total,
            desc="search",
            smoothing=0,  # what racing has saved so far it will save again
            disable=not is_interactive(),
            bar_format=_WITH_TIME_LEFT if total else _OPEN_ENDED,
        )

    def run_candidate(
        self, hp: keras_tuner.HyperParameters, incumbent: Scores | None
    ) -> dict[int, FoldResult]:
        """Return a candidate's results by fold, fewer than all where the rule stops it.

        Raises:
            FailedFoldError: Something raised an error, which is its cause.
        """
        with _naming(f"The candidate {hp.values}"):
            return self._race(hp, incumbent)

    def _race(
        self, hp: keras_tuner.HyperParameters, incumbent: Scores | None
    ) -> dict[int, FoldResult]:
        self._settings.build(hp)  # finds hyperparameters that only this candidate has
        fit = self._data.fit_arguments(hp)
        folds = self._data.folds
        results: dict[int, FoldResult] = {}

        def score(index: int) -> float:
            results[index] = self._result(hp, folds[index], fit)
            return self._warned(results[index].scores[self._settings.objective.name], hp, index)

        run_folds(score, len(folds), incumbent, self._rule)
        self._bar.update(len(folds) - len(results))
        return dict(sorted(results.items()))

    def _skip(self) -> None:
        """Count a fold that took no time, so that the time left does not shrink by it."""
        if not self._bar.disable:  # a bar that is off has no counts
            self._bar.initial += 1
        self._bar.update()

    def close(self) -> None:
        """End the line of progress."""
        self._bar.close()

    def _result(
        self, hp: keras_tuner.HyperParameters, fold: Fold, fit: Mapping[str, Any]
    ) -> FoldResult:
        key = (candidate_key(hp), fold.index)
        known = self._log.finished.get(key)
        if known is not None:
            self._skip()
            return known
        result = self._run(hp, fold, fit)
        self._log.append(key, result)
        self._bar.update()
        return result

    def _run(
        self, hp: keras_tuner.HyperParameters, fold: Fold, fit: Mapping[str, Any]
    ) -> FoldResult:
        settings, data = self._settings, self._data
        with _naming(f"Fold {fold.index} of the candidate {hp.values}"):
            result = run_fold(
                lambda: settings.build(hp),
                data.x,
                data.y,
                fold,
                fit=fit,
                preprocess=settings.preprocess,
                inner=settings.inner,
                seed=settings.seed,
                groups=data.groups,
            )
        self._check_scores(result)
        return result

    def _check_scores(self, result: FoldResult) -> None:
        name = self._settings.objective.name
        if name not in result.scores:
            raise FailedFoldError(
                f"The model reports no {name!r}, but {sorted(result.scores)}. Take one of these as "
                "the objective of CVTuner, or add the metric where the model is compiled."
            )

    def _warned(self, score: float, hp: keras_tuner.HyperParameters, index: int) -> float:
        if not math.isfinite(score):
            text = f"Fold {index} of the candidate {hp.values} scored {score}; it is ranked last."
            warnings.warn(text, stacklevel=2)
        return score


@contextmanager
def _naming(what: str) -> Iterator[None]:
    """Turn an error into one that KerasTuner lets through, with its cause."""
    try:
        yield
    except FailedFoldError:
        raise
    except Exception as error:
        raise FailedFoldError(
            f"{what} failed with {type(error).__name__}: {error} "
            "Mend it and search again; finished folds are kept."
        ) from error


def candidate_key(hp: keras_tuner.HyperParameters) -> str:
    """Name a candidate by its values."""
    return digest(hp.values)
