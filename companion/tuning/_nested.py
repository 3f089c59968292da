"""Cross-validation around a whole search."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from keras_tuner.src.distribute.utils import has_chief_oracle

from companion.tuning._refit import RefittedModel
from companion.tuning._settings import SearchData
from companion.tuning.fold_log import FoldLog
from companion.tuning.folds import Fold, FoldResult

OUTER = "outer"


def nested_scores(
    folder: Path, data: SearchData, objective: str, search: Callable[[Fold], RefittedModel]
) -> np.ndarray:
    """Score what `search` makes of each outer fold's training rows on its test rows."""
    if has_chief_oracle():  # which knows of one search only
        raise RuntimeError("CVTuner.nested_score searches in one process. Call it without a chief.")
    with FoldLog(folder, OUTER, data.identity) as log:
        for fold in data.folds:
            if (OUTER, fold.index) not in log.finished:
                log.append((OUTER, fold.index), _scored(fold, data, search))
        return np.array([log.finished[OUTER, fold.index].scores[objective] for fold in data.folds])


def _scored(fold: Fold, data: SearchData, search: Callable[[Fold], RefittedModel]) -> FoldResult:
    start = time.perf_counter()
    refitted = search(fold)
    return FoldResult(
        scores=refitted.evaluate(data.x[fold.test], data.y[fold.test]),
        epochs=refitted.epochs,
        best_epoch=refitted.epochs,
        seconds=time.perf_counter() - start,
        num_train=len(fold.train),
        num_test=len(fold.test),
    )
