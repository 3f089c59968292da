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
        with pytest.raises(OSError, match="No space left"):
            _atomic.write_bytes(file, NEW)
    assert file.read_bytes() == OLD
    assert files_in(file.parent) == [file.name]


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
