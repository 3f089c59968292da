"""companion.from_scratch."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from companion.from_scratch import (
    all_masks,
    best_of_k,
    cross_entropy,
    dropout,
    dropout_backward,
    expected_best,
    softmax,
)
from tests.arguments.arrays import floats, wrong_array, wrong_sample
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    anything_but,
    not_a_flag,
    number_in,
    only,
    whole_in,
    wrong_number,
    wrong_whole,
)

SCORES = floats(6, dims=2, low=-300, high=300)
WEIGHTS = st.one_of(*(floats(3, dims=dims, low=-1e3, high=1e3) for dims in (1, 2, 4)))


def rows_of_probabilities(result: np.ndarray, given: Given) -> bytes:
    assert result.shape == given["scores"].shape
    assert result.dtype == given["scores"].dtype
    assert ((result >= 0) & (result <= 1)).all()
    np.testing.assert_allclose(result.sum(axis=1), 1, rtol=1e-5)
    return result.tobytes()


def classified(scores: np.ndarray) -> st.SearchStrategy:
    """Probabilities from scores, and a class for each row."""
    batch, num_classes = scores.shape
    labels = st.sampled_from([np.int64, np.uint8, np.int32]).flatmap(
        lambda dtype: arrays(dtype, batch, elements=st.integers(0, num_classes - 1))
    )
    return st.fixed_dictionaries({"probabilities": st.just(softmax(scores)), "labels": labels})


def wrong_probabilities(given: Given) -> st.SearchStrategy:
    """The wrong arrays, and right ones with the probability of a right class out of range."""
    outside = [np.full_like(given["probabilities"], value) for value in (0, -0.0, -0.5, 1.5)]
    return wrong_array(given["probabilities"].shape, "f") | st.sampled_from(outside)


def wrong_labels(given: Given) -> st.SearchStrategy:
    batch, num_classes = given["probabilities"].shape
    outside = [np.full(batch, -1), np.full(batch, num_classes), np.full(batch, 2**40)]
    return wrong_array((batch,), "iu") | st.sampled_from([*outside, np.zeros(batch + 1, int)])


def not_negative(result: float, given: Given) -> float:
    assert type(result) is float
    assert result >= 0
    return result


def no_worse_than_one_model(result: float, given: Given) -> float:
    assert float(given["accuracy"]) - 1e-9 <= result <= 1 + 1e-9
    return result


def rising_to_the_best(result: np.ndarray, given: Given) -> bytes:
    assert result.shape == np.shape(given["scores"])
    assert (np.diff(result) >= -1e-3).all()
    assert (result[..., -1] <= np.max(given["scores"], axis=-1) + 1e-3).all()
    return result.tobytes()


def masked(result: tuple[np.ndarray, np.ndarray], given: Given) -> None:
    """The generator has moved on after the first call, so the next mask is another one."""
    output, mask = result
    assert output.shape == mask.shape == given["x"].shape
    assert output.dtype == mask.dtype == given["x"].dtype
    np.testing.assert_array_equal(output, mask * given["x"])


def every_mask(result: tuple[np.ndarray, np.ndarray], given: Given) -> list[bytes]:
    masks, probabilities = result
    assert masks.shape == (len(probabilities), given["num_units"])
    np.testing.assert_allclose(probabilities.sum(), 1)
    return [part.tobytes() for part in result]


def same_shape(result: np.ndarray, given: Given) -> bytes:
    assert result.shape == given["gradient"].shape
    return result.tobytes()


def of_one_shape(gradient: np.ndarray) -> st.SearchStrategy:
    return st.fixed_dictionaries(
        {"gradient": st.just(gradient), "mask": st.just(np.ones_like(gradient))}
    )


CASES = [
    Case(
        softmax,
        st.fixed_dictionaries({"scores": SCORES}),
        {"scores": wrong_array((2, 3), "f")},
        rows_of_probabilities,
    ),
    Case(
        cross_entropy,
        floats(6, dims=2, low=-20, high=20).flatmap(classified),
        {"probabilities": wrong_probabilities, "labels": wrong_labels},
        not_negative,
        summed_up=frozenset({"probabilities", "labels"}),  # smallest and largest
    ),
    Case(
        expected_best,
        st.fixed_dictionaries(
            {
                "num_models": whole_in("[1, inf)"),
                "num_images": whole_in("[1, inf)", largest=200),
                "accuracy": number_in("(0, 1)").filter(lambda p: 1e-9 < p < 1 - 1e-9),
            }
        ),
        {
            "num_models": wrong_whole("[1, inf)"),
            "num_images": wrong_whole("[1, inf)"),
            "accuracy": wrong_number("(0, 1)"),
        },
        no_worse_than_one_model,
        ranges={"accuracy": "(0, 1)"},
        whole_ranges={"num_models": "[1, inf)", "num_images": "[1, inf)"},
    ),
    Case(
        best_of_k,
        st.fixed_dictionaries(
            {"scores": st.one_of(*(floats(6, dims=dims, low=-1e6, high=1e6) for dims in (1, 2)))},
            optional={"replace": st.booleans() | st.booleans().map(np.bool_)},
        ),
        {"scores": wrong_sample(1, (1, 2)), "replace": not_a_flag},
        rising_to_the_best,
    ),
    Case(
        dropout,
        st.fixed_dictionaries(
            {
                "x": WEIGHTS,
                "rate": number_in("[0, 1)"),
                "rng": st.builds(lambda: np.random.default_rng(0)),
            }
        ),
        {
            "x": wrong_array((2, 3), "f", ranks=False),
            "rate": wrong_number("[0, 1)"),
            "rng": anything_but(np.random.Generator) | only(np.random, np.random.RandomState(0)),
        },
        masked,
        ranges={"rate": "[0, 1)"},
    ),
    Case(
        dropout_backward,
        WEIGHTS.flatmap(of_one_shape),
        {
            "gradient": wrong_array((2, 3), "f", ranks=False),
            "mask": lambda given: wrong_array(given["gradient"].shape, "f"),
        },
        same_shape,
    ),
    Case(
        all_masks,
        st.fixed_dictionaries(
            {"num_units": whole_in("[1, 16]", largest=10), "rate": number_in("[0, 1)")}
        ),
        {"num_units": wrong_whole("[1, 16]"), "rate": wrong_number("[0, 1)")},
        every_mask,
        ranges={"rate": "[0, 1)"},
        whole_ranges={"num_units": "[1, 16]"},
    ),
]
