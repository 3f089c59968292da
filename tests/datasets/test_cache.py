"""The copy of the decoded images: made once, as long as its sources stay the same."""

import threading
from pathlib import Path

import numpy as np
import pytest

from companion.datasets._cache import cache_dir
from companion.datasets._records import decode
from tests.datasets.file_times import touch


def never():
    raise AssertionError("made again")


def test_folder_is_the_users_unless_named(monkeypatch):
    monkeypatch.setenv("COMPANION_CACHE_DIR", "~/somewhere")
    assert cache_dir() == Path.home() / "somewhere"
    monkeypatch.delenv("COMPANION_CACHE_DIR")
    assert cache_dir().name == "train-to-generalize"


def test_copy_equals_what_was_made_and_is_a_read_only_map(toy, cache, make):
    cache.read_or_make(make)
    images, labels, *fingerprints = cache.read()
    expected = decode(toy.train, toy.test)
    assert np.array_equal(images, expected.images)
    assert np.array_equal(labels, expected.labels)
    assert tuple(fingerprints) == expected[2:]
    assert not images.flags.writeable
    assert type(images) is np.ndarray
    assert isinstance(images.base.base, np.memmap)
    assert np.load(cache.array_path, allow_pickle=False).shape == (120 * 3073,)


def test_made_once(cache, make):
    assert cache.read() is None
    cache.read_or_make(make)
    cache.read_or_make(never)
    assert make.calls == 1


def test_source_is_verified_once_and_again_when_it_changes(cache, make, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(b"1")
    for calls in (1, 1):
        cache.read_or_make(make, [source])
        assert make.calls == calls
    array = cache.array_path.stat()
    touch(source)
    assert cache.read([source]) is None
    cache.read_or_make(make, [source])
    assert make.calls == 2
    assert cache.array_path.stat().st_ino == array.st_ino  # the same images are not written again
    cache.read_or_make(never, [source])
    source.unlink()
    assert cache.read([source]) is None
    assert cache.read() is not None


def test_sources_are_remembered_together(cache, make, tmp_path):
    sources = [tmp_path / "one", tmp_path / "two"]
    for source in sources:
        source.write_bytes(b"x")
        cache.read_or_make(make, [source])
    assert make.calls == 2
    assert cache.read(sources) is not None


def test_source_that_changes_while_it_is_read_is_not_remembered(cache, make, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(b"1")

    def change_and_make():
        source.write_bytes(b"22")
        return make()

    cache.read_or_make(change_and_make, [source])
    assert cache.read([source]) is None


def test_failed_verification_is_not_remembered(cache, make, tmp_path):
    source = tmp_path / "source"
    source.write_bytes(b"1")
    cache.read_or_make(make)
    with pytest.raises(AssertionError, match="made again"):
        cache.read_or_make(never, [source])
    assert cache.read([source]) is None
    assert cache.read() is not None


def test_array_is_written_as_numpy_writes_it(toy, cache, make, tmp_path):
    cache.read_or_make(make)
    expected = decode(toy.train, toy.test)
    np.save(tmp_path / "array", np.concatenate([expected.labels, expected.images.ravel()]))
    assert cache.array_path.read_bytes() == (tmp_path / "array.npy").read_bytes()


def test_touched_copy_is_recovered_without_making_it(cache, make):
    cache.read_or_make(make)
    touch(cache.array_path)
    assert cache.read() is None
    cache.read_or_make(never)
    assert cache.read() is not None


def test_who_comes_second_waits(cache, make):
    """While one is making the copy, another asks for it: both get it, and it is made once."""
    second = threading.Thread(target=lambda: cache.read_or_make(make))

    def make_while_another_asks():
        second.start()
        return make()

    cache.read_or_make(make_while_another_asks)
    second.join()
    assert make.calls == 1
