"""What all optimizers share: nothing in place, one array or many, precision, refusals."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from companion.from_scratch import SGD, Adagrad, Adam, AdamW, OptimizerState, RMSprop

EVERY = [
    SGD(0.1),
    SGD(0.1, momentum=0.9),
    SGD(0.1, momentum=0.9, nesterov=True),
    Adagrad(0.1),
    RMSprop(0.1),
    RMSprop(0.1, centered=True, momentum=0.9),
    Adam(0.1),
    Adam(0.1, amsgrad=True),
    AdamW(0.1),
]
each = pytest.mark.parametrize("optimizer", EVERY, ids=lambda each: repr(each)[:60])
vectors = arrays(np.float64, 4, elements=st.floats(-100, 100))
PARAMS = [np.array([1.0, -2.0]), np.array([[0.5]], np.float32), np.array(3.0)]
GRADS = [np.array([0.5, 0.25]), np.array([[-1.0]], np.float32), np.array(2.0)]


def run(optimizer, params, grads, steps=3):
    state = optimizer.init(params)
    for _ in range(steps):
        params, state = optimizer.update(grads, state, params)
    return params, state


@each
def test_nothing_is_changed_in_place(optimizer):
    params, state = run(optimizer, PARAMS, GRADS, steps=1)
    before = copy.deepcopy((GRADS, state, params))
    new_params, new_state = optimizer.update(GRADS, state, params)
    assert_same(before, (GRADS, state, params))
    assert new_state.t == state.t + 1 == 2
    assert not any(np.shares_memory(new, old) for new, old in zip(new_params, params, strict=True))


def assert_same(one, other):
    assert repr(one) == repr(other)


@each
def test_many_arrays_move_as_each_by_itself(optimizer):
    together, state = run(optimizer, PARAMS, GRADS)
    assert isinstance(together, list)
    for index, (w, g) in enumerate(zip(PARAMS, GRADS, strict=True)):
        alone, own = run(optimizer, w, g)
        assert_array_equal(alone, together[index], strict=True)
        assert repr(own.slots) == repr(state.slots[index])


@each
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_shape_and_precision_stay(optimizer, dtype):
    """Also that of NumPy's numbers, which else would make float32 arrays float64."""
    for shape in [(), (3,), (0,), (2, 1, 2)]:
        w = np.full(shape, 0.5, dtype)
        new, state = run(optimizer, w, w)
        assert (type(new), new.shape, new.dtype) == (np.ndarray, shape, dtype)
        assert all((slot.shape, slot.dtype) == (shape, dtype) for slot in state.slots.values())


def test_numbers_of_numpy_leave_float32():
    wide = np.float64(0.5)
    for optimizer in [
        AdamW(wide, wide, wide, wide, wide, np.True_, clipnorm=wide),
        Adam(lambda _: wide, clipvalue=wide),
        RMSprop(wide, wide, wide, wide, np.True_, global_clipnorm=wide),
        SGD(wide, wide, np.True_, wide),
        Adagrad(wide, wide, wide),
    ]:
        params, _ = run(optimizer, np.ones(2, np.float32), np.ones(2, np.float32))
        assert params.dtype == np.float32


@each
@given(w=vectors)
def test_without_a_gradient_nothing_moves(optimizer, w):
    if optimizer.weight_decay is None:
        assert_array_equal(run(optimizer, w, np.zeros(4))[0], w)


@each
@given(w=vectors, g=vectors, order=st.permutations(range(4)))
def test_coordinates_do_not_know_each_other(optimizer, w, g, order):
    assert_array_equal(run(optimizer, w[order], g[order])[0], run(optimizer, w, g)[0][order])


@given(w=vectors, share=st.floats(0, 1))
def test_decay_alone_shrinks_geometrically(w, share):
    for optimizer in [SGD(0.5, weight_decay=share), Adam(0.5, weight_decay=share)]:
        assert_allclose(run(optimizer, w, np.zeros(4))[0], w * (1 - 0.5 * share) ** 3, atol=1e-12)


def test_decay_is_taken_at_the_rate_of_the_step():
    """1 * (1 - 0.5 * 0.5) * (1 - 0.25 * 0.5), then the step itself, from what is left."""
    optimizer = SGD(lambda step: 0.5 ** (step + 1), weight_decay=0.5)
    assert run(optimizer, np.ones(1), np.zeros(1), steps=2)[0] == 0.75 * 0.875
    assert run(optimizer, np.ones(1), np.ones(1), steps=1)[0] == 0.75 - 0.5


def test_gradients_of_all_sizes_are_clipped_by_hand():
    """Norm 5 becomes 2.5; a gradient whose norm is small stays as it is."""
    grads = [np.array([3.0, 0.0]), np.array([0.0, 4.0])]
    zeros = [np.zeros(2), np.zeros(2)]
    for options, expected in [
        ({"global_clipnorm": 2.5}, [[-1.5, 0], [0, -2]]),
        ({"clipnorm": 3.5}, [[-3, 0], [0, -3.5]]),
        ({"clipvalue": 1.0}, [[-1, 0], [0, -1]]),
        ({"global_clipnorm": 6.0}, [[-3, 0], [0, -4]]),
    ]:
        assert_array_equal(run(SGD(1.0, **options), zeros, grads, steps=1)[0], expected)
    huge = np.full(2, 1e30, np.float32)  # whose squares are beyond float32
    clipped = run(SGD(1.0, clipnorm=1.0), np.zeros(2, np.float32), huge, steps=1)[0]
    assert_allclose(clipped, [-(0.5**0.5)] * 2, rtol=1e-6)


def test_an_optimizer_shows_compares_and_travels():
    optimizer = AdamW(0.5, amsgrad=True)
    assert "AdamW(learning_rate=0.5, beta_1=0.9," in repr(optimizer)
    assert pickle.loads(pickle.dumps(optimizer)) == optimizer != Adam(0.5, amsgrad=True)
    with pytest.raises(AttributeError):
        optimizer.beta_1 = 0.5


@pytest.mark.parametrize("rate", [0, -0.1, np.nan, np.inf, None, "0.1", np.ones(1)])
def test_the_rate_of_a_function_is_checked(rate):
    optimizer = SGD(lambda step: 0.1 if step == 0 else rate)
    params, state = run(optimizer, np.ones(2), np.ones(2), steps=1)
    with pytest.raises(
        (TypeError, ValueError), match=r"^learning_rate\(1\) of SGD must be .*\(0, inf\)"
    ):
        optimizer.update(np.ones(2), state, params)


ONES = np.ones(3)


@pytest.mark.parametrize(
    ("grads", "params", "error", "sentence"),
    [
        (ONES * np.nan, ONES, ValueError, "grads of Adam.update must be finite. Got grads="),
        (ONES * np.inf, ONES, ValueError, "grads of Adam.update must be finite. Got grads="),
        (np.ones(2), ONES, ValueError, r"grads of Adam.update must be an array of shape \(3\)"),
        (np.ones(3, int), ONES, TypeError, "grads of .* with floating-point numbers. Got"),
        (ONES, np.ones(3, int), TypeError, "params of .* with floating-point numbers. Got"),
        (ONES, np.ones(3, np.float16), TypeError, "params of .* must be float32 or float64. Got"),
        (ONES.astype(np.float32), ONES, TypeError, "grads of .* must be float64 as params. Got"),
        (ONES, ONES * np.nan, ValueError, "params of Adam.update must be finite. Got params="),
        ([ONES], ONES, TypeError, "grads of Adam.update must be an array as params. Got grads="),
        (ONES, [ONES], TypeError, "grads of Adam.update must be a list of 1, one gradient for"),
        ([ONES], [ONES, ONES], ValueError, "grads of .* must be a list of 2, one gradient for"),
        ([ONES, np.ones(2)], [ONES, ONES], ValueError, r"grads\[1\] of .* of shape \(3\)"),
        ([ONES, None], [ONES, ONES], TypeError, r"grads\[1\] of Adam.update must be an array of"),
        ([], [], ValueError, "params of Adam.update must be an array or a list of arrays. Got"),
        (ONES, (1.0, 2.0), TypeError, "params of Adam.update must be an array of any shape with"),
    ],
)
def test_wrong_arrays_give_one_sentence(grads, params, error, sentence):
    optimizer = Adam()
    state = optimizer.init(ONES)
    with pytest.raises(error, match=f"^{sentence}"):
        optimizer.update(grads, state, params)


@pytest.mark.parametrize(
    "state",
    [
        SGD(momentum=0.9).init(ONES),
        AdamW().init(ONES),
        Adam(amsgrad=True).init(ONES),
        Adam().init(np.ones(2)),
        Adam().init(ONES.astype(np.float32)),
        Adam().init([ONES, ONES]),
        OptimizerState("Adam", 0, {}),
        None,
        ("Adam", 0, {}),
    ],
)
def test_the_state_of_something_else_is_refused(state):
    with pytest.raises((TypeError, ValueError), match=r"state of Adam.update must be what init or"):
        Adam().update(ONES, state, ONES)


@pytest.mark.parametrize(
    "options",
    [
        {"learning_rate": 0},
        {"learning_rate": -0.1},
        {"beta_1": 1.0},
        {"beta_1": -0.1},
        {"beta_2": 1.0},
        {"epsilon": 0.0},
        {"epsilon": -1e-7},
        {"amsgrad": 1},
        {"weight_decay": -0.1},
        {"weight_decay": None},
        {"clipnorm": 0.0},
        {"clipvalue": -1.0},
        {"global_clipnorm": np.inf},
    ],
)
def test_wrong_options_give_one_sentence(options):
    (name,) = options
    with pytest.raises((TypeError, ValueError), match=f"^{name} of AdamW must be .* Got {name}="):
        AdamW(**options)


def test_gradients_are_clipped_in_one_way():
    with pytest.raises(ValueError, match=r"^clipvalue of SGD must be None beside clipnorm\. Got"):
        SGD(clipnorm=1.0, clipvalue=1.0)
