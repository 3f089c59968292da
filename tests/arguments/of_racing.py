"""companion.tuning: racing, and the choice among candidates with scores."""

import math

import numpy as np
from hypothesis import strategies as st

from companion.tuning import RaceOutcome, race, select_candidate
from companion.tuning.racing import RULES
from tests.arguments.arrays import WORDS
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    anything_but,
    number_in,
    only,
    optional,
    wrong_choice,
    wrong_number,
)

FUNCTIONS = (type, type(len), type(lambda: 0))
DIRECTIONS = ("max", "min")
ALPHA = "(0, 0.5]"
WRONG_SCORES = (
    anything_but(list, tuple, range, np.ndarray)
    | WORDS
    | only([], [[]], [0.5, 0.6], [[0.5], [0.6]], np.zeros((0, 2)), np.zeros((2, 2, 2)), [[1j, 2]])
)
SIMPLICITY = {"simplicity": only(None, len, lambda values: -values["alpha"])}
WRONG_CHOOSING = {
    "rule": wrong_choice("max", "one_se"),
    "simplicity": optional(anything_but(*FUNCTIONS)),
}


def tables(fewest_rows: int = 1) -> st.SearchStrategy:
    sizes = st.tuples(st.integers(fewest_rows, 3), st.integers(2, 4))
    return sizes.flatmap(
        lambda size: st.lists(
            st.lists(st.floats(0, 1), min_size=size[1], max_size=size[1]),
            min_size=size[0],
            max_size=size[0],
        )
    )


def candidates_of(scores: list) -> list[dict[str, float]]:
    return [{"alpha": float(row)} for row in range(len(scores))]


def spends_no_more_than_all(outcome: RaceOutcome, given: Given) -> RaceOutcome:
    assert 0 < outcome.share <= 1
    return outcome


def is_one_of_them(row: int, given: Given) -> int:
    assert given["candidates"][row] is not None
    return row


CASES = [
    Case(
        race,
        st.fixed_dictionaries(
            {"scores": tables() | only([[0.5, math.nan], [math.inf, 0.1]], np.ones((2, 3)))},
            optional={
                "rule": only(*RULES),
                "direction": only(*DIRECTIONS),
                "alpha": number_in(ALPHA),
                "test_ratio": st.none() | number_in("(0, inf)"),
            },
        ),
        {
            "scores": WRONG_SCORES,
            "rule": wrong_choice(*RULES),
            "direction": wrong_choice(*DIRECTIONS),
            "alpha": wrong_number(ALPHA),
            "test_ratio": optional(wrong_number("(0, inf)")),
        },
        spends_no_more_than_all,
        ranges={"alpha": ALPHA, "test_ratio": "(0, inf)"},
    ),
    Case(
        select_candidate,
        tables().flatmap(
            lambda scores: st.fixed_dictionaries(
                {"scores": st.just(scores), "candidates": st.just(candidates_of(scores))},
                optional={"rule": only("max"), "direction": only(*DIRECTIONS), **SIMPLICITY},
            )
        ),
        {
            "scores": WRONG_SCORES | only([[math.nan, 0.5], [math.inf, 0.5]]),
            "candidates": anything_but(list, tuple) | only([], [{}] * 9, [1], ["alpha"]),
            **WRONG_CHOOSING,
            "direction": wrong_choice(*DIRECTIONS),
        },
        is_one_of_them,
    ),
]
