"""companion.datasets for texts: the splits, the counts."""

import numpy as np
from hypothesis import strategies as st

from companion.datasets import BagOfWords, TextDataset, TextSplit, bag_of_words
from tests.arguments.arrays import wrong_array
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


def texts_of(*words: str) -> np.ndarray:
    return np.array(words, dtype=object)


def splits(fewest: int = 0) -> st.SearchStrategy:
    words = st.sampled_from(["good film", "bad film", "Good<br />GOOD"])
    return st.lists(words, min_size=fewest, max_size=5).map(
        lambda chosen: TextSplit(texts_of(*chosen), np.arange(len(chosen)) % 2)
    )


def datasets() -> st.SearchStrategy:
    return st.tuples(splits(1), splits(), splits()).map(
        lambda parts: TextDataset("toy", "toy", "1a2b3c4d", ("-", "+"), *parts)
    )


def has_a_row_for_each(bag: BagOfWords, given: Given) -> object:
    data = given["data"]
    assert 1 <= len(bag.words) <= given.get("vocabulary_size", 10_000)
    for matrix, split in zip(bag[:3], (data.train, data.validation, data.test), strict=True):
        assert matrix.shape == (len(split), len(bag.words))
        assert matrix.dtype == np.float32
    return bag.words, bag.train.toarray().tobytes()


def is_a_part(split: TextSplit, given: Given) -> object:
    assert len(split) == given["n"]
    return split.texts.tolist(), split.labels.tolist()


CASES = [
    Case(
        bag_of_words,
        st.fixed_dictionaries(
            {"data": datasets()}, optional={"vocabulary_size": whole_in("[1, inf)")}
        ),
        {"data": anything_but(TextDataset), "vocabulary_size": wrong_whole("[1, inf)")},
        has_a_row_for_each,
        whole_ranges={"vocabulary_size": "[1, inf)"},
        share=0.1,
    ),
    Case(
        TextSplit,
        splits().map(lambda split: {"texts": split.texts, "labels": split.labels}),
        {
            "texts": anything_but(np.ndarray)
            | only(np.array(["a"]), np.array([1], object), np.array([["a"]], object))
            | only(texts_of(*"abcdefghi")),
            "labels": lambda given: (
                wrong_array((len(given["texts"]),), "iu", ranks=False)
                | only(np.zeros((9, 1), int), np.array(1), np.zeros(9, int))
            ),
        },
        lambda split, _: (split.texts.tolist(), split.labels.tolist()),
        summed_up=frozenset({"texts", "labels"}),  # their shapes, where these differ
    ),
    Case(
        TextSplit.take,
        splits(1).flatmap(
            lambda split: st.fixed_dictionaries(
                {"self": st.just(split), "n": whole_in(f"[1, {len(split)}]")},
                optional={"seed": whole_in("[0, inf)") | st.just(2**70)},
            )
        ),
        {
            "n": lambda given: wrong_whole(f"[1, {len(given['self'])}]"),
            "seed": wrong_whole("[0, inf)"),
        },
        is_a_part,
        whole_ranges={"seed": "[0, inf)"},
    ),
    Case(
        TextDataset,
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
            **{name: anything_but(TextSplit) for name in ("train", "validation", "test")},
        },
        lambda data, _: data.evidence,
        share=0.5,
    ),
]
