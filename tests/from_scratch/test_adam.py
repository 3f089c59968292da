"""Adam by hand, its bias correction, its independence of scale; AdamW's decay."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from companion.from_scratch import Adam, AdamW

signed = st.floats(0.1, 10) | st.floats(-10, -0.1)


def follow(optimizer, grads, start=0.0):
    params = np.full(len(grads[0]), start)
    state = optimizer.init(params)
    for g in grads:
        params, state = optimizer.update(np.array(g, float), state, params)
    return params, state


def test_two_steps_by_hand():
    """With equal gradients both means are corrected exactly, so that each step is the rate."""
    optimizer = Adam(0.5, beta_1=0.5, beta_2=0.75, epsilon=1e-30)
    params, state = follow(optimizer, [[4.0]] * 2)
    assert_allclose(params, -1, rtol=1e-15)
    assert (state.slots["m"], state.slots["v"]) == (3, 7)


def test_the_second_gradient_by_hand():
    """m = 0.25 + 1, v = 0.1875 + 1, so alpha m / sqrt(v) = sqrt(7 / 16) / (3 / 4) 1.25 / 1.09."""
    optimizer = Adam(1.0, beta_1=0.5, beta_2=0.75, epsilon=1e-30)
    params, _ = follow(optimizer, [[1.0], [2.0]])
    assert_allclose(params, -1 - (7 / 16) ** 0.5 / 0.75 * 1.25 / 1.1875**0.5, rtol=1e-14)


def test_epsilon_is_that_of_section_2():
    """After one step sqrt(v) = 1/2 of the gradient and alpha = 1/2 of the rate times 2 m / g."""
    params, _ = follow(Adam(1.0, beta_1=0.5, beta_2=0.75, epsilon=0.5), [[1.0]])
    assert params == -0.5  # and not 1 / 1.5, as with algorithm 1


def test_bias_correction_is_exact_for_equal_gradients():
    """Errata 3: without epsilon's place or a moving t the step would be 2 or 0.3 times as long."""
    params, state = follow(Adam(0.01), [[1.0, -1e3]] * 1000)
    assert_allclose(params, [-10, 10], rtol=1e-4)
    assert state.t == 1000


def test_amsgrad_divides_by_the_largest_mean():
    """v is 4 then 1 + 0; the second step of AMSGrad is half as long as that of Adam."""
    plain = {"beta_1": 0.0, "beta_2": 0.25, "epsilon": 1e-30}
    grads = [[4.0], [1.0]]
    small, state = follow(Adam(1.0, amsgrad=True, **plain), grads)
    large, _ = follow(Adam(1.0, **plain), grads)
    assert (state.slots["v_max"], state.slots["v"]) == (12, 0.25 * 12 + 0.75)
    assert_allclose((1 + small) / (1 + large), (3.75 / 12) ** 0.5, rtol=1e-12)


@given(
    grads=arrays(np.float64, (5, 3), elements=signed),
    power=st.integers(-20, 20),
)
def test_the_scale_of_gradients_does_not_matter(grads, power):
    optimizer = Adam(0.1, epsilon=1e-30)
    small, _ = follow(optimizer, grads)
    large, _ = follow(optimizer, grads * 2.0**power)
    assert_allclose(large, small, rtol=1e-12, atol=1e-14)


@given(grads=arrays(np.float64, (5, 3), elements=signed))
def test_no_step_is_much_longer_than_the_rate(grads):
    """|m| / sqrt(v) is at most (1 - beta_1) / sqrt((1 - beta_2)(1 - beta_1**2 / beta_2))."""
    optimizer, before = Adam(0.1), np.zeros(3)
    state, bound = optimizer.init(before), 0.1 * 0.1 / (0.001 * (1 - 0.81 / 0.999)) ** 0.5
    for g in grads:
        after, state = optimizer.update(g, state, before)
        correction = (1 - 0.999**state.t) ** 0.5 / (1 - 0.9**state.t)
        assert np.abs(after - before).max() <= bound * correction * (1 + 1e-9)
        before = after


def test_decay_does_not_go_through_the_moments():
    """1/8 of the weight is lost first; the step itself is that of Adam."""
    params, state = follow(AdamW(0.25, weight_decay=0.5, epsilon=1e-30), [[3.0]], start=2.0)
    _, plain = follow(Adam(0.25), [[3.0]])
    assert_allclose(params, 2 * 0.875 - 0.25, rtol=1e-15)
    assert repr(state.slots) == repr(plain.slots)


def test_adamw_is_adam_with_decay():
    grads = [[1.0, -2.0], [0.5, 0.5]]
    with_decay, _ = follow(Adam(0.1, weight_decay=0.004), grads, start=1.0)
    assert follow(AdamW(0.1), grads, start=1.0)[0].tolist() == with_decay.tolist()


@pytest.mark.parametrize("optimizer", [Adam, AdamW])
@pytest.mark.parametrize("options", [{"beta_1": 1.0}, {"beta_2": -0.1}, {"epsilon": 1e-31}])
def test_wrong_options_give_one_sentence(optimizer, options):
    (name,) = options
    owner = optimizer.__name__
    with pytest.raises(ValueError, match=rf"^{name} of {owner} must be in .*\. Got {name}="):
        optimizer(**options)
