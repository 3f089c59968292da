"""companion.weight_decay."""

import keras
from hypothesis import strategies as st

from companion.weight_decay import weight_decay_exclusions
from tests.arguments.case import Case, Given
from tests.arguments.strategies import anything_but, only

BUILT = [
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1), keras.layers.LayerNormalization()]),
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, use_bias=False)]),
]
NOT_BUILT = keras.Sequential([keras.layers.Dense(1)])
NO_MODEL = only(keras.layers.Dense(1), keras.Sequential, BUILT, BUILT[0].weights)


def some_of_the_weights(result: list[keras.Variable], given: Given) -> list[str]:
    weights = given["model"].trainable_variables
    assert len(result) < len(weights)
    assert all(any(variable is weight for weight in weights) for variable in result)
    return [variable.path for variable in result]


CASES = [
    Case(
        weight_decay_exclusions,
        st.fixed_dictionaries({"model": only(*BUILT)}),
        {"model": anything_but(keras.Model) | NO_MODEL | only(NOT_BUILT)},
        some_of_the_weights,
        summed_up=frozenset({"model"}),  # the name of one without weights
    ),
]
