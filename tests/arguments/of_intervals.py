"""companion.intervals."""

import numpy as np
from hypothesis import strategies as st

from companion.intervals import Interval, accuracy_interval, mean_interval, paired_interval
from tests.arguments.arrays import wrong_sample
from tests.arguments.case import Case, Given
from tests.arguments.strategies import number_in, wrong_number, wrong_whole

CONFIDENCE = {"confidence": number_in("(0, 1)")}
NUMBERS = st.floats(-1e6, 1e6) | st.integers(-1000, 1000) | st.sampled_from([-0.0, 5e-324])


def samples(size: int) -> st.SearchStrategy:
    rows = st.lists(NUMBERS, min_size=size, max_size=size)
    return rows | rows.map(tuple) | rows.map(np.array) | rows.map(np.float32)


def holds_its_mean(interval: Interval, given: Given) -> Interval:
    assert type(interval.n) is int
    assert interval.low <= interval.mean <= interval.high or np.isclose(interval.low, interval.high)
    return interval


def is_a_share(interval: Interval, given: Given) -> Interval:
    assert -1e-12 <= interval.low <= interval.high <= 1 + 1e-12
    assert interval.mean == given["num_correct"] / given["num_images"]
    return holds_its_mean(interval, given)


def counts(num_images: int) -> st.SearchStrategy:
    correct = st.integers(0, num_images)
    return st.fixed_dictionaries(
        {"num_correct": correct | correct.map(np.int64), "num_images": st.just(num_images)},
        optional=CONFIDENCE,
    )


CASES = [
    Case(
        mean_interval,
        st.integers(2, 6).flatmap(
            lambda n: st.fixed_dictionaries({"values": samples(n)}, optional=CONFIDENCE)
        ),
        {"values": wrong_sample(2, (1,)), "confidence": wrong_number("(0, 1)")},
        holds_its_mean,
        ranges={"confidence": "(0, 1)"},
    ),
    Case(
        paired_interval,
        st.integers(2, 6).flatmap(
            lambda n: st.fixed_dictionaries(
                {"first": samples(n), "second": samples(n)}, optional=CONFIDENCE
            )
        ),
        {
            "first": wrong_sample(2, (1,)) | st.just([0.5] * 9),
            "second": wrong_sample(2, (1,)) | st.just([0.5] * 9),
            "confidence": wrong_number("(0, 1)"),
        },
        holds_its_mean,
        ranges={"confidence": "(0, 1)"},
        summed_up=frozenset({"first", "second"}),  # their lengths, where these differ
    ),
    Case(
        accuracy_interval,
        (st.integers(1, 1000) | st.sampled_from([10**15, 10**15 - 1])).flatmap(counts),
        {
            "num_correct": lambda given: wrong_whole(f"[0, {given['num_images']}]"),
            "num_images": wrong_whole("[1, 1e15]"),
            "confidence": wrong_number("(0, 1)"),
        },
        is_a_share,
        ranges={"confidence": "(0, 1)"},
    ),
]
