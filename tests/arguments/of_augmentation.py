"""companion.augmentation, and what its chapter has from scratch. Augmenters are never applied."""

import keras
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from companion.augmentation import build_augmenter, prepend
from companion.from_scratch import optimal_score_gap, shift_images, smooth_labels
from companion.models import build_mlp
from tests.arguments.arrays import floats, wrong_array
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    anything_but,
    not_a_flag,
    number_in,
    only,
    optional,
    whole_in,
    wrong_number,
    wrong_whole,
    wrong_wholes,
)

SHAPE = (4, 5, 2)
PIXELS = wrong_whole("[0, 4)")


def changes_images(augmenter: keras.Model, given: Given) -> object:
    assert augmenter.input_shape == augmenter.output_shape == (None, *map(int, SHAPE))
    assert augmenter.count_params() == 0
    kinds = [type(layer).__name__ for layer in augmenter.layers]
    assert ("RandomTranslation" in kinds) is bool(given.get("shift"))
    return kinds


def network(*input_shape: int) -> keras.Model:
    return build_mlp(input_shape, 2, hidden_units=(1,), seed=1)


def takes_the_same_images(model: keras.Model, given: Given) -> object:
    assert not model.compiled
    assert len(model.weights) == len(given["model"].weights)
    return model.input_shape, model.output_shape


def with_offsets(images: np.ndarray) -> st.SearchStrategy:
    batch, height, width, _ = images.shape
    nearest = min(height, width) - 1
    dtypes = st.sampled_from([np.int64, np.int8])
    offsets = dtypes.flatmap(
        lambda dtype: arrays(dtype, (batch, 2), elements=st.integers(-nearest, nearest))
    )
    return st.fixed_dictionaries({"images": st.just(images), "offsets": offsets})


def wrong_offsets(given: Given) -> st.SearchStrategy:
    batch, height, width, _ = given["images"].shape
    far = [np.tile(pair, (batch, 1)) for pair in ((height, 0), (0, -width), (2**40, 0))]
    return wrong_array((batch, 2), "iu") | st.sampled_from([*far, np.zeros((batch + 1, 2), int)])


def an_array_alike(result: np.ndarray, given: Given) -> bytes:
    assert (result.shape, result.dtype) == (given["images"].shape, given["images"].dtype)
    return result.tobytes()


def rows_of_probabilities(result: np.ndarray, given: Given) -> bytes:
    assert result.shape == (len(given["labels"]), given["num_classes"])
    np.testing.assert_allclose(result.sum(axis=1), 1)
    return result.tobytes()


def positive(result: float, given: Given) -> float:
    assert type(result) is float
    assert result > 0
    return result


LABELS = arrays(np.int64, st.integers(1, 5), elements=st.integers(0, 1))
OUTSIDE = only(np.array([-1]), np.array([2**40]), np.array([0, -3]))
CASES = [
    Case(
        build_augmenter,
        st.fixed_dictionaries(
            {"input_shape": only(SHAPE, list(SHAPE)), "flip": st.just(True)},
            optional={
                "shift": whole_in("[0, 3]"),
                "cutout": whole_in("[0, 3]"),
                "seed": st.none() | whole_in("[0, inf)") | st.just(2**70),
            },
        ),
        {
            "input_shape": wrong_wholes("[1, inf)") | only((32, 32), (32, 32, 3, 1), [9]),
            "flip": not_a_flag,
            "shift": PIXELS,
            "cutout": PIXELS,
            "seed": optional(wrong_whole("[0, inf)")),
        },
        changes_images,
        whole_ranges={"seed": "[0, inf)"},
        share=0.3,
    ),
    Case(
        prepend,
        st.fixed_dictionaries(
            {
                "augmenter": st.builds(lambda: build_augmenter(SHAPE, flip=True, seed=1)),
                "model": st.builds(lambda: network(*SHAPE)),
            }
        ),
        {
            "augmenter": anything_but(keras.Model) | only(keras.layers.RandomFlip, network),
            "model": anything_but(keras.Model) | st.builds(lambda: network(4, 5)),
        },
        takes_the_same_images,
        summed_up=frozenset({"model"}),  # the shape of its input
        share=0.15,
    ),
    Case(
        shift_images,
        floats(5, dims=4, low=-10, high=10).flatmap(with_offsets),
        {"images": wrong_array((2, 3, 3, 1), "f"), "offsets": wrong_offsets},
        an_array_alike,
        summed_up=frozenset({"offsets"}),  # smallest and largest
    ),
    Case(
        smooth_labels,
        st.fixed_dictionaries(
            {
                "labels": LABELS,
                "num_classes": whole_in("[2, inf)", largest=9),
                "smoothing": number_in("[0, 1)"),
            }
        ),
        {
            "labels": wrong_array((3,), "iu") | OUTSIDE,
            "num_classes": wrong_whole("[2, inf)"),
            "smoothing": wrong_number("[0, 1)"),
        },
        rows_of_probabilities,
        ranges={"smoothing": "[0, 1)"},
        whole_ranges={"num_classes": "[2, inf)"},
        summed_up=frozenset({"labels"}),
    ),
    Case(
        optimal_score_gap,
        st.fixed_dictionaries(
            {"num_classes": whole_in("[2, inf)"), "smoothing": number_in("(0, 1)")}
        ),
        {"num_classes": wrong_whole("[2, inf)"), "smoothing": wrong_number("(0, 1)")},
        positive,
        ranges={"smoothing": "(0, 1)"},
        whole_ranges={"num_classes": "[2, inf)"},
    ),
]
