"""A reader sees the old content or the new, whatever fails in between, and nothing is left over."""

import errno
import os
from pathlib import Path

import pytest

from companion import _atomic

OLD, NEW = b"old content", b"the new content"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "record.json"
    path.write_bytes(OLD)
    return path


def no_space(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def half_written(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data[: len(data) // 2])
    no_space()


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_bytes_replace_the_old_content(file):
    _atomic.write_bytes(file, NEW)
    assert file.read_bytes() == NEW
    assert files_in(file.parent) == [file.name]


def test_text_is_utf_8_and_missing_folders_are_made(tmp_path):
    path = tmp_path / "a" / "b" / "text.txt"
    _atomic.write_text(path, "naïve ✓\n")
    assert path.read_bytes() == "naïve ✓\n".encode()


@pytest.mark.parametrize(
    ("owner", "function", "failure"),
    [
        (Path, "touch", no_space),
        (Path, "write_bytes", half_written),
        (os, "fsync", no_space),
        (Path, "replace", no_space),
    ],
    ids=["create", "write", "fsync", "replace"],
)
def test_a_failure_keeps_the_old_content_and_leaves_nothing(
    file, monkeypatch, owner, function, failure
):
    with monkeypatch.context() as patched:
        patched.setattr(owner, function, failure)
        with pytest.raises(OSError, match="No space left") as caught:
            _atomic.write_bytes(file, NEW)
    assert str(file) in str(caught.value)
    assert file.read_bytes() == OLD
    assert files_in(file.parent) == [file.name]


def test_the_first_error_is_the_one_that_is_told(file, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "may not be removed")

    monkeypatch.setattr(os, "fsync", no_space)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(OSError, match="No space left"):
        _atomic.write_bytes(file, NEW)


def test_a_name_is_given_only_where_there_is_none(tmp_path):
    with pytest.raises(FileNotFoundError, match="'other'"), _atomic.naming(tmp_path):
        raise FileNotFoundError(errno.ENOENT, "not there", "other")
    with pytest.raises(TimeoutError, match=r"^late$"), _atomic.naming(tmp_path):
        raise TimeoutError("late")  # not of the system


def test_what_killed_writers_left_is_removed(file):
    names = [".record.json.0a.part", ".other.json.0a.part", "record.json.part", ".lock"]
    for name in names:
        file.with_name(name).touch()
    _atomic.remove_leftovers(file.parent, file.name)
    assert sorted(files_in(file.parent)) == sorted([file.name, *names[1:]])
    _atomic.remove_leftovers(file.parent)
    assert sorted(files_in(file.parent)) == sorted([file.name, *names[2:]])


def test_an_interrupted_block_keeps_the_old_content(file):
    def interrupted() -> None:
        with _atomic.atomic_file(file) as temporary:
            temporary.write_bytes(NEW[:4])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert file.read_bytes() == OLD
    assert files_in(file.parent) == [file.name]


def test_the_new_content_is_on_the_disk_before_it_takes_the_old_one_s_place(file, monkeypatch):
    """First the file is flushed, then it is renamed, then the folder that names it is flushed."""
    events = []

    def flushed(path: Path) -> None:
        state = (file.read_bytes(), path.read_bytes()) if path.is_file() else file.read_bytes()
        events.append(state)

    monkeypatch.setattr(_atomic, "_flush", flushed)
    _atomic.write_bytes(file, NEW)
    assert events == [(OLD, NEW), NEW]


def test_the_temporary_file_lies_beside_the_target(file):
    """Only inside one file system is a rename one step."""
    with _atomic.atomic_file(file) as temporary:
        assert temporary.parent == file.parent
        assert temporary.name.startswith(".")
        assert file.read_bytes() == OLD


def test_permissions_are_those_of_an_ordinary_new_file(tmp_path):
    (tmp_path / "ordinary").touch()
    _atomic.write_bytes(tmp_path / "atomic", NEW)
    assert (tmp_path / "atomic").stat().st_mode == (tmp_path / "ordinary").stat().st_mode
