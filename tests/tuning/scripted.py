"""Searches whose folds are scored by a script instead of a training."""

from collections.abc import Callable
from typing import Any

import keras_tuner
import numpy as np
from sklearn.model_selection import KFold

from companion.tuning import CVTuner, _fold_runner
from companion.tuning.folds import FoldResult

MAX, MIN = keras_tuner.Objective("accuracy", "max"), keras_tuner.Objective("loss", "min")
X, Y = np.arange(40.0).reshape(20, 2), np.arange(20.0)
Score = Callable[[dict[str, Any], int], float]


def build(hp):
    """Return values in the place of a model."""
    return {"a": hp.Float("a", 0, 1), "n": hp.Int("n", 1, 3)}


def make(directory, **changed):
    settings = {"objective": MAX, "splitter": KFold(5), "max_trials": 8, "build": build}
    return CVTuner(**{**settings, "directory": directory, **changed})


def as_scripted(score: Score, calls: list):
    """Return what stands for `run_fold`; it notes every call."""

    def run(build, x, y, fold, *, fit, preprocess, inner, seed, groups):
        values = build()
        calls.append((values["a"], fold.index))
        value = float(score(values, fold.index))
        sizes = len(fold.train), len(fold.test)
        return FoldResult({"accuracy": value, "loss": value}, 5, 3, 0.25, *sizes)

    return run


def script(monkeypatch, score: Score) -> list:
    """Let `score` make the scores; return the list of calls."""
    calls: list = []
    monkeypatch.setattr(_fold_runner, "run_fold", as_scripted(score, calls))
    return calls


def by_row(table) -> Score:
    """Score the candidates in the order in which they come by the rows of a table."""
    rows: dict[float, int] = {}
    return lambda values, fold: table[rows.setdefault(values["a"], len(rows))][fold]
