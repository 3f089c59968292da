"""Splitters of scikit-learn: which are accepted, and which fit the data and each other."""

import numbers
from typing import Any

from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    LeaveOneGroupOut,
    LeavePGroupsOut,
    StratifiedGroupKFold,
    TimeSeriesSplit,
)

from companion._validate import refuse

_OF_GROUPS = (
    GroupKFold,
    GroupShuffleSplit,
    LeaveOneGroupOut,
    LeavePGroupsOut,
    StratifiedGroupKFold,
)
_FOLDS = "KFold(n_splits=5, shuffle=True, random_state=0)"


def check_seeded(splitter: Any, name: str, owner: str) -> None:
    """Check that a splitter is one of scikit-learn's kind, and is seeded.

    Raises:
        TypeError: It is no splitter; a number of folds says not how to draw them.
        ValueError: It shuffles without a seed.
    """
    if isinstance(splitter, type) or not all(
        callable(getattr(splitter, method, None)) for method in ("split", "get_n_splits")
    ):
        refuse(TypeError, splitter, name, owner, "a splitter of scikit-learn", _FOLDS)
    if _is_unseeded(splitter):
        remedy = f"{type(splitter).__name__}(..., random_state=0)"
        allowed = "seeded with a whole number, so that the same folds can be drawn again"
        refuse(ValueError, splitter, name, owner, allowed, remedy)


def check_splitter(splitter: Any, groups: Any, name: str, owner: str) -> None:
    """Check that a splitter is seeded and goes with `groups`.

    Raises:
        TypeError: As for `check_seeded`.
        ValueError: As for `check_seeded`; or groups are missing or would be ignored.
    """
    check_seeded(splitter, name, owner)
    if groups is None and isinstance(splitter, _OF_GROUPS):
        refuse(ValueError, groups, "groups", owner, "given for this splitter", "an array of them")
    if groups is not None and _is_of_scikit_learn(splitter) and not _is_of_groups(splitter):
        allowed = "one that keeps groups together where there are groups"
        remedy = "GroupKFold(n_splits=5), or GroupShuffleSplit(1, random_state=0) for inner"
        refuse(ValueError, splitter, name, owner, allowed, remedy)


def check_inner(inner: Any, splitter: Any, groups: Any, owner: str) -> None:
    """Check the splitter of a fold's training rows, None for none, beside that of the folds.

    Raises:
        TypeError: It is no splitter.
        ValueError: As for `check_splitter`; or it lets the past validate the future of a series.
    """
    if inner is None:
        return
    check_splitter(inner, groups, "inner", owner)
    is_series = isinstance(splitter, TimeSeriesSplit)
    if is_series and _is_of_scikit_learn(inner) and not isinstance(inner, TimeSeriesSplit):
        allowed = "a TimeSeriesSplit where splitter is one"
        refuse(ValueError, inner, "inner", owner, allowed, "TimeSeriesSplit(n_splits=5)")


def _is_unseeded(splitter: Any) -> bool:
    shuffles = getattr(splitter, "shuffle", True)  # those without the option always do
    seed = getattr(splitter, "random_state", 0)  # those without a seed never do
    return shuffles and not isinstance(seed, numbers.Integral)


def _is_of_groups(splitter: Any) -> bool:
    return isinstance(splitter, _OF_GROUPS)


def _is_of_scikit_learn(splitter: Any) -> bool:
    return type(splitter).__module__.startswith("sklearn.")
