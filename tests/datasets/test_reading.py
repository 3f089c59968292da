from dataclasses import replace

import numpy as np
import pytest

from companion.datasets import DataIntegrityError
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
    with pytest.raises(DataIntegrityError, match=r"data_batch_3.* (has [0-9,]+ bytes|truncated)"):
        read(tmp_path, toy.spec)


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
