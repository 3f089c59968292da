"""companion.datasets, without the loader."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from companion.datasets import ImageDataset, Split, channel_statistics, normalize, to_float
from tests.arguments.arrays import elements, wrong_array
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    anything_but,
    good_text,
    only,
    whole_in,
    wrong_text,
    wrong_texts,
    wrong_whole,
)

SHAPES = st.tuples(*(st.integers(1, 3),) * 4)
BYTES = SHAPES.flatmap(lambda shape: arrays(np.uint8, shape)) | SHAPES.flatmap(
    lambda shape: arrays(np.uint16, shape, elements=st.integers(0, 255))
)
UNIT = st.sampled_from([np.float32, np.float64]).flatmap(
    lambda dtype: SHAPES.flatmap(lambda s: arrays(dtype, s, elements=elements(0, 1, dtype)))
)
WHOLE_BEYOND = np.full((1, 1, 1, 1), 256, np.uint16)
FLOAT_BEYOND = [np.full((1, 1, 1, 1), value) for value in (-0.1, 1.1, 255.0)]


def is_float32(result: np.ndarray, given: Given) -> bytes:
    assert result.dtype == np.float32
    assert result.shape == given["images"].shape
    assert np.isfinite(result).all()
    return result.tobytes()


def is_in_the_unit_interval(result: np.ndarray, given: Given) -> bytes:
    assert ((result >= 0) & (result <= 1)).all()
    return is_float32(result, given)


def are_two_rows(result: tuple[np.ndarray, np.ndarray], given: Given) -> object:
    for row in result:
        assert row.shape == given["images"].shape[-1:]
        assert row.dtype == np.float32
        assert ((row >= 0) & (row <= 1)).all()
    return [row.tobytes() for row in result]


def with_statistics(images: np.ndarray) -> st.SearchStrategy:
    mean, std = channel_statistics(images)
    std = np.where(std < 1e-3, 0, std)  # the noise of a constant channel is none
    pairs = st.sampled_from([(mean, std), (mean.astype(float), std.astype(float))])
    return pairs.map(lambda pair: {"images": images, "mean": pair[0], "std": pair[1]})


def wrong_statistic(given: Given) -> st.SearchStrategy:
    channels = given["images"].shape[-1]
    beyond = [np.full(channels, value) for value in (-0.1, 1.1, 125.3)]
    return wrong_array((channels,), "f") | st.sampled_from([*beyond, np.zeros(channels + 1)])


def splits(fewest: int = 0) -> st.SearchStrategy:
    return st.integers(fewest, 5).flatmap(
        lambda n: st.builds(
            Split,
            images=arrays(np.uint8, (n, 1, 2, 3)),
            labels=arrays(np.int64, n, elements=st.integers(-1, 3)),
        )
    )


def fields(split: Split) -> Given:
    return {"images": split.images, "labels": split.labels}


def has_a_length(split: Split, given: Given) -> object:
    assert len(split) == len(given["labels"])
    return split.images.tobytes(), split.labels.tobytes()


def is_a_part(split: Split, given: Given) -> object:
    assert len(split) == given["n"]
    assert set(split.labels) <= set(given["self"].labels)
    return split.images.tobytes(), split.labels.tobytes()


def takes(split: Split) -> st.SearchStrategy:
    return st.fixed_dictionaries(
        {"self": st.just(split), "n": whole_in(f"[1, {len(split)}]")},
        optional={"seed": whole_in("[0, inf)") | st.just(2**70)},
    )


CASES = [
    Case(
        to_float,
        st.fixed_dictionaries({"images": BYTES}),
        {"images": wrong_array((1, 2, 2, 3), "u") | only(WHOLE_BEYOND)},
        is_in_the_unit_interval,
    ),
    Case(
        channel_statistics,
        st.fixed_dictionaries({"images": BYTES | UNIT}),
        {"images": wrong_array((1, 2, 2, 3), "uf") | only(WHOLE_BEYOND, *FLOAT_BEYOND)},
        are_two_rows,
    ),
    Case(
        normalize,
        (BYTES | UNIT).flatmap(with_statistics),
        {
            "images": wrong_array((1, 2, 2, 3), "uf") | only(WHOLE_BEYOND, *FLOAT_BEYOND),
            "mean": wrong_statistic,
            "std": wrong_statistic,
        },
        is_float32,
    ),
    Case(
        Split,
        splits().map(fields),
        {
            "images": lambda given: (
                wrong_array((len(given["labels"]), 2, 2, 3), "u").filter(
                    lambda images: (
                        not isinstance(images, np.ndarray) or images.size or images.ndim != 4
                    )
                )
                | only(np.zeros((9, 1, 1, 1), np.uint8), np.array(1, np.uint8))
            ),
            "labels": lambda given: (
                wrong_array((len(given["images"]),), "iu", ranks=False)
                | only(np.zeros((9, 1), int), np.array(1), np.zeros(9, int))
            ),
        },
        has_a_length,
        summed_up=frozenset({"images", "labels"}),  # their shapes, where these differ
    ),
    Case(
        Split.take,
        splits(fewest=1).flatmap(takes),
        {
            "n": lambda given: wrong_whole(f"[1, {len(given['self'])}]"),
            "seed": wrong_whole("[0, inf)"),
        },
        is_a_part,
        whole_ranges={"seed": "[0, inf)"},
    ),
    Case(
        ImageDataset,
        st.fixed_dictionaries(
            {
                **{name: good_text() for name in ("name", "source", "fingerprint")},
                "class_names": st.lists(good_text(), max_size=3).map(tuple),
                **{name: splits() for name in ("train", "validation", "test")},
            }
        ),
        {
            **dict.fromkeys(("name", "source", "fingerprint"), wrong_text),
            "class_names": wrong_texts(tuple),
            **{name: anything_but(Split) for name in ("train", "validation", "test")},
        },
        lambda data, _: data.evidence,
        share=0.5,
    ),
]
