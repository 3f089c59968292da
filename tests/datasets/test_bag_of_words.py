import json
import os
import sys

import numpy as np
import pytest
from scipy.sparse import csr_array

from companion.datasets import TextDataset, TextSplit, bag_of_words
from companion.datasets._cache import DecodedCache, _digest, cache_dir
from companion.datasets._packed_bag import BagOfWords, BagSpec, PackedBag

TRAIN = ["The film, the FILM!<br /><br />Great", "a dull film", "Great: great acting é été"]
VALIDATION = ["validation words only: leak", "great leak"]
TEST = ["leak dull dull"]
# By falling count, then by the alphabet: film 3, great 3, the 2, acting 1, dull 1, été 1.
WORDS = ("film", "great", "the", "acting", "dull", "été")


def split(texts):
    return TextSplit(np.array(texts, dtype=object), np.arange(len(texts)) % 2)


def dataset(train=TRAIN, validation=VALIDATION, test=TEST):
    parts = (split(train), split(validation), split(test))
    return TextDataset("toy", "toy", "1a2b3c4d", ("-", "+"), *parts)


def kept():
    """Return the cached file and its manifest."""
    (array,) = cache_dir().glob("bag-of-words-*.npy")
    return array, array.with_suffix(".json")


@pytest.fixture
def counting(monkeypatch):
    """Count how often words are counted."""
    module = sys.modules["companion.datasets.bag_of_words"]
    calls = []
    plain = module._counted
    monkeypatch.setattr(module, "_counted", lambda *args: calls.append(1) or plain(*args))
    return calls


def test_counts_by_hand():
    bag = bag_of_words(dataset())
    assert bag.words == WORDS
    assert bag.train.toarray().tolist() == [
        [2, 1, 2, 0, 0, 0],
        [1, 0, 0, 0, 1, 0],
        [0, 2, 0, 1, 0, 1],
    ]
    assert bag.validation.toarray().tolist() == [[0] * 6, [0, 1, 0, 0, 0, 0]]
    assert bag.test.toarray().tolist() == [[0, 0, 0, 0, 2, 0]]


def test_matrices_are_sparse_float32_and_read_only():
    bag_of_words(dataset())
    for bag in (bag_of_words(dataset()), bag_of_words(dataset(), vocabulary_size=2)):
        for matrix in bag[:3]:
            assert isinstance(matrix, csr_array)
            assert matrix.dtype == np.float32
            assert matrix.has_canonical_format
            assert not matrix.data.flags.writeable
            assert (matrix @ np.ones(len(bag.words), np.float32)).dtype == np.float32


def test_vocabulary_knows_the_training_texts_only():
    other = bag_of_words(dataset(validation=["film acting " * 9], test=["zebra"]))
    assert other.words == WORDS


def test_most_frequent_words_are_kept_and_ties_follow_the_alphabet():
    assert bag_of_words(dataset(), vocabulary_size=1).words == WORDS[:1]
    assert bag_of_words(dataset(), vocabulary_size=5).words == WORDS[:5]


def test_splits_may_be_empty():
    bag = bag_of_words(dataset(validation=[], test=["", "?"]))
    assert bag.validation.shape == (0, 6)
    assert bag.test.nnz == 0
    assert bag_of_words(dataset(validation=[], test=["", "?"])).validation.shape == (0, 6)


@pytest.mark.parametrize("train", [[], ["", "a ! b"], ["<br />"]])
def test_training_texts_without_a_word_are_refused(train):
    with pytest.raises(ValueError, match=r"^data of bag_of_words must be texts with a word for"):
        bag_of_words(dataset(train=train))


@pytest.mark.parametrize("size", [0, -1, 2.0, True, None])
def test_wrong_sizes_are_refused(size):
    with pytest.raises((TypeError, ValueError), match=r"^vocabulary_size of bag_of_words must be"):
        bag_of_words(dataset(), vocabulary_size=size)


def test_other_data_is_refused():
    with pytest.raises(TypeError, match=r"^data of bag_of_words must be a TextDataset.*load_imdb"):
        bag_of_words(TRAIN)


def test_counted_once(counting):
    first, second = bag_of_words(dataset()), bag_of_words(dataset())
    assert len(counting) == 1
    assert second.words == first.words
    for one, other in zip(first[:3], second[:3], strict=True):
        assert np.array_equal(one.toarray(), other.toarray())


def test_every_text_and_setting_has_its_own_copy(counting):
    for data in (
        dataset(),
        dataset(train=TRAIN[::-1]),
        dataset(test=["leak dull dull "]),
        dataset(validation=VALIDATION[:1], test=VALIDATION[1:] + TEST),
        dataset(test=["leak dull", "dull"]),
    ):
        bag_of_words(data)
    bag_of_words(dataset(), vocabulary_size=3)
    assert len(counting) == 6
    assert len(list(cache_dir().glob("*.npy"))) == 6


def test_copy_of_other_texts_is_not_believed(counting):
    """Names of files hold the beginning of the key only."""
    bag_of_words(dataset())
    array, manifest = kept()
    bag_of_words(dataset(), vocabulary_size=3)
    other = next(path for path in cache_dir().glob("*.npy") if path != array)
    status = array.stat()
    other.write_bytes(array.read_bytes())
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.with_suffix(".json").write_text(manifest.read_text())
    assert bag_of_words(dataset(), vocabulary_size=3).words == WORDS[:3]
    assert len(counting) == 3


def test_nothing_is_pickled():
    bag_of_words(dataset())
    assert np.load(kept()[0], allow_pickle=False).dtype == np.uint8


def damage(array, manifest, place, value):
    """Change one byte and let the manifest vouch for the file."""
    content = bytearray(array.read_bytes())
    content[place] = value
    array.write_bytes(content)
    stamp = [array.stat().st_size, array.stat().st_mtime_ns]
    said = json.loads(manifest.read_text())
    del said["digest"]
    said["array"]["stamp"] = stamp
    manifest.write_text(json.dumps(said | {"digest": _digest(said)}))


HEADER, BOUNDS = 128, 128 + 56
COUNTS = BOUNDS + 4 * (4 + 3 + 2)
INDICES = COUNTS + 4 * (8 + 1 + 1)
TAMPERED = {
    "rows": (HEADER, 9),
    "negative rows": (HEADER + 7, 255),
    "letters": (HEADER + 48, 9),
    "first bound": (BOUNDS, 1),
    "falling bound": (BOUNDS + 4, 200),
    "count of zero": (COUNTS + 3, 0),
    "count that is no number": (COUNTS + 3, 255),
    "column beyond the words": (INDICES, 6),
    "negative column": (INDICES + 3, 255),
    "words that are no text": (-1, 255),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_tampered_copy_is_made_again(counting, case):
    expected = bag_of_words(dataset())
    damage(*kept(), *TAMPERED[case])
    again = bag_of_words(dataset())
    assert len(counting) == 2
    assert again.words == expected.words
    assert np.array_equal(again.train.toarray(), expected.train.toarray())


def test_truncated_copy_is_made_again(counting):
    bag_of_words(dataset())
    array = kept()[0]
    for size in (0, 100, HEADER + 20, INDICES):
        array.write_bytes(array.read_bytes()[:size])
        assert bag_of_words(dataset()).words == WORDS
    assert len(counting) == 5


def test_folder_that_cannot_be_written_only_costs_time(monkeypatch, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("COMPANION_CACHE_DIR", str(tmp_path / "file" / "cache"))
    with pytest.warns(UserWarning, match="bag-of-words cannot be kept"):
        assert bag_of_words(dataset()).words == WORDS


def test_packing_and_unpacking_are_inverse():
    bag = BagOfWords(*(csr_array(np.eye(2, dtype=np.float32)) for _ in range(3)), ("an", "bé"))
    spec = BagSpec("ab" * 32)
    made = DecodedCache(cache_dir(), spec).read_or_make(lambda: PackedBag(bag, spec.fingerprint))
    assert made.fingerprint == spec.fingerprint
    assert made.bag.words == bag.words
    assert np.array_equal(made.bag.test.toarray(), np.eye(2))
