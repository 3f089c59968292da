"""What a finished fold depends on, in a form that another process can compare.

Functions count by their code, constants, defaults and what they enclose; comments do not count, and
functions that they call are not followed. Arrays count by every byte, layers by their weights,
Keras' other objects by their configuration; names that Keras numbers do not count.
"""

import functools
import hashlib
import re
import types
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

Seen = dict[int, tuple[int, object]]  # what was described before, by id: its number, itself
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def describe(value: object, seen: Seen | None = None) -> object:
    """Return plain values that are equal for equal `value`s, also in another process."""
    seen = {} if seen is None else seen
    if value is None or isinstance(value, str | int | float):
        return value
    for kinds, describer in _DESCRIBERS:
        if isinstance(value, kinds):
            return describer(value, seen)
    if hasattr(value, "__array__"):  # tensors, variables, tables
        return [_name(type(value)), _array(np.asarray(value), seen)]
    return _once(value, seen, lambda: [_name(type(value)), _state(value)])


def _once(value: object, seen: Seen, parts: Callable[[], list[Any]]) -> object:
    """Describe what may hold itself, such as a recursive function."""
    if id(value) in seen:
        return ["again", seen[id(value)][0]]
    seen[id(value)] = len(seen), value
    return _sequence(parts(), seen)


def _state(value: Any) -> object:
    if not hasattr(value, "get_config"):
        return vars(value) if hasattr(value, "__dict__") else _representation(value)
    weights = value.get_weights() if hasattr(value, "get_weights") else []
    if hasattr(value, "layers"):
        return [weights, value.layers]
    config: dict[str, Any] = {}
    with suppress(NotImplementedError):  # a layer of one's own need not have one
        config = value.get_config()
    return [weights, {key: part for key, part in config.items() if key != "name"}]


def _array(value: np.ndarray, seen: Seen) -> object:
    if value.dtype.hasobject:
        return describe(value.tolist(), seen)
    content = np.ascontiguousarray(value).tobytes()
    return ["array", value.dtype.str, list(value.shape), hashlib.sha256(content).hexdigest()]


def _mapping(value: Mapping[Any, Any], seen: Seen) -> object:
    return [[str(name), describe(value[name], seen)] for name in sorted(value, key=str)]


def _sequence(value: Any, seen: Seen) -> object:
    return [describe(item, seen) for item in value]


def _set(value: Any, seen: Seen) -> object:
    return sorted(str(describe(item, seen)) for item in value)


def _function(value: types.FunctionType, seen: Seen) -> object:
    enclosed = [_content(cell) for cell in value.__closure__ or ()]
    parts = [value.__code__, value.__defaults__, value.__kwdefaults__, enclosed]
    return _once(value, seen, lambda: parts)


def _content(cell: types.CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _code(value: types.CodeType, seen: Seen) -> object:
    return ["code", value.co_code.hex(), _sequence([value.co_consts, value.co_names], seen)]


def _representation(value: object, _seen: Seen | None = None) -> object:
    return _ADDRESS.sub("", repr(value))


def _name(value: Any) -> str:
    return f"{value.__module__}.{value.__qualname__}"


_DESCRIBERS: tuple[tuple[Any, Callable[[Any, Seen], object]], ...] = (
    (np.ndarray, _array),
    (np.generic, lambda value, seen: describe(value.item(), seen)),
    (Mapping, _mapping),
    (list | tuple, _sequence),
    (set | frozenset, _set),
    (functools.partial, lambda f, seen: _sequence([f.func, f.args, f.keywords], seen)),
    (types.FunctionType, _function),
    (types.MethodType, lambda method, seen: _sequence([method.__func__, method.__self__], seen)),
    (types.CodeType, _code),
    (types.BuiltinFunctionType | type | np.ufunc, _representation),
)
