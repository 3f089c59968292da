"""companion.from_scratch: how Hyperband spends its epochs, and what a Gaussian process expects."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from companion.from_scratch import gaussian_process, hyperband_brackets
from tests.arguments.arrays import wrong_sample
from tests.arguments.case import Case, Given
from tests.arguments.strategies import number_in, only, whole_in, wrong_number, wrong_whole

OUTSIDE = only([[1.5, 0.5]], [[-0.1, 0.5]], np.full((2, 2), 2.0))


def settings(rows: int, columns: int) -> st.SearchStrategy:
    return arrays(np.float64, (rows, columns), elements=st.floats(0, 1))


def trials(sides: tuple[int, int, int]) -> st.SearchStrategy:
    num_trials, num_new, num_knobs = sides
    return st.fixed_dictionaries(
        {
            "x": settings(num_trials, num_knobs),
            "y": st.lists(st.floats(-1e3, 1e3), min_size=num_trials, max_size=num_trials),
            "x_new": settings(num_new, num_knobs),
        },
        optional={
            "length_scale": number_in("[1e-3, 1e3]"),
            "noise": number_in("[1e-8, 1e3]"),
        },
    )


def wrong_length(given: Given) -> st.SearchStrategy:
    return wrong_sample(1, (1,)) | only([0.5] * (len(given["y"]) + 1))


def other_knobs(given: Given) -> st.SearchStrategy:
    wider = np.full((2, given["x"].shape[1] + 1), 0.5)
    return wrong_sample(1, (2,)) | OUTSIDE | only(wider)


def spread_of_new(result: tuple[np.ndarray, np.ndarray], given: Given) -> bytes:
    mean, deviation = result
    assert mean.shape == deviation.shape == (len(given["x_new"]),)
    assert np.isfinite(mean).all()
    assert (deviation >= 0).all()
    return mean.tobytes() + deviation.tobytes()


def last_one_stops_nobody(result: tuple[tuple[tuple[int, int], ...], ...], given: Given) -> object:
    assert [len(bracket) for bracket in result] == list(range(len(result), 0, -1))
    assert {bracket[-1].epochs for bracket in result} == {int(given["max_epochs"])}
    return result


CASES = [
    Case(
        gaussian_process,
        st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(1, 3)).flatmap(trials),
        {
            "x": wrong_sample(1, (2,)) | OUTSIDE,
            "y": wrong_length,
            "x_new": other_knobs,
            "length_scale": wrong_number("[1e-3, 1e3]"),
            "noise": wrong_number("[1e-8, 1e3]"),
        },
        spread_of_new,
        ranges={"length_scale": "[1e-3, 1e3]", "noise": "[1e-8, 1e3]"},
        summed_up=frozenset({"x", "y", "x_new"}),
    ),
    Case(
        hyperband_brackets,
        st.fixed_dictionaries(
            {"max_epochs": whole_in("[1, inf)")}, optional={"factor": whole_in("[2, inf)")}
        ),
        {"max_epochs": wrong_whole("[1, inf)"), "factor": wrong_whole("[2, inf)")},
        last_one_stops_nobody,
        whole_ranges={"max_epochs": "[1, inf)", "factor": "[2, inf)"},
    ),
]
