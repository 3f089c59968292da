"""RMSprop by hand, its memory, and the centered form where Keras has no number left."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.from_scratch import RMSprop


def follow(optimizer, grads, dtype="float64"):
    params, path = np.zeros(len(grads[0]), dtype), []
    state = optimizer.init(params)
    for g in grads:
        params, state = optimizer.update(np.array(g, dtype), state, params)
        path.append(params)
    return np.array(path), state


def test_two_steps_by_hand():
    """Means 0.25 * 16 and 0.75 * 4 + 0.25 * 4, plus 0: steps 4 / 2 and 2 / 2."""
    path, state = follow(RMSprop(1.0, rho=0.75, epsilon=1e-30), [[4.0], [2.0]])
    assert path.ravel().tolist() == [-2, -3]
    assert state.slots["v"] == 4


def test_epsilon_stands_under_the_root():
    path, _ = follow(RMSprop(1.0, rho=0.75, epsilon=3.0), [[2.0]])
    assert path == -1


def test_centered_by_hand():
    """Mean square 0.75 * 16, mean 0.75 * 4: the variance is 12 - 9, and 1 is added."""
    path, state = follow(RMSprop(1.0, rho=0.25, epsilon=1.0, centered=True), [[4.0]])
    assert path == -2
    assert [state.slots[name].item() for name in "vm"] == [12, 3]


def test_momentum_by_hand():
    """Steps of 1 and 1, each followed by half of the move before."""
    optimizer = RMSprop(1.0, rho=0.0, momentum=0.5, epsilon=1e-30)
    path, state = follow(optimizer, [[2.0], [-3.0], [0.0]])
    assert path.ravel().tolist() == [-1, -0.5, -0.25]
    assert state.slots["u"] == 0.25


def test_what_is_remembered():
    def names(**options):
        return set(RMSprop(**options).init(np.zeros(1)).slots)

    assert names() == {"v"}
    assert names(centered=True) == {"v", "m"}
    assert names(momentum=0.5) == {"v", "u"}
    assert names(centered=True, momentum=0.5) == {"v", "m", "u"}


def test_old_gradients_are_forgotten():
    """Steps return to the rate after gradients 1000 times as large; Adagrad's never would."""
    path, _ = follow(RMSprop(0.5, rho=0.5), [[1e3]] * 10 + [[1.0]] * 60)
    assert_allclose(path[-2] - path[-1], 0.5, rtol=1e-6)


def test_centered_with_equal_gradients_stays_a_number():
    """Rounding leaves less than nothing of some variances; Keras takes the root of these."""
    grads = np.linspace(1, 100, 200, dtype=np.float32)
    ours = RMSprop(rho=0.5, centered=True)
    theirs = keras.optimizers.RMSprop(rho=0.5, centered=True)
    params, variable = np.zeros_like(grads), keras.Variable(np.zeros_like(grads))
    state, negative = ours.init(params), np.zeros(200, bool)
    for _ in range(40):
        params, state = ours.update(grads, state, params)
        theirs.apply([keras.ops.array(grads)], [variable])
        variance = state.slots["v"] - np.square(state.slots["m"])
        negative |= variance + np.float32(ours.epsilon) < 0
    assert negative.any()
    assert np.isnan(variable.numpy()).any()
    assert np.isfinite(params).all()


@pytest.mark.parametrize(
    "options", [{"rho": 1.0}, {"momentum": 1.0}, {"epsilon": 0.0}, {"rho": -0.1}]
)
def test_wrong_options_give_one_sentence(options):
    (name,) = options
    with pytest.raises(ValueError, match=rf"^{name} of RMSprop must be in .*\. Got {name}="):
        RMSprop(**options)
