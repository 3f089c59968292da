from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from companion.datasets import DataIntegrityError, DataNotFoundError
from companion.datasets._files import sha256_of
from companion.datasets._layouts import find_source
from companion.datasets._reading import read_source
from companion.datasets._records import decode


def read(folder, spec):
    return read_source(find_source(folder, spec), spec)


def write(toy, folder, layout):
    version = "python" if "py" in layout else "binary"
    if layout.startswith("folder"):
        return toy.folder(folder, version)
    return toy.archive(folder / layout, version)


LAYOUTS = [
    "folder of binary batches",
    "folder of python batches",
    "cifar-10-binary.tar.gz",
    "cifar-10-binary.tar.xz",
    "cifar-10-python.tar.gz",
    "cifar-10-batches-py-target_archive",
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_images(toy, tmp_path, layout):
    write(toy, tmp_path, layout)
    found, expected = read(tmp_path, toy.spec), decode(toy.train, toy.test)
    assert np.array_equal(found.images, expected.images)
    assert np.array_equal(found.labels, expected.labels)
    assert found.fingerprint == toy.spec.fingerprint


def test_reshuffled_batches_are_accepted(toy, tmp_path):
    shuffled = np.random.default_rng(5).permutation(toy.train).reshape(5, -1, 3073)
    batches = dict(zip(toy.spec.train_batches, shuffled, strict=True))
    replace(toy, batches={**batches, "test_batch": toy.test}).folder(tmp_path)
    assert read(tmp_path, toy.spec).fingerprint == toy.spec.fingerprint


@pytest.mark.parametrize(
    ("file", "words"),
    [("data_batch_4.bin", "training images"), ("test_batch.bin", "test images")],
)
def test_flipped_bit_is_found(toy, tmp_path, file, words):
    path = toy.folder(tmp_path) / file
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)
    message = rf"{path.parent} does not hold the published {words} of cifar-10: .*run `python -m"
    with pytest.raises(DataIntegrityError, match=message):
        read(tmp_path, toy.spec)


def test_swapped_files_are_found(toy, tmp_path):
    folder = toy.folder(tmp_path)
    (folder / "test_batch.bin").rename(folder / "spare")
    (folder / "data_batch_2.bin").rename(folder / "test_batch.bin")
    (folder / "spare").rename(folder / "data_batch_2.bin")
    with pytest.raises(DataIntegrityError, match="training images and test images"):
        read(tmp_path, toy.spec)


@pytest.mark.parametrize("version", ["binary", "python"])
def test_truncated_file_is_found(toy, tmp_path, version):
    folder = toy.folder(tmp_path, version)
    path = next(folder.glob("data_batch_3*"))
    path.write_bytes(path.read_bytes()[:-3073])
    with pytest.raises(DataIntegrityError, match=r"data_batch_3.* (has [0-9,]+ bytes|remain)"):
        read(tmp_path, toy.spec)


def test_file_that_shrinks_while_it_is_read_is_found(toy, tmp_path, monkeypatch):
    """Its size is that of what was read, not of what was there before."""
    source = find_source(toy.folder(tmp_path), toy.spec)
    size = source.files[0].stat().st_size
    source.files[0].write_bytes(bytes(10))
    monkeypatch.setattr(type(source.files[0]), "stat", lambda _: SimpleNamespace(st_size=size))
    with pytest.raises(DataIntegrityError, match=rf"{source.files[0]} has [0-9,]+ bytes"):
        read_source(source, toy.spec)


def test_terabyte_is_not_read(toy, tmp_path, monkeypatch):
    path = toy.folder(tmp_path) / "data_batch_2.bin"
    with path.open("r+b") as file:
        file.truncate(1 << 40)
    with pytest.raises(DataIntegrityError, match=rf"{path} has 1,099,511,627,776 bytes"):
        read(tmp_path, toy.spec)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_file_that_cannot_be_opened_is_named(toy, tmp_path, monkeypatch, layout):
    write(toy, tmp_path, layout)
    source = find_source(tmp_path, toy.spec)

    def refuse(path, mode):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(tmp_path), "open", refuse)
    message = rf"^{source.files[0]} cannot be read \(Permission denied\)\. Make it readable"
    with pytest.raises(DataNotFoundError, match=message):
        read_source(source, toy.spec)


def test_oversize_pickle_is_not_read(toy, tmp_path):
    path = toy.folder(tmp_path, "python") / "data_batch_1"
    path.write_bytes(path.read_bytes() + bytes(200_000))
    with pytest.raises(DataIntegrityError, match=f"{path} has [0-9,]+ bytes"):
        read(tmp_path, toy.spec)


@pytest.mark.parametrize("version", ["binary", "python"])
def test_labels_outside_the_classes_are_refused(toy, tmp_path, version):
    wrong = toy.test.copy()
    wrong[4, 0] = 10
    replace(toy, batches={**toy.batches, "test_batch": wrong}).folder(tmp_path, version)
    with pytest.raises(DataIntegrityError, match=r"test_batch.* holds a label above 9"):
        read(tmp_path, toy.spec)


def test_official_archive_is_accepted_by_its_hash(toy, tmp_path):
    archive = toy.archive(tmp_path / "cifar-10-binary.tar.gz")
    other = replace(toy.spec, train_fingerprint="0" * 64)
    with pytest.raises(DataIntegrityError):
        read(tmp_path, other)
    official = replace(other, archives=(sha256_of(archive),))
    assert read(tmp_path, official).fingerprint == toy.spec.fingerprint
