import pytest

from companion.datasets import DataIntegrityError, DataNotFoundError
from companion.datasets._layouts import find_source

ARCHIVES = {
    "cifar-10-binary.tar.gz": "binary",
    "cifar-10-binary.tar.xz": "binary",
    "cifar-10-python.tar.gz": "python",
    "cifar-10-batches-py-target_archive": "python",
    "cifar-10-batches-py.tar.gz": "python",
}


@pytest.mark.parametrize(("name", "version"), ARCHIVES.items())
def test_archives_are_found(toy, tmp_path, name, version):
    archive = toy.archive(tmp_path / name, version)
    source = find_source(tmp_path, toy.spec)
    assert (source.version, source.path, source.files) == (version, archive, (archive,))
    assert source.is_archive


@pytest.mark.parametrize("version", ["binary", "python"])
def test_folders_are_found_from_outside_and_inside(toy, tmp_path, version):
    folder = toy.folder(tmp_path, version)
    for place in (tmp_path, folder):
        source = find_source(place, toy.spec)
        assert (source.version, source.path) == (version, folder)
        assert source.files[-1].stem == "test_batch"
        assert len(source.files) == 6
        assert not source.is_archive


def test_what_keras_unpacks_is_found(toy, tmp_path):
    folder = toy.folder(tmp_path / "cifar-10-batches-py-target", "python")
    assert find_source(tmp_path, toy.spec).path == folder


def test_folder_comes_before_archive_and_binary_before_python(toy, tmp_path):
    expected = []
    for version, archive in (("python", "python.tar.gz"), ("binary", "binary.tar.gz")):
        for write in (
            lambda: toy.archive(tmp_path / f"cifar-10-{archive}", version),  # noqa: B023
            lambda: toy.folder(tmp_path, version),  # noqa: B023
        ):
            expected.append(write())
            assert find_source(tmp_path, toy.spec).path == expected[-1]


def test_nothing_is_found_in_other_files(toy, tmp_path):
    (tmp_path / "cifar-100-python.tar.gz").write_bytes(b"")
    (tmp_path / "cifar-10-binary.tar.gz").mkdir()
    assert find_source(tmp_path, toy.spec) is None
    assert find_source(tmp_path / "absent", toy.spec) is None


def test_incomplete_folder_is_refused(toy, tmp_path):
    folder = toy.folder(tmp_path)
    (folder / "data_batch_3.bin").unlink()
    with pytest.raises(DataIntegrityError, match=rf"{folder} lacks data_batch_3\.bin of cifar-10"):
        find_source(tmp_path, toy.spec)


def test_folder_that_cannot_be_searched_is_named(toy, tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(tmp_path), "is_file", refuse)
    with pytest.raises(DataNotFoundError, match=rf"^{tmp_path}.* cannot be read \(Permission den"):
        find_source(tmp_path, toy.spec)
