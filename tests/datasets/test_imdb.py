"""load_imdb: where it looks, what it returns, and the stand-in."""

import pickle
import warnings
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from companion.datasets import DataIntegrityError, DataNotFoundError, StandInWarning, load_imdb
from companion.datasets import imdb as module
from companion.datasets._cache import cache_dir
from tests.datasets.toy_imdb import LAYOUTS, load, load_stand_in, write_layout

pytestmark = pytest.mark.usefixtures("small_imdb")

PLACES = ("argument", "variable", "cache", "keras")


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_searched(reviews, put_reviews, place):
    archive = put_reviews(place)
    data = load(data_dir=archive.parent if place == "argument" else None)
    assert (data.name, data.source) == ("imdb", "imdb")
    assert data.fingerprint == reviews.spec.fingerprint
    assert data.class_names == ("negative", "positive")
    assert (len(data.train), len(data.validation), len(data.test)) == (12, 4, 16)


@pytest.mark.parametrize("place", PLACES)
def test_broken_files_are_refused_wherever_they_are(put_reviews, place):
    archive = put_reviews(place)
    archive.write_bytes(b"\x1f\x8b broken")
    with pytest.raises(DataIntegrityError, match=str(archive)):
        load(data_dir=archive.parent if place == "argument" else None)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_texts(reviews, tmp_path, layout):
    write_layout(reviews, tmp_path / "data", layout)
    data = load(data_dir=tmp_path / "data", validation_size=0)
    for split, part in ((data.train, "train"), (data.test, "test")):
        published = {
            text.decode(): int("/pos/" in name)
            for name, text in reviews.files.items()
            if name.startswith(part)
        }
        assert dict(zip(split.texts, split.labels.tolist(), strict=True)) == published
    assert all(type(text) is str for text in data.train.texts)
    assert data.test.texts.dtype == object
    assert data.train.labels.dtype == np.int64


def test_order_is_that_of_the_digests(reviews, put_reviews):
    texts = load(data_dir=put_reviews("argument").parent).test
    digests = [
        sha256(bytes([label]) + text.encode()).digest()
        for text, label in zip(texts.texts, texts.labels.tolist(), strict=True)
    ]
    assert digests == sorted(digests)


def test_names_of_files_do_not_matter(reviews, tmp_path):
    stars = {name.replace("/0_", "/77_"): text for name, text in reviews.files.items()}
    reviews.archive(tmp_path / "aclImdb_v1.tar.gz", stars)
    assert load(data_dir=tmp_path).fingerprint == reviews.spec.fingerprint


def test_what_has_no_label_is_left_out(reviews, tmp_path):
    more = {
        "README": b"x",
        "imdb.vocab": b"x",
        "train/unsup/0_0.txt": b"no label",
        "train/labeledBow.feat": b"",
        "test/urls_pos.txt": b"x",
        "test/.DS_Store": b"\xf5",
        "train/pos/.hidden": b"\xf5",
    }
    reviews.archive(tmp_path / "aclImdb_v1.tar.gz", {**more, **reviews.files})
    assert load(data_dir=tmp_path).fingerprint == reviews.spec.fingerprint


def test_official_archive_is_known_by_its_hash(reviews, tmp_path, monkeypatch):
    files = reviews.files | {"train/neg/0_2.txt": b"another text"}
    path = reviews.archive(tmp_path / "aclImdb_v1.tar.gz", files)
    digest = sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(module, "IMDB", replace(reviews.spec, archives=(digest,)))
    assert load(data_dir=tmp_path).source == "imdb"


def test_hidden_files_in_the_folder_are_skipped(reviews, tmp_path):
    (reviews.folder(tmp_path) / "train/pos/.DS_Store").write_bytes(b"\xf5")
    assert load(data_dir=tmp_path).source == "imdb"


def test_folder_comes_before_the_archive(reviews, tmp_path):
    reviews.folder(tmp_path)
    (tmp_path / "aclImdb_v1.tar.gz").write_bytes(b"broken")
    assert load(data_dir=tmp_path).source == "imdb"


def test_folder_is_read_again_when_a_review_is_added(reviews, tmp_path):
    folder = reviews.folder(tmp_path)
    load(data_dir=tmp_path)
    (folder / "train/pos/99_9.txt").write_bytes(b"one more")
    with pytest.raises(DataIntegrityError, match="9 reviews in train/pos"):
        load(data_dir=tmp_path)


def test_argument_is_the_only_place_searched(put_reviews, tmp_path):
    put_reviews("variable")
    words = (
        r"no accepted layout of imdb\. Name a folder with aclImdb_v1\.tar\.gz, .* folder aclImdb"
    )
    with pytest.raises(DataNotFoundError, match=words):
        load(data_dir=tmp_path)


def test_splits_are_stratified_nested_and_seeded(put_reviews):
    folder = put_reviews("argument").parent
    data, half = load(data_dir=folder, seed=3), load(data_dir=folder, seed=3, subset=6)
    assert np.bincount(data.validation.labels).tolist() == [2, 2]
    assert np.bincount(half.train.labels).tolist() == [3, 3]
    assert half.train.texts.tolist() == data.train.texts[:6].tolist()
    assert half.validation.texts.tolist() == data.validation.texts.tolist()
    assert not set(data.train.texts) & set(data.validation.texts)
    other = load(data_dir=folder, seed=4)
    assert set(other.validation.texts) != set(data.validation.texts)


def test_arrays_are_read_only_and_taken_in_proportion(put_reviews):
    data = load(data_dir=put_reviews("argument").parent)
    for array in (data.train.texts, data.train.labels, data.test.texts):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    taken = data.train.take(4, seed=1)
    assert np.bincount(taken.labels).tolist() == [2, 2]
    assert set(taken.texts) <= set(data.train.texts)


def test_no_data_gives_the_stand_in_with_a_warning():
    words = r"IMDb was not found: THESE ARE SYNTHETIC STAND-IN REVIEWS, NOT IMDb\..*download imdb"
    with pytest.warns(StandInWarning, match=words):
        data = load()
    assert (data.name, data.source) == ("imdb", "stand-in")
    assert data.evidence.startswith("stand-in (not imdb)")


def test_warning_points_at_the_caller():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        load_imdb(validation_size=4)
    assert caught[0].filename == __file__


def test_stand_in_is_written_once(monkeypatch):
    first = load_stand_in()
    monkeypatch.setattr(module, "write_stand_in", None)
    assert load_stand_in().train.texts.tolist() == first.train.texts.tolist()


def test_no_data_and_no_stand_in_raises():
    with pytest.raises(DataNotFoundError, match=r"IMDb was not found, and allow_stand_in is Fal"):
        load(allow_stand_in=False)


def test_stand_in_can_be_forced(put_reviews, monkeypatch):
    put_reviews("variable")
    monkeypatch.setenv("COMPANION_DATA", "stand-in")
    assert load_stand_in().source == "stand-in"
    with pytest.raises(DataNotFoundError, match=r"stand-in is set.* have the real reviews"):
        load(allow_stand_in=False)


def test_download_is_asked_for_where_nothing_is_found(reviews, monkeypatch):
    asked = []

    def download(archive, folder):
        asked.append((archive.url, folder))
        return reviews.archive(folder / archive.name)

    monkeypatch.setattr(module, "download_archive", download)
    assert load_stand_in().source == "stand-in"
    for _ in range(2):
        assert load(download=True).source == "imdb"
    url = "https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz"
    assert asked == [(url, cache_dir())]


@pytest.mark.parametrize(
    "arguments",
    [
        {"validation_size": -1},
        {"validation_size": 16},
        {"subset": 0},
        {"subset": 13},
        {"seed": -1},
        {"allow_stand_in": 1},
        {"download": "yes"},
        {"data_dir": 3},
    ],
)
def test_wrong_arguments_are_refused(arguments):
    name = next(iter(arguments))
    with pytest.raises((TypeError, ValueError), match=f"^{name} of load_imdb must be .* Try "):
        load(**arguments)


def test_data_can_be_sent_to_another_process(put_reviews):
    data = load(data_dir=put_reviews("argument").parent, subset=6)
    copy = pickle.loads(pickle.dumps(data))
    assert copy.evidence == data.evidence
    assert copy.train.texts.tolist() == data.train.texts.tolist()
