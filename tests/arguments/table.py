"""All rows: every public callable with its arguments."""

from tests.arguments import (
    of_augmentation,
    of_batch_norm,
    of_callbacks,
    of_claims,
    of_datasets,
    of_diagnosis,
    of_experiments,
    of_from_scratch,
    of_intervals,
    of_loading,
    of_models,
    of_penalties,
    of_plotting,
    of_shrinkage,
    of_source,
    of_stopping,
    of_weight_decay,
)

_PARTS = (
    of_augmentation,
    of_batch_norm,
    of_callbacks,
    of_claims,
    of_datasets,
    of_diagnosis,
    of_experiments,
    of_from_scratch,
    of_intervals,
    of_loading,
    of_models,
    of_penalties,
    of_plotting,
    of_shrinkage,
    of_source,
    of_stopping,
    of_weight_decay,
)
CASES = [case for part in _PARTS for case in part.CASES]
