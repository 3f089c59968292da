"""The values that arguments are tried with: right ones at every edge, and all that is wrong."""

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

INF, NAN, HUGE = math.inf, math.nan, 10**400  # HUGE is beyond all floats
LARGEST = 1e6  # of the numbers drawn where a range has no end


class Silent:
    """What has no representation for the package: a message must not fail because of it."""

    fails = False

    def __repr__(self) -> str:
        if self.fails:
            raise RuntimeError("no representation")
        return "Silent()"


OBJECTS = [
    None, "", "0.5", "text", b"1", [], [0.5], (1, 2), {}, {"a": 1}, {1}, range(3), object(), object,
    Silent(), len, lambda: 0.5, 1j, np.complex64(1), Decimal("0.5"), date(2000, 1, 1),
    np.array(0.5), np.array([1, 2]), np.array(["a"]), np.datetime64("2000-01-01"), "x" * 10_000,
    ["x" * 100] * 100, [np.zeros((9, 9))] * 9, Path("a"), ...,
]  # fmt: skip
BOOLS = [True, False, np.True_, np.False_]
FLOATS = [0.5, 3.0, -0.0, NAN, INF, -INF, 5e-324, np.float32(3), np.float64("nan"), Fraction(7, 2)]
INTEGERS = [0, 1, -1, HUGE, np.int64(3), np.uint8(0)]


def only(*values: object) -> st.SearchStrategy:
    return st.sampled_from(list(values))


def anything_but(*types: type) -> st.SearchStrategy:
    """Objects of every other type."""
    every = [*OBJECTS, *BOOLS, *FLOATS, *INTEGERS]
    return st.sampled_from([value for value in every if not isinstance(value, types)])


not_a_number = st.sampled_from([*OBJECTS, *BOOLS])
not_a_whole_number = st.sampled_from([*OBJECTS, *BOOLS, *FLOATS])
not_a_flag = st.sampled_from([*OBJECTS, *FLOATS, *INTEGERS])


def optional(strategy: st.SearchStrategy) -> st.SearchStrategy:
    """Leave out None, which is allowed."""
    return strategy.filter(lambda value: value is not None)


def ends(interval: str) -> tuple[float, float]:
    low, high = (float(end) for end in interval[1:-1].split(","))
    return low, high


def number_in(interval: str, largest: float = LARGEST) -> st.SearchStrategy:
    """Numbers of several types in the interval, its closed ends among them."""
    (low, high), (closed_low, closed_high) = ends(interval), closed(interval)
    low, high = max(low, -largest), min(high, largest)
    edges = [*[low] * closed_low, *[high] * closed_high]
    edges += [math.nextafter(low, INF), math.nextafter(high, -INF)]
    edges += [-0.0] if closed_low and low == 0 else []
    floats = st.floats(low, high, exclude_min=not closed_low, exclude_max=not closed_high)
    halves = (low + high) / 2
    return st.one_of(
        st.sampled_from(edges), floats, floats.map(np.float64), only(Fraction(halves), halves)
    )


def number_outside(interval: str) -> st.SearchStrategy:
    """Numbers that are none, not finite, on an open end, or just or far beyond an end."""
    (low, high), (closed_low, closed_high) = ends(interval), closed(interval)
    wrong = [NAN, INF, -INF, HUGE, -HUGE, np.float64("nan"), np.float32("inf"), Fraction(HUGE)]
    if low > -INF:
        wrong += [math.nextafter(low, -INF) if closed_low else low, low - 1, low - 1e300]
        wrong += [np.float64(low - 1), int(low) - 1]
    if low == 0 and not closed_low:
        wrong += [-0.0, 0, np.int64(0)]
    if high < INF:
        wrong += [math.nextafter(high, INF) if closed_high else high, high + 1, high + 1e300]
    return st.sampled_from(wrong)


def wrong_number(interval: str) -> st.SearchStrategy:
    return not_a_number | number_outside(interval)


def whole_in(interval: str, largest: int = 1000) -> st.SearchStrategy:
    """Whole numbers in the closed ends of the interval, of Python and NumPy."""
    low, high = ends(interval)
    whole = st.integers(int(low), int(min(high, largest)))
    return whole | whole.map(np.int64) | whole.map(np.uint64 if low >= 0 else np.int32)


def whole_outside(interval: str) -> st.SearchStrategy:
    low, high = ends(interval)
    wrong = [int(low) - 1, np.int64(int(low) - 1), -HUGE, -(2**63)]
    if high < INF:
        wrong += [int(high) + 1, HUGE, 2**80]
    return st.sampled_from(wrong) | st.integers(max_value=int(low) - 1)


def wrong_whole(interval: str) -> st.SearchStrategy:
    return not_a_whole_number | whole_outside(interval)


def wrong_wholes(interval: str) -> st.SearchStrategy:
    """What is no sequence of whole numbers in the interval, or is empty, or holds a wrong one."""
    wrong = wrong_whole(interval).map(lambda value: [*[int(ends(interval)[0])] * 2, value])
    sequences = (list, tuple, range, np.ndarray)
    arrays = only(np.array(3), np.ones((2, 2), int), np.ones(3), np.array([]), np.array([True]))
    return anything_but(*sequences) | only([], (), range(0)) | wrong | arrays


def closed(interval: str) -> tuple[bool, bool]:
    return interval[0] == "[", interval[-1] == "]"


def good_text() -> st.SearchStrategy:
    return st.text(min_size=1, max_size=30).filter(lambda text: text.strip())


blank = st.sampled_from(["", " ", "\t\n", "\u3000 "])
unwritable = st.sampled_from(["\ud800", "a\udfff."])
wrong_text = anything_but(str) | blank | unwritable


def wrong_texts(*sequences: type) -> st.SearchStrategy:
    """What is no such sequence of names, or holds a wrong one."""
    return anything_but(*sequences) | wrong_text.map(lambda value: sequences[0](["name", value]))


def wrong_choice(*choices: str) -> st.SearchStrategy:
    near = [choices[0].upper(), choices[0] + " ", choices[0][:-1]]
    others = st.text(max_size=20).filter(lambda text: text not in choices)
    return anything_but(str) | others | only(*(text for text in near if text not in choices))


_IMPOSSIBLE = ["a" * 300, "a\0b", "\ud800", "~nobody-has-this-name/data", "a/" * 5000]
wrong_path = optional(anything_but(str, Path)) | blank | only(*_IMPOSSIBLE, Path("a" * 300))
wrong_folder = wrong_path | only(__file__, Path(__file__), Path(__file__, "below"))
