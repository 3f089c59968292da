"""Archives and folders that are not IMDb, or that are hostile."""

import tarfile
from dataclasses import replace

import pytest

from companion.datasets import DataIntegrityError
from tests.datasets.toy_imdb import LAYOUTS, load, write_layout

pytestmark = pytest.mark.usefixtures("small_imdb")


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
