"""Arrays that are right but for one thing: their type, their shape, or a value."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from tests.arguments.strategies import anything_but, only

_KINDS = {
    "f": [np.float32, np.float64, np.float16],
    "i": [np.int64, np.int8],
    "u": [np.uint8, np.uint32],
    "": [bool, complex, object, "U3", "datetime64[s]", "V4"],
}
WORDS = only("text", [["a"]], [None, 1], [[1, 2], [3]], [1j, 2], [True, False], ["0.5", "0.7"])


def floats(*sides: int, dims: int, low: float, high: float) -> st.SearchStrategy:
    """Float arrays with so many axes and sides from 1 to the largest of `sides`."""
    shapes = array_shapes(min_dims=dims, max_dims=dims, min_side=1, max_side=max(sides))
    return st.sampled_from([np.float32, np.float64]).flatmap(
        lambda dtype: arrays(dtype, shapes, elements=elements(low, high, dtype))
    )


def elements(low: float, high: float, dtype: type) -> st.SearchStrategy:
    return st.floats(low, high, width=np.dtype(dtype).itemsize * 8)


def wrong_array(shape: Sequence[int], kinds: str, *, ranks: bool = True) -> st.SearchStrategy:
    """What is no array of this shape and kind: lists, other types, other shapes, NaN."""
    shape = tuple(shape)
    wrong = [np.zeros(shape, dtype) for kind in _KINDS if kind not in kinds or kind == ""
             for dtype in _KINDS[kind]]  # fmt: skip
    right = np.ones(shape, _KINDS[kinds[0]][0])
    if ranks:
        wrong += [right[None], np.ones((), right.dtype), np.ones((0, *shape[1:]), right.dtype)]
    wrong += [right.tolist()]
    if "f" in kinds:
        for value in (np.nan, np.inf, -np.inf):
            wrong.append(np.full(shape, value))
    return anything_but(np.ndarray) | st.sampled_from(wrong)


def wrong_sample(fewest: int, dims: Sequence[int]) -> st.SearchStrategy:
    """What is no list or array of finite numbers with these numbers of axes."""
    row = np.full(max(fewest, 2), 0.5)
    wrong = [row * np.nan, row * np.inf, [0.5, np.nan], row.astype(object), row + 0j, row > 0]
    wrong += [np.array(["0.5", "0.7"]), [10**400, 1], np.array([1, None]), [], np.zeros(0)]
    wrong += [np.full(shape, 0.5) for shape in ((), (2, 2), (2, 2, 2)) if len(shape) not in dims]
    wrong += [[0.5] * (fewest - 1), [np.nan] * 10_000, np.array([np.longdouble("1e400")] * 2)]
    objects = anything_but(list, tuple, range, np.ndarray, int, float, np.generic)
    return objects | WORDS | st.sampled_from(wrong)
