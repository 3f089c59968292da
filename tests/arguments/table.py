"""All rows: every public callable with its arguments."""

from tests.arguments import (
    of_callbacks,
    of_claims,
    of_datasets,
    of_experiments,
    of_from_scratch,
    of_intervals,
    of_loading,
    of_models,
    of_plotting,
    of_source,
)

_PARTS = (
    of_callbacks,
    of_claims,
    of_datasets,
    of_experiments,
    of_from_scratch,
    of_intervals,
    of_loading,
    of_models,
    of_plotting,
    of_source,
)
CASES = [case for part in _PARTS for case in part.CASES]
