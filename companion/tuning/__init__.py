"""Searches for hyperparameters: spaces, cross-validation, and results as tables.

Importing this package imports Keras, KerasTuner and pandas. Spaces are plain functions of `hp`, so
they serve KerasTuner's own tuners as well as the one of this package.
"""

from companion.tuning._fold_runner import FailedFoldError
from companion.tuning._refit import RefittedModel
from companion.tuning.build_optimizer import build_optimizer
from companion.tuning.comparison import compare_folds, corrected_interval
from companion.tuning.cross_validation import CrossValidation, cross_validate
from companion.tuning.cv_tuner import CVTuner
from companion.tuning.fold_log import ChangedSearchError, DamagedLogError, SearchBusyError
from companion.tuning.knobs import check_knobs
from companion.tuning.optimism import optimism
from companion.tuning.racing import RaceOutcome, race
from companion.tuning.results import to_dataframe
from companion.tuning.selection import select_candidate
from companion.tuning.spaces import (
    batch_size_space,
    optimizer_space,
    regularization_space,
    schedule_space,
)

__all__ = [
    "CVTuner",
    "ChangedSearchError",
    "CrossValidation",
    "DamagedLogError",
    "FailedFoldError",
    "RaceOutcome",
    "RefittedModel",
    "SearchBusyError",
    "batch_size_space",
    "build_optimizer",
    "check_knobs",
    "compare_folds",
    "corrected_interval",
    "cross_validate",
    "optimism",
    "optimizer_space",
    "race",
    "regularization_space",
    "schedule_space",
    "select_candidate",
    "to_dataframe",
]
