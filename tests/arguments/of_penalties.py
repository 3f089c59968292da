"""companion.from_scratch: penalties, their gradients and their proximal operators."""

import numpy as np
from hypothesis import strategies as st

from companion.from_scratch import (
    elastic_net_gradient,
    elastic_net_penalty,
    elastic_net_proximal,
    l1_gradient,
    l1_penalty,
    l1_proximal,
    l2_gradient,
    l2_penalty,
    l2_proximal,
)
from tests.arguments.arrays import WORDS, wrong_array
from tests.arguments.case import Case, Given
from tests.arguments.of_from_scratch import WEIGHTS, not_negative
from tests.arguments.strategies import anything_but, number_in, wrong_number

RANGE = "[0, inf)"
WRONG_WEIGHTS = wrong_array((2, 3), "f", ranks=False)


def is_no_empty_sequence(value: object) -> bool:
    """No weights at all have a penalty: 0."""
    return not isinstance(value, list | tuple | range) or len(value) > 0


WRONG_SEQUENCE = (
    anything_but(list, tuple, range, np.ndarray)
    | WORDS
    | WRONG_WEIGHTS.map(lambda value: [np.ones(2), value])
    | WRONG_WEIGHTS.filter(is_no_empty_sequence)
)


def like_the_weights(result: np.ndarray, given: Given) -> bytes:
    """A gradient has the signs of the weights, and a proximal step keeps them."""
    weights = given["weights"]
    assert (result.shape, result.dtype) == (weights.shape, weights.dtype)
    assert (result * np.sign(weights) >= 0).all()
    return result.tobytes()


def case(function, *names: str, one_array: bool = True) -> Case:
    """Return the row of a function of weights and of numbers that must not be negative."""
    weights = WEIGHTS if one_array else WEIGHTS | st.lists(WEIGHTS, max_size=3).map(tuple)
    return Case(
        function,
        st.fixed_dictionaries({"weights": weights} | {name: number_in(RANGE) for name in names}),
        {"weights": WRONG_WEIGHTS if one_array else WRONG_SEQUENCE}
        | {name: wrong_number(RANGE) for name in names},
        like_the_weights if one_array else not_negative,
        ranges=dict.fromkeys(names, RANGE),
    )


CASES = [
    case(l1_penalty, "strength", one_array=False),
    case(l2_penalty, "strength", one_array=False),
    case(elastic_net_penalty, "l1", "l2", one_array=False),
    case(l1_gradient, "strength"),
    case(l2_gradient, "strength"),
    case(elastic_net_gradient, "l1", "l2"),
    case(l1_proximal, "strength", "learning_rate"),
    case(l2_proximal, "strength", "learning_rate"),
    case(elastic_net_proximal, "l1", "l2", "learning_rate"),
]
