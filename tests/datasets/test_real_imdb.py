"""The published data itself; skipped where it is not at hand."""

from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from companion.datasets import bag_of_words, load_imdb
from companion.datasets._spec import IMDB

pytestmark = pytest.mark.usefixtures("real_data")


def load(**arguments):
    return load_imdb(allow_stand_in=False, **arguments)


def digest(split):
    texts = "\0".join(split.texts).encode()
    return sha256(texts + split.labels.tobytes()).hexdigest()[:16]


def test_content_is_the_published_one():
    """Its sizes are those that other collections publish of the official files."""
    data = load(validation_size=0)
    assert data.source == "imdb"
    assert data.fingerprint == IMDB.fingerprint
    assert data.evidence == "imdb 07fb44de, 25,000 training texts"
    for split, size, distinct in (
        (data.train, 33_132_823, 24_904),
        (data.test, 32_350_685, 24_801),
    ):
        assert np.bincount(split.labels).tolist() == [12_500] * 2
        assert sum(len(text.encode()) for text in split.texts) == size
        assert len(set(split.texts)) == distinct
    assert len(set(data.train.texts) & set(data.test.texts)) == 123


def test_order_of_the_reviews_is_pinned():
    """Recorded runs rest on these splits: they must never change."""
    data = load()
    assert digest(data.train) == "649825a29c6443fb"
    assert digest(data.validation) == "9bf7940f3c983951"
    assert digest(data.test) == "650c48cd4d059c39"


def test_frequent_words_are_those_of_english():
    data = load(subset=500, validation_size=100)
    data = replace(data, test=data.test.take(500))
    bag = bag_of_words(data, vocabulary_size=1_000)
    assert bag.words[:5] == ("the", "and", "of", "to", "is")
    assert "br" not in bag.words
    assert bag.train.shape == (500, 1_000)
    assert bag.test.shape == (500, 1_000)
