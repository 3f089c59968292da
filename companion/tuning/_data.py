"""The data of cross-validation: arrays that can be indexed by row."""

from typing import Any

import numpy as np

from companion._validate import check_array, refuse


def check_data(x: Any, y: Any, groups: Any, owner: str) -> None:
    """Check that inputs, targets and groups are arrays of the same number of rows.

    Raises:
        TypeError: Not a NumPy array, or not of numbers; groups may also be names.
        ValueError: Different numbers of rows, fewer than two, NaN, or infinity.
    """
    check_inputs(x, owner, fewest=2)  # one row to train on, one to test on
    check_targets(y, len(x), owner)
    if groups is not None:
        if not isinstance(groups, np.ndarray) or groups.dtype.kind not in "iuUS":
            allowed = "an array of whole numbers or names, one a row"
            refuse(TypeError, groups, "groups", owner, allowed, "np.asarray(groups)")
        if groups.ndim != 1:
            refuse(ValueError, groups, "groups", owner, "of one axis", "groups.ravel()")
        _check_rows(groups, "groups", len(x), owner)


def check_inputs(x: Any, owner: str, fewest: int = 1) -> None:
    """Check that inputs are an array of finite numbers with so many rows at least."""
    check_array(x, "x", owner, None, "uif", _remedy("x", x))
    if x.ndim == 0 or len(x) < fewest:
        refuse(ValueError, x, "x", owner, f"an array of at least {fewest} rows", "more rows")


def check_targets(y: Any, num_rows: int, owner: str) -> None:
    """Check that targets are an array of finite numbers with one row for each of the inputs."""
    check_array(y, "y", owner, None, "uif", _remedy("y", y))
    _check_rows(y, "y", num_rows, owner)


def _check_rows(value: np.ndarray, name: str, num_rows: int, owner: str) -> None:
    if value.ndim == 0 or len(value) != num_rows:
        allowed = f"an array of as many rows as x, {num_rows}"
        refuse(ValueError, value, name, owner, allowed, f"{name} of the same rows as x")


def _remedy(name: str, value: Any) -> str:
    if hasattr(value, "toarray"):  # sparse
        return f"{name}.toarray()"
    if getattr(getattr(value, "dtype", None), "kind", "") == "b":
        return f"{name}.astype(int)"
    return f"np.asarray({name}), in numbers"
