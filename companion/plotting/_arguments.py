"""Checks that several figures share."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from companion._validate import check_instance, check_sample, check_text, refuse
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
    allowed = "finite numbers of shape (num_seeds, num_epochs)"
    return np.atleast_2d(check_sample(value, name, owner, (1, 2), 1, allowed, "[0.5, 0.7]"))


def check_seeds(value: Any, name: str, owner: str, fewest: int) -> np.ndarray:
    """Return `value` as floats of shape `(num_seeds,)` with at least `fewest` of them."""
    allowed = f"at least {fewest} finite numbers in one row"
    return check_sample(value, name, owner, (1,), fewest, allowed, "[0.70, 0.72]")


def check_weights(value: Any, name: str, owner: str) -> np.ndarray:
    """Return an array of weights of any shape as a flat row of floats."""
    any_number_of_axes = range(1, 65)
    allowed = "an array of finite numbers"
    return check_sample(value, name, owner, any_number_of_axes, 1, allowed, "[0.1, -0.1]").ravel()


def _check_label(label: Any, name: str, owner: str) -> str:
    text = check_text(label, f"a label in {name}", owner, "'dropout'")
    if text.startswith("_"):
        allowed = "one that does not begin with an underscore, which matplotlib hides"
        refuse(ValueError, label, f"a label in {name}", owner, allowed, "'dropout'")
    return text


def check_paths(values: Any, name: str, owner: str) -> dict[str, np.ndarray]:
    """Return a mapping of 1 to 7 labels to paths, each as floats of shape `(num_points, 2)`."""
    allowed, remedy = "finite numbers of shape (num_points, 2)", "[[0.0, 0.0], [1.0, 1.0]]"
    paths = {}
    for label, value in check_labeled(values, name, owner, f'{{"SGD": {remedy}}}').items():
        path = check_sample(value, f"{name}[{label!r}]", owner, (2,), 2, allowed, remedy)
        if path.shape[1] != 2:  # noqa: PLR2004 - a plane has two axes
            refuse(ValueError, value, f"{name}[{label!r}]", owner, allowed, remedy)
        paths[label] = path
    return paths
