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
import re
import reprlib
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

_LONGEST_SHOWN = 80
_NOT_FINITE = " with NaN or infinity"
_SHORT = reprlib.Repr()  # looks at the first few elements only, however many there are
_SHORT.maxstring = _SHORT.maxlong = _SHORT.maxother = _LONGEST_SHOWN


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
        refuse(TypeError, value, name, owner, f"a number in {interval}", suggestion)
    number = _as_float(value)
    if not _inside(number, interval):
        refuse(ValueError, value, name, owner, f"in {interval}", suggestion)
    return number


def check_integer(value: object, name: str, owner: str, interval: str, suggestion: int) -> int:
    """Return `value` as an int if it is a whole number inside `interval`.

    Args and errors are those of `check_number`; 3.0 is a float and refused.
    """
    if not _is_number(value, numbers.Integral):
        refuse(TypeError, value, name, owner, f"a whole number in {interval}", suggestion)
    number = int(value)  # type: ignore[call-overload]
    if not _inside(number, interval):
        refuse(ValueError, value, name, owner, f"in {interval}", suggestion)
    return number


def check_flag(value: object, name: str, owner: str) -> bool:
    """Return `value` if it is True or False (NumPy's bool included)."""
    if not isinstance(value, bool | np.bool_):
        refuse(TypeError, value, name, owner, "True or False", True)
    return bool(value)


def check_text(value: object, name: str, owner: str, suggestion: str) -> str:
    """Return `value` if it is a string that is not blank and can be written to a file."""
    if not isinstance(value, str):
        refuse(TypeError, value, name, owner, "a string", suggestion)
    if not value.strip():
        refuse(ValueError, value, name, owner, "a string that is not blank", suggestion)
    if any("\ud800" <= character <= "\udfff" for character in value):
        refuse(ValueError, value, name, owner, "a string without lone surrogates", suggestion)
    return value


def check_choice(value: object, name: str, owner: str, choices: Collection[str]) -> str:
    """Return `value` if it is one of the strings in `choices`."""
    listed = ", ".join(repr(choice) for choice in choices)
    first = repr(next(iter(choices)))
    if not isinstance(value, str):
        refuse(TypeError, value, name, owner, f"one of {listed}", first)
    if value not in choices:
        refuse(ValueError, value, name, owner, f"one of {listed}", first)
    return value


def check_path(value: object, name: str, owner: str, suggestion: str) -> Path:
    """Return `value` as an absolute `Path`, with `~` expanded; it need not exist."""
    if not isinstance(value, str | Path):
        refuse(TypeError, value, name, owner, "a path", suggestion)
    if not str(value).strip():
        refuse(ValueError, value, name, owner, "a path that is not blank", suggestion)
    try:
        path = Path(value).expanduser().absolute()
        with suppress(FileNotFoundError, NotADirectoryError):
            path.stat()
    except (OSError, RuntimeError, ValueError):  # too long, a loop, forbidden, nobody's home
        refuse(ValueError, value, name, owner, "a path that can be looked up", suggestion)
    return path


def check_folder(value: object, name: str, owner: str, suggestion: str) -> Path:
    """Return `value` as `check_path` does if it is a folder or could become one."""
    path = check_path(value, name, owner, suggestion)
    nearest = next(place for place in (path, *path.parents) if place.exists())
    if not nearest.is_dir():
        refuse(ValueError, value, name, owner, "a folder, and no file", suggestion)
    return path


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
        refuse(TypeError, value, name, owner, allowed, remedy)
    return value


def check_callable(value: object, name: str, owner: str, remedy: str) -> Callable[..., Any]:
    """Return `value` if it can be called."""
    if not callable(value):
        refuse(TypeError, value, name, owner, "callable", remedy)
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
        refuse(TypeError, values, name, owner, allowed, suggestion)
    if len(values) == 0:
        refuse(ValueError, values, name, owner, allowed, suggestion)
    return tuple(
        check_integer(value, f"{name}[{index}]", owner, interval, suggestion[0])
        for index, value in enumerate(values)
    )


def check_array(
    value: object,
    name: str,
    owner: str,
    shape: tuple[int | None, ...] | None,
    kinds: str,
    remedy: str,
) -> np.ndarray:
    """Return `value` if it is a NumPy array of the given shape and kind of number.

    Args:
        value: What the caller passed.
        name: Name of the argument.
        owner: Name of the function or class that has the argument.
        shape: Wanted shape; None in it stands for any length of at least 1, None for any shape.
        kinds: Accepted `dtype.kind` letters: `"u"`/`"i"` whole numbers, `"f"` floats.
        remedy: What to pass instead, as code.

    Raises:
        TypeError: Not an array, or of another kind of number.
        ValueError: Another shape, or a float array that holds NaN or infinity.
    """
    words = {"u": "unsigned whole", "i": "whole", "f": "floating-point"}
    numbers_wanted = " or ".join(words[kind] for kind in kinds)
    allowed = f"an array of {_wanted(shape)} with {numbers_wanted} numbers"
    if not isinstance(value, np.ndarray) or value.dtype.kind not in kinds:
        refuse(TypeError, value, name, owner, allowed, remedy)
    if not _fits(value.shape, shape):
        refuse(ValueError, value, name, owner, allowed, remedy)
    if value.dtype.kind == "f" and not np.isfinite(value).all():
        refuse(ValueError, value, name, owner, "finite", remedy, _NOT_FINITE)
    return value


def check_sample(
    value: object,
    name: str,
    owner: str,
    dimensions: Collection[int],
    fewest: int,
    allowed: str,
    suggestion: object,
) -> np.ndarray:
    """Return an array, or a list that could be one, as float64 if its numbers are finite.

    `dimensions` are the accepted numbers of axes, `fewest` is the smallest number of values (at
    least 1), and `allowed` says both in words. Complex numbers, bools and strings are refused.
    """
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):  # such as rows of different lengths
        array = np.empty(0, dtype=object)
    if array.dtype.kind not in "iuf":
        refuse(TypeError, value, name, owner, allowed, suggestion)
    if array.ndim not in dimensions or array.size < fewest:
        refuse(ValueError, value, name, owner, allowed, suggestion)
    with np.errstate(over="ignore"):  # a long double beyond float64 is infinite here
        array = array.astype(np.float64)
    if not np.isfinite(array).all():
        refuse(ValueError, value, name, owner, allowed, suggestion, _NOT_FINITE)
    return array


def refuse(
    error: type[Exception],
    value: object,
    name: str,
    owner: str,
    allowed: str,
    suggestion: object,
    flaw: str = "",
) -> NoReturn:
    """Raise `error` with the one sentence; for checks that no other function here makes."""
    raise error(
        f"{name} of {owner} must be {allowed}. Got {name}={_shown(value)}{flaw}. Try {suggestion}."
    )


def _is_number(value: object, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool | np.bool_)


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number or a fraction beyond all floats, of either sign
        return math.inf  # which lies in no interval


def _inside(number: float, interval: str) -> bool:
    low, high = (_end(text.strip()) for text in interval[1:-1].split(","))
    above = number >= low if interval[0] == "[" else number > low
    below = number <= high if interval[-1] == "]" else number < high
    return -math.inf < number < math.inf and above and below


def _end(text: str) -> float:
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text)  # whole numbers stay exact


def _wanted(shape: tuple[int | None, ...] | None) -> str:
    if shape is None:
        return "any shape"
    return "shape (" + ", ".join("n" if size is None else str(size) for size in shape) + ")"


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...] | None) -> bool:
    if wanted is None:
        return True
    return len(shape) == len(wanted) and all(
        have >= 1 if want is None else have == want
        for have, want in zip(shape, wanted, strict=True)
    )


def _shown(value: object) -> str:
    try:
        text = _described(value)
    except Exception:  # a repr may fail in any way; a whole number of 5,000 digits has none
        text = f"<{type(value).__name__}>"
    text = re.sub(r"\s*\n\s*", " ", text)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."


def _described(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"array(shape={value.shape}, dtype={value.dtype})"
    return _SHORT.repr(value)
