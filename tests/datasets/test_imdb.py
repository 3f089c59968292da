import pickle
import tarfile
import warnings
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from companion.datasets import DataIntegrityError, DataNotFoundError, StandInWarning, load_imdb
from companion.datasets import imdb as module
from companion.datasets._cache import DecodedCache, cache_dir
from companion.datasets._texts import decode_texts

PLACES = ("argument", "variable", "cache", "keras")
LAYOUTS = ("aclImdb_v1.tar.gz", "aclImdb_v1.tar.xz", "aclImdb", "")


@pytest.fixture(autouse=True)
def small(reviews, monkeypatch):
    """Let the toy take the place of IMDb, and another one that of the stand-in."""
    other = decode_texts([(row % 2, b"x%d" % row) for row in range(16)], [(0, b"y"), (1, b"z")] * 8)
    prints = {"train_fingerprint": other.train_fingerprint, "test_fingerprint": "ab" * 32}
    monkeypatch.setattr(module, "IMDB", reviews.spec)
    monkeypatch.setattr(module, "TEXT_STAND_IN", replace(reviews.spec, name="stand-in", **prints))
    monkeypatch.setattr(module, "write_stand_in", lambda: other)


@pytest.fixture
def put(reviews, places, monkeypatch):
    """Write the toy to a place and return the archive."""

    def write(place):
        folders = {"cache": cache_dir(), "keras": places / "keras/datasets"}
        folder = folders.get(place, places / place)
        if place == "variable":
            monkeypatch.setenv("COMPANION_DATA_DIR", str(folder))
        return reviews.archive(folder / "aclImdb_v1.tar.gz")

    return write


def load(**arguments):
    return load_imdb(**({"validation_size": 4} | arguments))


def load_stand_in(**arguments):
    with pytest.warns(StandInWarning):
        return load(**arguments)


def write_layout(reviews, folder, layout):
    if layout.startswith("aclImdb_"):
        return reviews.archive(folder / layout)
    return reviews.folder(folder, layout)


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_searched(reviews, put, place):
    archive = put(place)
    data = load(data_dir=archive.parent if place == "argument" else None)
    assert (data.name, data.source) == ("imdb", "imdb")
    assert data.fingerprint == reviews.spec.fingerprint
    assert data.class_names == ("negative", "positive")
    assert (len(data.train), len(data.validation), len(data.test)) == (12, 4, 16)


@pytest.mark.parametrize("place", PLACES)
def test_broken_files_are_refused_wherever_they_are(put, place):
    archive = put(place)
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


def test_order_is_that_of_the_digests(reviews, put):
    texts = load(data_dir=put("argument").parent).test
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


def link(name, kind=tarfile.SYMTYPE):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, "/etc/passwd"
    return entry


def sized(name, size):
    entry = tarfile.TarInfo(name)
    entry.size = size
    return entry


NAME, SIZE, KIND = "the unexpected entry", "with the wrong size", "which is not a regular file"
HOSTILE = {
    "absolute name": (NAME, link("/etc/passwd")),
    "climbing name": (NAME, sized("aclImdb/../train/pos/0_1.txt", 1)),
    "climbing inside": (NAME, sized("aclImdb/train/../../x", 1)),
    "climbing among the reviews": (NAME, sized("aclImdb/train/pos/../0_1.txt", 1)),
    "no name": (NAME, sized("aclImdb/", 1)),
    "other folder": (NAME, sized("other/train/pos/0_1.txt", 1)),
    "no review": (NAME, sized("aclImdb/train/pos/run.sh", 1)),
    "other digits": (NAME, sized("aclImdb/train/pos/\u0663_1.txt", 1)),
    "second level": (NAME, sized("aclImdb/train/pos/inner/0_1.txt", 1)),
    "symbolic link": (KIND, link("aclImdb/train/pos/9_9.txt")),
    "hard link": (KIND, link("aclImdb/train/pos/9_9.txt", tarfile.LNKTYPE)),
    "device": (KIND, link("aclImdb/train/pos/9_9.txt", tarfile.CHRTYPE)),
    "empty review": (SIZE, sized("aclImdb/train/pos/9_9.txt", 0)),
    "endless review": (SIZE, sized("aclImdb/train/pos/9_9.txt", 1 << 16)),
    "bomb": (SIZE, sized("aclImdb/train/unsupBow.feat", 1 << 32)),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_members_are_refused(reviews, tmp_path, case):
    reason, entry = HOSTILE[case]
    path = reviews.archive(tmp_path / "aclImdb_v1.tar.gz", more=[entry])
    with pytest.raises(DataIntegrityError) as caught:
        load(data_dir=tmp_path)
    assert str(caught.value).startswith(f"{path} holds ")
    assert reason in str(caught.value)
    assert str(caught.value).endswith(". Delete it and download it again.")
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [path.name]


def test_many_allowed_files_are_too_much_together(reviews, tmp_path, monkeypatch):
    monkeypatch.setattr("companion.datasets._reviews._MOST_BYTES", 1000)
    reviews.archive(tmp_path / "aclImdb_v1.tar.gz", {**reviews.files, "README": bytes(1000)})
    with pytest.raises(DataIntegrityError, match=r"holds more than 1,000 bytes\. Delete it"):
        load(data_dir=tmp_path)


def test_endless_entries_are_refused(reviews, tmp_path, monkeypatch):
    monkeypatch.setattr("companion.datasets._reviews._MOST_HEADERS", 20)
    reviews.archive(tmp_path / "aclImdb_v1.tar.gz")
    with pytest.raises(DataIntegrityError, match="holds more than 20 entries"):
        load(data_dir=tmp_path)


def test_duplicates_are_refused(reviews, tmp_path):
    more = [sized("aclImdb/train/pos/0_10.txt", 1)]
    reviews.archive(tmp_path / "aclImdb_v1.tar.gz", more=more)
    with pytest.raises(DataIntegrityError, match=r"holds train/pos/0_10\.txt twice"):
        load(data_dir=tmp_path)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("change", [-1, 1])
def test_wrong_counts_are_refused(reviews, tmp_path, layout, change):
    files = dict(reviews.files)
    if change < 0:
        del files["test/neg/3_2.txt"]
    else:
        files["test/neg/99_2.txt"] = b"one more"
    write_layout(replace(reviews, files=files), tmp_path, layout)
    with pytest.raises(DataIntegrityError, match=rf"{8 + change} reviews in test/neg.* has 8\. D"):
        load(data_dir=tmp_path)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_changed_reviews_are_refused(reviews, tmp_path, layout):
    files = reviews.files | {"train/neg/0_2.txt": b"another text"}
    write_layout(replace(reviews, files=files), tmp_path, layout)
    words = r"published training reviews of imdb: .* download imdb"
    with pytest.raises(DataIntegrityError, match=words):
        load(data_dir=tmp_path)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_other_encodings_are_refused(reviews, tmp_path, layout):
    files = reviews.files | {"train/neg/0_2.txt": "é".encode("latin1")}
    write_layout(replace(reviews, files=files), tmp_path, layout)
    with pytest.raises(DataIntegrityError, match=r"train/neg/0_2\.txt in .* not a text in UTF-8"):
        load(data_dir=tmp_path)


def test_official_archive_is_known_by_its_hash(reviews, tmp_path, monkeypatch):
    files = reviews.files | {"train/neg/0_2.txt": b"another text"}
    path = reviews.archive(tmp_path / "aclImdb_v1.tar.gz", files)
    digest = sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(module, "IMDB", replace(reviews.spec, archives=(digest,)))
    assert load(data_dir=tmp_path).source == "imdb"


@pytest.mark.parametrize("suffix", ["gz", "xz"])
def test_truncated_archive_is_refused(reviews, tmp_path, suffix):
    path = reviews.archive(tmp_path / f"aclImdb_v1.tar.{suffix}")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataIntegrityError, match="damaged or incomplete"):
        load(data_dir=tmp_path)


def test_incomplete_folder_is_refused(reviews, tmp_path):
    folder = reviews.folder(tmp_path)
    (folder / "train/pos").rename(folder / "train/positive")
    with pytest.raises(DataIntegrityError, match=rf"{folder} lacks train/pos of imdb"):
        load(data_dir=tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.txt", b"x", "is not a review. Move it elsewhere"),
        ("99_1.txt", b"", "has 0 bytes, where a review has 1 to 65,535"),
        ("99_1.txt", bytes(70_000), "has 70,000 bytes, where"),
    ],
)
def test_other_files_in_the_folder_are_refused(reviews, tmp_path, name, content, words):
    file = reviews.folder(tmp_path) / "test/pos" / name
    file.write_bytes(content)
    with pytest.raises(DataIntegrityError, match=rf"{file} {words}"):
        load(data_dir=tmp_path)


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


def test_argument_is_the_only_place_searched(put, tmp_path):
    put("variable")
    words = (
        r"no accepted layout of imdb\. Name a folder with aclImdb_v1\.tar\.gz, .* folder aclImdb"
    )
    with pytest.raises(DataNotFoundError, match=words):
        load(data_dir=tmp_path)


def test_splits_are_stratified_nested_and_seeded(put):
    folder = put("argument").parent
    data, half = load(data_dir=folder, seed=3), load(data_dir=folder, seed=3, subset=6)
    assert np.bincount(data.validation.labels).tolist() == [2, 2]
    assert np.bincount(half.train.labels).tolist() == [3, 3]
    assert half.train.texts.tolist() == data.train.texts[:6].tolist()
    assert half.validation.texts.tolist() == data.validation.texts.tolist()
    assert not set(data.train.texts) & set(data.validation.texts)
    other = load(data_dir=folder, seed=4)
    assert set(other.validation.texts) != set(data.validation.texts)


def test_arrays_are_read_only_and_taken_in_proportion(put):
    data = load(data_dir=put("argument").parent)
    for array in (data.train.texts, data.train.labels, data.test.texts):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    taken = data.train.take(4, seed=1)
    assert np.bincount(taken.labels).tolist() == [2, 2]
    assert set(taken.texts) <= set(data.train.texts)


def test_second_load_maps_the_copy(put, monkeypatch):
    archive = put("variable")
    first = load()
    monkeypatch.setattr("companion.datasets._search.read_source", None)
    assert archive.exists()
    assert load().train.texts.tolist() == first.train.texts.tolist()


def test_decoded_copy_is_enough_and_is_plain(reviews, put):
    archive = put("argument")
    load(data_dir=archive.parent)
    archive.unlink()
    assert load().source == "imdb"
    path = DecodedCache(cache_dir(), reviews.spec).array_path
    assert np.load(path, allow_pickle=False).dtype == np.uint8


def rewrite(cache, change):
    """Change the bytes after the header and let the manifest vouch for them."""
    content = bytearray(cache.array_path.read_bytes())
    manifest = cache._manifest()
    change(content)
    cache.array_path.write_bytes(content)
    cache._write_manifest(manifest)


def set_end(row, value):
    def change(content):
        content[128 + 8 * row : 136 + 8 * row] = int(value).to_bytes(8, "little", signed=True)

    return change


TAMPERED = {
    "an end before the start": set_end(0, -1),
    "ends that fall": set_end(3, 1 << 40),
    "texts beyond the last end": set_end(31, 10),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_impossible_ends_are_not_believed(reviews, put, case):
    put("variable")
    texts = load().train.texts.tolist()
    cache = DecodedCache(cache_dir(), reviews.spec)
    rewrite(cache, TAMPERED[case])
    assert cache.read() is None
    assert load().train.texts.tolist() == texts


def test_short_copy_is_not_believed(reviews, put):
    put("variable")
    load()
    bigger = DecodedCache(cache_dir(), replace(reviews.spec, reviews_per_class=10_000))
    assert bigger.array_path == DecodedCache(cache_dir(), reviews.spec).array_path
    assert bigger.read() is None


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


def test_stand_in_can_be_forced(put, monkeypatch):
    put("variable")
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


def test_data_can_be_sent_to_another_process(put):
    data = load(data_dir=put("argument").parent, subset=6)
    copy = pickle.loads(pickle.dumps(data))
    assert copy.evidence == data.evidence
    assert copy.train.texts.tolist() == data.train.texts.tolist()
