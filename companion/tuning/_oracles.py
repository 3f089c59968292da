"""KerasTuner's oracles, which know here that a trial may have been stopped before its last fold.

They keep nothing on the disk: a search is resumed by asking a fresh oracle with the same seed
again, and taking from the log what was answered before.
"""

import math
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras_tuner
import numpy as np
from sklearn.exceptions import ConvergenceWarning

from companion.tuning.folds import FoldResult

FOLDS_LEFT = "folds_left"  # metric of a trial: 0 where it is complete
FOLD = "fold_"  # metrics of a trial: its score in each fold
COMPLETE, STOPPED, NOT_A_NUMBER, RUNNING = "complete", "stopped", "nan", "running"
STATUSES = (COMPLETE, STOPPED, NOT_A_NUMBER, RUNNING)


class CompleteFirst(keras_tuner.Oracle):
    """What `CVTuner` changes in an oracle: a stopped trial never wins, NaN stops nothing."""

    def get_best_trials(self, num_trials: int = 1) -> list[keras_tuner.engine.trial.Trial]:
        """Return the best complete trials, then stopped ones, then those without a score."""
        sign = -1 if self.objective.direction == "max" else 1

        def rank(trial: keras_tuner.engine.trial.Trial) -> tuple[int, float]:
            status = status_of(trial)
            scored = status in (COMPLETE, STOPPED)
            return STATUSES.index(status), sign * trial.score if scored else 0.0

        return sorted(self.trials.values(), key=rank)[:num_trials]

    def update_trial(
        self, trial_id: str, metrics: Mapping[str, float], step: int = 0
    ) -> keras_tuner.engine.trial.Trial:
        """Take a trial's scores; KerasTuner's bookkeeping warns of NaN, which has been reported."""
        with _not_warning_of_nan():
            return super().update_trial(trial_id, metrics, step)

    def score_trial(self, trial: keras_tuner.engine.trial.Trial) -> None:
        """Set the score of a trial that has ended."""
        with _not_warning_of_nan():
            super().score_trial(trial)

    def save(self) -> None:
        """Keep nothing: the log of folds is all that a search needs."""

    def _save_trial(self, trial: keras_tuner.engine.trial.Trial) -> None:
        """Keep nothing."""


class RandomOracle(CompleteFirst, keras_tuner.oracles.RandomSearchOracle):
    """Random search."""


class GridOracle(CompleteFirst, keras_tuner.oracles.GridSearchOracle):
    """Grid search."""


class BayesianOracle(CompleteFirst, keras_tuner.oracles.BayesianOptimizationOracle):
    """Bayesian optimization with a Gaussian process."""

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        """Propose values; that a length scale met its bound, as it does for few trials, is fine."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            return super().populate_space(trial_id)


ORACLES = {"random": RandomOracle, "grid": GridOracle, "bayesian": BayesianOracle}


def make_oracle(
    name: str, objective: keras_tuner.Objective, max_trials: int | None, seed: int
) -> CompleteFirst:
    """Return an oracle that is silent, and that no number of trials without a score stops."""
    oracle = ORACLES[name](
        objective=objective,
        max_trials=max_trials,
        seed=seed,
        max_consecutive_failed_trials=sys.maxsize,
    )
    oracle.verbose = 0
    return oracle


def status_of(trial: keras_tuner.engine.trial.Trial) -> str:
    """Return whether a trial is complete, was stopped, scored NaN, or has not ended."""
    if trial.status in ("FAILED", "INVALID"):
        return NOT_A_NUMBER
    if trial.status != "COMPLETED":
        return RUNNING
    return STOPPED if trial.metrics.get_last_value(FOLDS_LEFT) else COMPLETE


def fold_scores(trial: keras_tuner.engine.trial.Trial) -> dict[int, float]:
    """Return the scores of a trial's finished folds, by fold and in order."""
    names = sorted(name for name in trial.metrics.metrics if name.startswith(FOLD))
    return {int(name.removeprefix(FOLD)): trial.metrics.get_last_value(name) for name in names}


def incumbent_scores(oracle: keras_tuner.Oracle) -> np.ndarray | None:
    """Return the fold scores of the best complete trial, which a chief tells its workers too."""
    best = oracle.get_best_trials(1)
    if not best or status_of(best[0]) != COMPLETE:
        return None
    return np.array(list(fold_scores(best[0]).values()))


def trial_metrics(
    results: Mapping[int, FoldResult], objective: str, num_folds: int
) -> dict[str, float]:
    """Return what a trial reports: mean metrics, a score for each fold, and the folds left."""
    scores = {fold: float(result.scores[objective]) for fold, result in results.items()}
    names = next(iter(results.values())).scores
    means = {
        name: float(np.mean([result.scores[name] for result in results.values()])) for name in names
    }
    finite = all(map(math.isfinite, scores.values()))
    means[objective] = float(np.mean(list(scores.values()))) if finite else float("nan")
    folds = {f"{FOLD}{fold:04}": score for fold, score in scores.items()}
    return {**means, **folds, FOLDS_LEFT: float(num_folds - len(results))}


@contextmanager
def _not_warning_of_nan() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "All-NaN", RuntimeWarning)
        yield
