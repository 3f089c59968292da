"""Checks that several figures share."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from companion._validate import check_instance, check_text
from companion.plotting.style import COLORS


def check_labeled(values: Any, name: str, owner: str, remedy: str) -> dict[str, Any]:
    """Return `values` as a dict if it maps 1 to 7 labels to something."""
    check_instance(values, name, owner, Mapping, "a mapping of label to values", remedy)
    if not 1 <= len(values) <= len(COLORS):
        raise ValueError(
            f"{name} of {owner} must have 1 to {len(COLORS)} labels, as many as can be told apart. "
            f"Got {len(values)}. Try {remedy}."
        )
    return {_check_label(label, name, owner): value for label, value in values.items()}


def check_curve(value: Any, name: str, owner: str) -> np.ndarray:
    """Return `value` as floats of shape `(num_seeds, num_epochs)`; one seed may come as a list."""
    curve = _floats(value, name, owner, "finite numbers of shape (num_seeds, num_epochs)", (1, 2))
    return np.atleast_2d(curve)


def check_sample(value: Any, name: str, owner: str, fewest: int) -> np.ndarray:
    """Return `value` as floats of shape `(n,)` with at least `fewest` of them."""
    allowed = f"at least {fewest} finite numbers in one row"
    sample = _floats(value, name, owner, allowed, (1,))
    if len(sample) < fewest:
        raise ValueError(f"{name} of {owner} must be {allowed}. Got {len(sample)}. Add seeds.")
    return sample


def check_weights(value: Any, name: str, owner: str) -> np.ndarray:
    """Return an array of weights of any shape as a flat row of floats."""
    any_number_of_axes = range(1, 65)
    return _floats(value, name, owner, "an array of finite numbers", any_number_of_axes).ravel()


def _check_label(label: Any, name: str, owner: str) -> str:
    if check_text(label, f"a label in {name}", owner, "'dropout'").startswith("_"):
        raise ValueError(
            f"a label in {name} of {owner} must not begin with an underscore, matplotlib hides it. "
            f"Got {label!r}. Try {label.lstrip('_')!r}."
        )
    return str(label)


def _floats(value: Any, name: str, owner: str, allowed: str, dimensions: Any) -> np.ndarray:
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(
            f"{name} of {owner} must be {allowed}. Got {type(value).__name__} that is no array of "
            "numbers. Try a NumPy array."
        ) from None
    problem = _problem(array, dimensions)
    if problem:
        raise ValueError(f"{name} of {owner} must be {allowed}. Got {problem}. Try a finite array.")
    return array


def _problem(array: np.ndarray, dimensions: Any) -> str:
    if array.ndim not in dimensions or array.size == 0:
        return f"shape {array.shape}"
    if not np.isfinite(array).all():
        return f"{np.count_nonzero(~np.isfinite(array))} NaN or infinite values"
    return ""
