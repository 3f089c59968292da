"""companion.from_scratch: batch normalization."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from companion.from_scratch import (
    batch_moments,
    batch_norm,
    batch_norm_backward,
    update_moving,
)
from tests.arguments.arrays import elements, floats, wrong_array
from tests.arguments.case import Case, Given
from tests.arguments.strategies import number_in, only, wrong_number

EPSILONS, MOMENTA = "[1e-12, inf)", "[0, 1)"
CHANNELS = ("mean", "variance", "gamma", "beta")


def inputs_of(dtype: type, fewest: int) -> st.SearchStrategy:
    """Batches of rows or of images, with at least so many of them."""
    shapes = array_shapes(min_dims=1, max_dims=3, max_side=3).map(lambda shape: (*shape, 2))
    fitting = shapes.filter(lambda shape: shape[0] >= fewest)
    return fitting.flatmap(lambda s: arrays(dtype, s, elements=elements(-1e3, 1e3, dtype)))


def layer(names: tuple[str, ...], fewest: int) -> st.SearchStrategy:
    """Inputs, and so many values for each channel of the same type."""

    def of_type(dtype: type) -> st.SearchStrategy:
        values = {
            name: arrays(dtype, 2, elements=elements(0 if name == "variance" else -9, 9, dtype))
            for name in names
        }
        inputs = inputs_of(dtype, fewest)
        gradient = {} if "mean" in names else {"output_gradient": inputs}
        return st.fixed_dictionaries(
            {"inputs": inputs, **values, **gradient},
            optional={"epsilon": number_in(EPSILONS)},
        ).map(with_gradient)

    return st.sampled_from([np.float32, np.float64]).flatmap(of_type)


def with_gradient(given: Given) -> Given:
    """Let the gradient have the shape of the inputs."""
    if "output_gradient" in given:
        shape = given["inputs"].shape
        given["output_gradient"] = np.resize(given["output_gradient"], shape)
    return given


def wrong_inputs(fewest: int) -> st.SearchStrategy:
    """Every wrong array, among them rows without a channel axis and too few of them."""
    alone = only(np.ones((1, 2)), np.ones((1, 1, 1, 2))) if fewest > 1 else only(np.ones(2))
    return wrong_array((4, 2), "f", ranks=False) | alone | only(np.ones(2), np.ones((0, 2)))


def wrong_channel(negative: bool = False) -> st.SearchStrategy:
    wrong = wrong_array((2,), "f") | only(np.ones(3), np.ones((2, 1)))
    return wrong | only(np.array([1.0, -1e-9])) if negative else wrong


def moments(result: tuple[np.ndarray, np.ndarray], given: Given) -> list[bytes]:
    inputs = given["inputs"]
    mean, variance = result
    assert mean.shape == variance.shape == inputs.shape[-1:]
    assert mean.dtype == variance.dtype == inputs.dtype
    assert (variance >= 0).all()
    return [mean.tobytes(), variance.tobytes()]


def like_the_inputs(result: np.ndarray, given: Given) -> bytes:
    assert result.shape == given["inputs"].shape
    assert result.dtype == given["inputs"].dtype
    return result.tobytes()


def three_gradients(result: tuple[np.ndarray, ...], given: Given) -> list[bytes]:
    assert [each.shape for each in result] == [given["inputs"].shape, (2,), (2,)]
    return [each.tobytes() for each in result]


def between(result: np.ndarray, given: Given) -> bytes:
    ends = np.stack([given["moving"], given["batch"]])
    room = 1e-6 * (1 + np.abs(ends).max())
    assert ((ends.min(axis=0) - room <= result) & (result <= ends.max(axis=0) + room)).all()
    return result.tobytes()


CASES = [
    Case(
        batch_moments,
        st.fixed_dictionaries({"inputs": inputs_of(np.float32, 2) | inputs_of(np.float64, 2)}),
        {"inputs": wrong_inputs(2)},
        moments,
    ),
    Case(
        batch_norm,
        layer(CHANNELS, 1),
        {
            "inputs": wrong_inputs(1),
            **{name: wrong_channel(name == "variance") for name in CHANNELS},
            "epsilon": wrong_number(EPSILONS),
        },
        like_the_inputs,
        ranges={"epsilon": EPSILONS},
    ),
    Case(
        batch_norm_backward,
        layer(("gamma",), 2),
        {
            "output_gradient": lambda given: wrong_array(given["inputs"].shape, "f"),
            "inputs": wrong_inputs(2),
            "gamma": wrong_channel(),
            "epsilon": wrong_number(EPSILONS),
        },
        three_gradients,
        ranges={"epsilon": EPSILONS},
    ),
    Case(
        update_moving,
        floats(4, dims=1, low=-1e3, high=1e3).flatmap(
            lambda moving: st.fixed_dictionaries(
                {"moving": st.just(moving), "batch": st.just(moving[::-1].copy())},
                optional={"momentum": number_in(MOMENTA)},
            )
        ),
        {
            "moving": wrong_array((2,), "f"),
            "batch": lambda given: wrong_array(given["moving"].shape, "f"),
            "momentum": wrong_number(MOMENTA),
        },
        between,
        ranges={"momentum": MOMENTA},
    ),
]
