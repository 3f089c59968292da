"""The one place where argument errors are worded.

Every public function of the package checks its arguments here, so that a wrong one always gives the
same kind of sentence: which argument of what, what is allowed, what came, and what to try instead.

Example:
    >>> check_number(1.5, "rate", "Dropout", "[0, 1)", 0.5)
    Traceback (most recent call last):
        ...
    ValueError: rate of Dropout must be in [0, 1). Got rate=1.5. Try 0.5.
"""

import math
import numbers
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

_LONGEST_SHOWN = 80


def check_number(value: object, name: str, owner: str, interval: str, suggestion: float) -> float:
    """Return `value` as a float if it is a finite real number inside `interval`.

    Args:
        value: What the caller passed.
        name: Name of the argument.
        owner: Name of the function or class that has the argument.
        interval: Allowed range in mathematical notation, such as `"[0, 1)"` or `"(0, inf)"`.
        suggestion: A value that works, offered in the message.

    Raises:
        TypeError: `value` is not a real number (a bool is not one).
        ValueError: `value` is NaN, infinite or outside `interval`.
    """
    if not _is_number(value, numbers.Real):
        _fail(TypeError, value, name, owner, f"a number in {interval}", suggestion)
    number = float(value)  # type: ignore[arg-type]
    if not _inside(number, interval):
        _fail(ValueError, value, name, owner, f"in {interval}", suggestion)
    return number


def check_integer(value: object, name: str, owner: str, interval: str, suggestion: int) -> int:
    """Return `value` as an int if it is a whole number inside `interval`.

    Args and errors are those of `check_number`; 3.0 is a float and refused.
    """
    if not _is_number(value, numbers.Integral):
        _fail(TypeError, value, name, owner, f"a whole number in {interval}", suggestion)
    number = int(value)  # type: ignore[call-overload]
    if not _inside(number, interval):
        _fail(ValueError, value, name, owner, f"in {interval}", suggestion)
    return number


def check_flag(value: object, name: str, owner: str) -> bool:
    """Return `value` if it is True or False (NumPy's bool included)."""
    if not isinstance(value, bool | np.bool_):
        _fail(TypeError, value, name, owner, "True or False", True)
    return bool(value)


def check_text(value: object, name: str, owner: str, suggestion: str) -> str:
    """Return `value` if it is a string that is not blank."""
    if not isinstance(value, str):
        _fail(TypeError, value, name, owner, "a string", suggestion)
    if not value.strip():
        _fail(ValueError, value, name, owner, "a string that is not blank", suggestion)
    return value


def check_choice(value: object, name: str, owner: str, choices: Collection[str]) -> str:
    """Return `value` if it is one of the strings in `choices`."""
    listed = ", ".join(repr(choice) for choice in choices)
    first = next(iter(choices))
    if not isinstance(value, str):
        _fail(TypeError, value, name, owner, f"one of {listed}", first)
    if value not in choices:
        _fail(ValueError, value, name, owner, f"one of {listed}", first)
    return value


def check_path(value: object, name: str, owner: str, suggestion: str) -> Path:
    """Return `value` as an absolute `Path`, with `~` expanded."""
    if not isinstance(value, str | Path):
        _fail(TypeError, value, name, owner, "a path", suggestion)
    if not str(value).strip():
        _fail(ValueError, value, name, owner, "a path that is not blank", suggestion)
    return Path(value).expanduser().absolute()


def check_instance(
    value: object, name: str, owner: str, types: type | tuple[type, ...], allowed: str, remedy: str
) -> Any:
    """Return `value` if it is an instance of `types`.

    Args:
        value: What the caller passed.
        name: Name of the argument.
        owner: Name of the function or class that has the argument.
        types: The accepted type or types.
        allowed: The accepted kinds in words, such as `"a keras.Model"`.
        remedy: What to pass instead, as code.
    """
    if not isinstance(value, types):
        _fail(TypeError, value, name, owner, allowed, remedy)
    return value


def check_callable(value: object, name: str, owner: str, remedy: str) -> Callable[..., Any]:
    """Return `value` if it can be called."""
    if not callable(value):
        _fail(TypeError, value, name, owner, "callable", remedy)
    return value


def check_each_integer(
    values: object, name: str, owner: str, interval: str, suggestion: Sequence[int]
) -> tuple[int, ...]:
    """Return `values` as a tuple if it is a sequence of whole numbers in `interval`, not empty."""
    allowed = f"a non-empty sequence of whole numbers in {interval}"
    if (
        isinstance(values, str | bytes)
        or not isinstance(values, Sequence | np.ndarray)
        or (isinstance(values, np.ndarray) and values.ndim == 0)
    ):
        _fail(TypeError, values, name, owner, allowed, suggestion)
    if len(values) == 0:
        _fail(ValueError, values, name, owner, allowed, suggestion)
    return tuple(
        check_integer(value, f"{name}[{index}]", owner, interval, suggestion[0])
        for index, value in enumerate(values)
    )


def check_array(
    value: object, name: str, owner: str, shape: tuple[int | None, ...], kinds: str, remedy: str
) -> np.ndarray:
    """Return `value` if it is a NumPy array of the given shape and kind of number.

    Args:
        value: What the caller passed.
        name: Name of the argument.
        owner: Name of the function or class that has the argument.
        shape: Wanted shape; None stands for any length of at least 1.
        kinds: Accepted `dtype.kind` letters: `"u"`/`"i"` whole numbers, `"f"` floats.
        remedy: What to pass instead, as code.

    Raises:
        TypeError: Not an array, or of another kind of number.
        ValueError: Another shape, or a float array that holds NaN or infinity.
    """
    words = {"u": "unsigned whole", "i": "whole", "f": "floating-point"}
    wanted = "(" + ", ".join("n" if size is None else str(size) for size in shape) + ")"
    numbers_wanted = " or ".join(words[kind] for kind in kinds)
    allowed = f"an array of shape {wanted} with {numbers_wanted} numbers"
    if not isinstance(value, np.ndarray) or value.dtype.kind not in kinds:
        _fail(TypeError, value, name, owner, allowed, remedy)
    fits = len(value.shape) == len(shape) and all(
        have >= 1 if want is None else have == want
        for have, want in zip(value.shape, shape, strict=True)
    )
    if not fits:
        _fail(ValueError, value, name, owner, allowed, remedy)
    if value.dtype.kind == "f" and not np.isfinite(value).all():
        raise ValueError(
            f"{name} of {owner} must be finite. Got {_shown(value)} with NaN or infinity. "
            f"Try {remedy}."
        )
    return value


def _is_number(value: object, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool | np.bool_)


def _inside(number: float, interval: str) -> bool:
    low, high = (float(end) for end in interval[1:-1].split(","))
    above = number >= low if interval[0] == "[" else number > low
    below = number <= high if interval[-1] == "]" else number < high
    return -math.inf < number < math.inf and above and below


def _fail(
    error: type[Exception], value: object, name: str, owner: str, allowed: str, suggestion: object
) -> NoReturn:
    raise error(
        f"{name} of {owner} must be {allowed}. Got {name}={_shown(value)}. Try {suggestion}."
    )


def _shown(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"array(shape={value.shape}, dtype={value.dtype})"
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."
