"""companion.landscapes: losses of two weights, and paths over them."""

import numpy as np
from hypothesis import strategies as st

from companion.from_scratch import SGD, Adam
from companion.landscapes import (
    Landscape,
    beale,
    plateau,
    quadratic_bowl,
    rosenbrock,
    saddle,
    trajectory,
)
from tests.arguments.arrays import wrong_sample
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    anything_but,
    good_text,
    number_in,
    only,
    optional,
    whole_in,
    wrong_number,
    wrong_text,
    wrong_whole,
)

LANDSCAPES = only(beale(), plateau(), quadratic_bowl(), rosenbrock(), saddle())
NOTHING = st.fixed_dictionaries({})
POINTS = st.lists(st.floats(-3, 3), min_size=2, max_size=2)
NOT_TWO = only([0.5], [0.5] * 3, np.zeros(3), [[0.5, 0.5]])
NOT_CALLABLE = only(None, 0, 1.5, "value", [len], np.zeros(2))


def is_drawn(result: Landscape, _given: Given) -> bytes:
    assert np.isfinite(result.value(np.zeros((2, 3, 2)))).all()
    return result.gradient([0.5, -0.5]).tobytes()


def keeps_its_name(result: Landscape, given: Given) -> str:
    assert result.name == given["name"]
    return repr(result)


def begins_at_the_start(path: np.ndarray, given: Given) -> bytes:
    assert 1 <= len(path) <= given["steps"] + 1
    assert path[0].tolist() == list(given["start"])
    return path.tobytes()


CASES = [
    *(Case(make, NOTHING, {}, is_drawn) for make in (beale, plateau, rosenbrock, saddle)),
    Case(
        quadratic_bowl,
        st.fixed_dictionaries(
            {}, optional={"condition_number": number_in("[1, 1e6]"), "angle": number_in("[0, 180)")}
        ),
        {"condition_number": wrong_number("[1, 1e6]"), "angle": wrong_number("[0, 180)")},
        is_drawn,
        ranges={"condition_number": "[1, 1e6]", "angle": "[0, 180)"},
    ),
    Case(
        Landscape,
        st.fixed_dictionaries(
            {
                "name": good_text(),
                "value": only(np.sum, beale().value),
                "gradient": only(np.square, beale().gradient),
                "minimum": st.none() | POINTS | POINTS.map(np.array),
                "window": only(((-1, 1), (0, 2.5)), [[-1.0, 1.0], [0.0, 2.5]]),
            }
        ),
        {
            "name": wrong_text,
            "value": NOT_CALLABLE,
            "gradient": NOT_CALLABLE,
            "minimum": optional(wrong_sample(2, (1,))) | NOT_TWO,
            "window": wrong_sample(4, (2,)) | only(((1, 1), (0, 1)), ((0, 1), (2, 1)), (0, 1)),
        },
        keeps_its_name,
    ),
    Case(
        trajectory,
        st.fixed_dictionaries(
            {
                "optimizer": only(SGD(0.01), SGD(10.0, momentum=0.5), Adam(0.5)),
                "landscape": LANDSCAPES,
                "start": POINTS | POINTS.map(np.array) | only((-1e6, 1e6)),
                "steps": whole_in("[1, inf)", largest=50),
            }
        ),
        {
            "optimizer": anything_but() | only(SGD, Adam),
            "landscape": anything_but() | only(rosenbrock),
            "start": wrong_sample(2, (1,)) | NOT_TWO | only([1.1e6, 0], [0, -2e6]),
            "steps": wrong_whole("[1, inf)"),
        },
        begins_at_the_start,
    ),
]
