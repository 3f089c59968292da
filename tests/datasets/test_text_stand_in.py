import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from companion.datasets import _text_stand_in as module
from companion.datasets._text_stand_in import TEXT_STAND_IN, write_stand_in


@pytest.fixture(scope="module")
def everything():
    return write_stand_in()


def test_same_bytes_everywhere(everything):
    """Claims and records name this fingerprint."""
    assert everything.train_fingerprint == TEXT_STAND_IN.train_fingerprint
    assert everything.test_fingerprint == TEXT_STAND_IN.test_fingerprint


def test_size_and_balance_are_those_of_imdb(everything):
    assert len(everything.texts.ends) == 50_000
    assert np.bincount(everything.labels[:25_000]).tolist() == [12_500] * 2
    assert np.bincount(everything.labels[25_000:]).tolist() == [12_500] * 2


def test_no_review_appears_twice(everything):
    assert len(set(everything.texts.take(slice(None)))) == 50_000


def test_linear_model_learns_it_but_is_not_always_right(everything):
    """Chance is 0.5; the best classifier, which knows the frequencies, reaches about 0.91."""
    train, test = np.arange(0, 25_000, 5), np.arange(25_000, 50_000, 10)
    counter = CountVectorizer(max_features=5_000)
    counts = counter.fit_transform(everything.texts.take(train))
    model = LogisticRegression(C=0.03, max_iter=100, solver="liblinear")
    model.fit(counts, everything.labels[train])
    accuracy = model.score(counter.transform(everything.texts.take(test)), everything.labels[test])
    assert 0.72 < accuracy < 0.9


def test_words_are_distinct_and_rarer_ones_not_shorter():
    words = [module._word(rank) for rank in range(module._WORDS)]
    assert len(set(words)) == module._WORDS
    assert all(word.isalpha() and len(word) >= 2 for word in words)
    assert [len(word) for word in words] == sorted(len(word) for word in words)
    assert words[:2] + words[75:77] == ["ba", "be", "baba", "babe"]


def test_frequencies_follow_zipf_and_rare_words_tell_most():
    negative, positive = (module._frequencies(label) for label in (0, 1))
    telling = np.arange(module._WORDS) % 5 == 4
    assert np.array_equal(negative[~telling], positive[~telling])
    assert negative[0] == pytest.approx(100 * negative[200 - 2], rel=1e-3)
    ratio = np.maximum(negative, positive) / np.minimum(negative, positive)
    assert ratio[4] == pytest.approx(1254 / 746, rel=1e-3)
    assert ratio[telling][200:].min() == pytest.approx(19, rel=0.05)
    assert max(negative.sum(), positive.sum()) < 2**31


def test_chunks_do_not_repeat(monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 3)
    records = module._records(7, part=0)
    assert len({text for _, text in records}) == 14
    assert [label for label, _ in records] == [0] * 7 + [1] * 7
