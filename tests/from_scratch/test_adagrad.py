"""Adagrad by hand, and the rates that it leaves to each weight."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.from_scratch import Adagrad


def follow(optimizer, grads):
    params = np.zeros(len(grads[0]))
    state = optimizer.init(params)
    for g in grads:
        params, state = optimizer.update(np.array(g), state, params)
    return params, state


def test_two_steps_by_hand():
    """Sums 4 + 12 and 16 + 9: steps 2 / 4 and 3 / 5. The other weight: 0 and 1 / sqrt(5)."""
    optimizer = Adagrad(1.0, initial_accumulator_value=4.0 - 2**-20, epsilon=2**-20)
    params, state = follow(optimizer, [[12**0.5, 0.0], [3.0, 1.0]])
    assert_allclose(params, [-(12**0.5) / 4 - 3 / 5, -1 / 5**0.5], rtol=1e-12)
    assert_allclose(state.slots["s"], np.array([25, 5]) - 2**-20, rtol=1e-12)


def test_epsilon_stands_under_the_root():
    params, _ = follow(Adagrad(1.0, initial_accumulator_value=0.0, epsilon=0.75), [[0.5]])
    assert params == -0.5


def test_equal_gradients_give_steps_of_one_over_the_root_of_their_number():
    optimizer = Adagrad(0.5, initial_accumulator_value=0.0, epsilon=1e-30)
    params, _ = follow(optimizer, [[3.0, -1e-3]] * 50)
    assert_allclose(params, np.array([-0.5, 0.5]) * np.sum(np.arange(1, 51) ** -0.5), rtol=1e-12)


def test_a_rare_feature_moves_further_at_once():
    """After 99 steps of others, its step is 10 times as large as that of a common one."""
    optimizer = Adagrad(1.0, initial_accumulator_value=0.0)
    before, _ = follow(optimizer, [[1.0, 0.0]] * 99)
    after, _ = follow(optimizer, [[1.0, 0.0]] * 99 + [[1.0, 1.0]])
    assert_allclose(before - after, [0.1, 1.0], rtol=1e-6)


@pytest.mark.parametrize("name", ["initial_accumulator_value", "epsilon", "learning_rate"])
def test_negative_numbers_are_refused(name):
    with pytest.raises(ValueError, match=rf"^{name} of Adagrad must be in .*inf\)\. Got {name}="):
        Adagrad(**{name: -1e-9})
