"""What a finished fold depends on, in a form that another process can compare.

Functions count by their code, constants, defaults and what they enclose; comments do not count, and
functions that they call are not followed. Arrays count by every byte.
"""

import functools
import hashlib
import types
from collections.abc import Mapping
from typing import Any

import numpy as np

DEEPEST = 12  # objects may hold themselves


def describe(value: object, depth: int = 0) -> object:
    """Return plain values that are equal for equal `value`s, also in another process."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if depth > DEEPEST:
        return "..."
    for kinds, describer in _DESCRIBERS:
        if isinstance(value, kinds):
            return describer(value, depth + 1)
    return [_name(type(value)), describe(getattr(value, "__dict__", {}), depth + 1)]


def _array(value: np.ndarray, depth: int) -> object:
    if value.dtype.hasobject:
        return describe(value.tolist(), depth)
    content = np.ascontiguousarray(value).tobytes()
    return ["array", value.dtype.str, list(value.shape), hashlib.sha256(content).hexdigest()]


def _mapping(value: Mapping[Any, Any], depth: int) -> object:
    return [[str(name), describe(value[name], depth)] for name in sorted(value, key=str)]


def _sequence(value: Any, depth: int) -> object:
    return [describe(item, depth) for item in value]


def _set(value: Any, depth: int) -> object:
    return sorted(str(describe(item, depth)) for item in value)


def _partial(value: functools.partial, depth: int) -> object:
    return describe([value.func, value.args, value.keywords], depth)


def _function(value: types.FunctionType, depth: int) -> object:
    enclosed = [_content(cell) for cell in value.__closure__ or ()]
    parts = [value.__code__, value.__defaults__, value.__kwdefaults__, enclosed]
    return describe(parts, depth)


def _content(cell: types.CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _code(value: types.CodeType, depth: int) -> object:
    return ["code", value.co_code.hex(), describe([value.co_consts, value.co_names], depth)]


def _name(value: Any) -> str:
    return f"{value.__module__}.{value.__qualname__}"


_DESCRIBERS: tuple[tuple[Any, Any], ...] = (
    (np.ndarray, _array),
    (np.generic, lambda value, depth: describe(value.item(), depth)),
    (Mapping, _mapping),
    (list | tuple, _sequence),
    (set | frozenset, _set),
    (functools.partial, _partial),
    (types.FunctionType, _function),
    (types.MethodType, lambda value, depth: describe([value.__func__, value.__self__], depth)),
    (types.CodeType, _code),
    (types.BuiltinFunctionType | type | np.ufunc, lambda value, _depth: repr(value)),
)
