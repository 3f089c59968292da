"""Gradient descent by hand, and in closed form on a quadratic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from companion.from_scratch import SGD

vectors = arrays(np.float64, 3, elements=st.floats(-100, 100))
FORMS = [SGD(0.125), SGD(0.125, momentum=0.875), SGD(0.125, momentum=0.875, nesterov=True)]


def follow(optimizer, params, grads):
    state, path = optimizer.init(params), []
    for g in grads:
        params, state = optimizer.update(np.asarray(g, params.dtype), state, params)
        path.append(params.tolist())
    return path


def test_plain_steps_by_hand():
    assert follow(SGD(0.5), np.array([1.0, -1.0]), [[2, 0], [-4, 1]]) == [[0, -1], [2, -1.5]]


def test_momentum_by_hand():
    """Velocities -0.5, then -0.25 - 0.5, then -0.375."""
    path = follow(SGD(0.5, momentum=0.5), np.zeros(1), [[1], [1], [0]])
    assert path == [[-0.5], [-1.25], [-1.625]]


def test_nesterov_by_hand():
    """The same velocities, of which half is taken once more, and the gradient's step again."""
    path = follow(SGD(0.5, momentum=0.5, nesterov=True), np.zeros(1), [[1], [1], [0]])
    assert path == [[-0.75], [-1.625], [-1.8125]]


def test_what_is_remembered():
    assert SGD().init(np.zeros(2)).slots == {}
    assert SGD(momentum=0.5).init(np.zeros(2)).slots["u"].tolist() == [0, 0]


def test_velocity_keeps_the_rate_it_was_made_with():
    """PyTorch would multiply all of it by today's rate: -1 - 0.25 * 1.5."""
    optimizer = SGD(lambda step: 1.0 if step == 0 else 0.25, momentum=0.5)
    assert follow(optimizer, np.zeros(1), [[1], [1]]) == [[-1], [-1 - 0.5 - 0.25]]


@pytest.mark.parametrize("rate", [0.5, 1.9, 2.1])
def test_a_quadratic_shrinks_or_grows_by_one_factor(rate):
    w = np.array([1.0])
    optimizer = SGD(rate)
    state = optimizer.init(w)
    for _ in range(20):
        w, state = optimizer.update(w, state, w)
    assert_allclose(w, (1 - rate) ** 20, rtol=1e-12)


@pytest.mark.parametrize("optimizer", FORMS, ids=["plain", "momentum", "nesterov"])
@given(one=vectors, other=vectors, factor=st.floats(-8, 8))
def test_moves_are_linear_in_the_gradients(optimizer, one, other, factor):
    def moved(g):
        return np.array(follow(optimizer, np.zeros(3), [g, g[::-1], g]))

    combined = moved(one + factor * other)
    assert_allclose(combined, moved(one) + factor * moved(other), rtol=1e-12, atol=1e-9)


def test_nesterov_needs_momentum():
    sentence = (
        r"^nesterov of SGD must be False without momentum\. Got nesterov=True\. Try momentum="
    )
    with pytest.raises(ValueError, match=sentence):
        SGD(nesterov=True)


@pytest.mark.parametrize("momentum", [1.0, -0.1, np.nan])
def test_momentum_is_a_share(momentum):
    with pytest.raises(ValueError, match=r"^momentum of SGD must be in \[0, 1\)\. Got momentum="):
        SGD(momentum=momentum)
