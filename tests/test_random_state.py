"""Whatever a block draws, afterwards the next draws are those that would have come."""

import random

import keras
import numpy as np
import pytest
import tensorflow as tf

from companion._random_state import kept_random_state

DRAWS = {
    "Python": random.random,
    "NumPy": np.random.rand,
    "Keras": lambda: float(keras.random.uniform(())),
    "TensorFlow": lambda: float(tf.random.uniform(())),
    "TensorFlow's generator": lambda: float(tf.random.get_global_generator().uniform(())),
}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_the_next_draws_are_those_that_would_have_come(draw):
    def three_draws(in_between):
        keras.utils.set_random_seed(3)
        tf.random.set_global_generator(tf.random.Generator.from_seed(5))
        first = draw()
        in_between()
        return [first, draw(), draw()]

    def others():
        with kept_random_state():
            assert draw() != draw()

    expected = three_draws(lambda: None)
    assert three_draws(others) == expected
    assert three_draws(draw) != expected


def test_a_generator_that_was_not_there_is_not_there_afterwards():
    """Keras makes its generator at the first draw, with a seed from Python's state."""
    keras.utils.set_random_seed(3)
    expected = DRAWS["Keras"]()
    keras.utils.set_random_seed(3)
    with kept_random_state():
        DRAWS["Python"]()
        DRAWS["Keras"]()
    assert DRAWS["Keras"]() == expected


def test_a_generator_that_was_replaced_comes_back():
    mine = tf.random.Generator.from_seed(5)
    tf.random.set_global_generator(mine)
    with kept_random_state():
        tf.random.set_global_generator(tf.random.Generator.from_seed(6))
    assert tf.random.get_global_generator() is mine


def fail_after_a_draw():
    with kept_random_state():
        DRAWS["NumPy"]()
        raise KeyboardInterrupt


def test_also_after_an_error():
    np.random.seed(1)  # noqa: NPY002
    expected = DRAWS["NumPy"]()
    np.random.seed(1)  # noqa: NPY002
    with pytest.raises(KeyboardInterrupt):
        fail_after_a_draw()
    assert DRAWS["NumPy"]() == expected
