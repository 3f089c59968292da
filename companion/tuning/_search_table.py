"""The table of a search by folds."""

from collections.abc import Mapping
from typing import Any

import keras_tuner
import numpy as np
import pandas as pd

from companion.tuning._fold_runner import candidate_key
from companion.tuning._oracles import fold_scores
from companion.tuning.fold_log import Key
from companion.tuning.folds import FoldResult
from companion.tuning.results import to_dataframe


def search_table(
    tuner: keras_tuner.Tuner, finished: Mapping[Key, FoldResult], num_folds: int
) -> pd.DataFrame:
    """Return the trials of `to_dataframe` with what their folds scored."""
    table = to_dataframe(tuner)
    trials = [tuner.oracle.trials[name] for name in table["trial_id"]]
    rows = [_row(trial, finished, num_folds) for trial in trials]
    own = pd.DataFrame(rows, index=table.index)
    kept = table.drop(columns=["best_step", "message"])
    joined = pd.concat([kept, own], axis=1)
    joined.attrs = table.attrs
    return joined


def _row(
    trial: keras_tuner.engine.trial.Trial, finished: Mapping[Key, FoldResult], num_folds: int
) -> dict[str, Any]:
    scores = fold_scores(trial)
    candidate = candidate_key(trial.hyperparameters)
    results = [finished[candidate, fold] for fold in scores]
    return {
        "standard_error": _standard_error(np.array(list(scores.values()))),
        "num_folds": len(scores),
        "best_epoch": float(np.median([r.best_epoch for r in results])) if results else np.nan,
        "seconds": float(sum(result.seconds for result in results)),
        **{f"fold_{fold}": float(scores.get(fold, np.nan)) for fold in range(num_folds)},
    }


def _standard_error(scores: np.ndarray) -> float:
    if len(scores) < 2 or not np.isfinite(scores).all():  # noqa: PLR2004
        return float("nan")
    return float(np.std(scores, ddof=1) / np.sqrt(len(scores)))
