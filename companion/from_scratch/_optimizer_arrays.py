"""The arrays that an optimizer takes: one or a list of them, all checked before anything moves."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from companion._validate import check_array, refuse

Slots = Mapping[str, np.ndarray]
_FLOATS = (np.float32, np.float64)


def check_params(params: Any, owner: str) -> list[np.ndarray]:
    """Return parameters as a list of float32 or float64 arrays."""
    if isinstance(params, list) and not params:
        refuse(ValueError, params, "params", owner, "an array or a list of arrays", "np.zeros(3)")
    arrays = _named(params, "params")
    for name, w in arrays.items():
        check_array(w, name, owner, None, "f", "np.zeros(3)")
        if w.dtype not in _FLOATS:
            refuse(TypeError, w, name, owner, "float32 or float64", f"{name}.astype(np.float64)")
    return list(arrays.values())


def check_grads(grads: Any, params: np.ndarray | list[np.ndarray], owner: str) -> list[np.ndarray]:
    """Return gradients as a list of arrays that have the shapes and types of the parameters."""
    if isinstance(params, list) and not (isinstance(grads, list) and len(grads) == len(params)):
        error = ValueError if isinstance(grads, list) else TypeError
        allowed = f"a list of {len(params)}, one gradient for each of params"
        refuse(error, grads, "grads", owner, allowed, "[np.zeros_like(w) for w in params]")
    if not isinstance(params, list) and isinstance(grads, list):
        refuse(TypeError, grads, "grads", owner, "an array as params", "np.zeros_like(params)")
    gradients = _named(grads, "grads")
    for (name, g), w in zip(gradients.items(), _named(params, "params").values(), strict=True):
        remedy = f"np.zeros_like({name.replace('grads', 'params')})"
        check_array(g, name, owner, w.shape, "f", remedy)
        if g.dtype != w.dtype:
            refuse(TypeError, g, name, owner, f"{w.dtype} as params", f"{name}.astype({w.dtype})")
    return list(gradients.values())


def fits(slots: list[Slots], expected: list[Slots]) -> bool:
    """Tell whether running quantities have the expected names, shapes and types."""
    return [_kind(one) for one in slots] == [_kind(one) for one in expected]


def _kind(slots: Slots) -> dict[str, tuple[tuple[int, ...], np.dtype]]:
    return {name: (slot.shape, slot.dtype) for name, slot in slots.items()}


def _named(values: Any, name: str) -> dict[str, Any]:
    """Return one array or the arrays of a list by the names that messages use.

    What NumPy computes from an array without axes is a number of its own; it becomes an array.
    """
    if isinstance(values, list):
        return {f"{name}[{index}]": _as_array(value) for index, value in enumerate(values)}
    return {name: _as_array(values)}


def _as_array(value: Any) -> Any:
    return np.asarray(value) if isinstance(value, np.floating) else value
