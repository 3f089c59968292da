import json
import os
import resource
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from companion.datasets._cache import DecodedCache, _digest, cache_dir
from companion.datasets._records import decode


@pytest.fixture
def cache(toy, tmp_path):
    return DecodedCache(tmp_path / "cache", toy.spec)


@pytest.fixture
def make(toy):
    """A maker that counts its calls."""

    def made():
        made.calls += 1
        return decode(toy.train, toy.test)

    made.calls = 0
    return made


def never():
    raise AssertionError("made again")


def touch(path):
    """Change the time of a file and nothing else."""
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1_000_000_000))


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


def shorten(cache):
    with cache.array_path.open("r+b") as file:
        file.truncate(1000)


def flip(cache):
    with cache.array_path.open("r+b") as file:
        file.seek(2000)
        byte = file.read(1)
        file.seek(2000)
        file.write(bytes([byte[0] ^ 1]))
    touch(cache.array_path)


def change_manifest(cache, **changes):
    manifest = json.loads(cache.manifest_path.read_text()) | changes
    del manifest["digest"]
    cache.manifest_path.write_text(json.dumps(manifest | {"digest": _digest(manifest)}))


def flip_fingerprint(cache):
    text = cache.manifest_path.read_text()
    name = '"train_fingerprint": "'
    place = text.index(name) + len(name)
    cache.manifest_path.write_text(
        f"{text[:place]}{'1' if text[place] == '0' else '0'}{text[place + 1 :]}"
    )


DAMAGES = {
    "array cut off": shorten,
    "array changed": flip,
    "array empty": lambda cache: cache.array_path.write_bytes(b""),
    "array gone": lambda cache: cache.array_path.unlink(),
    "manifest gone": lambda cache: cache.manifest_path.unlink(),
    "manifest cut off": lambda cache: cache.manifest_path.write_text('{"schema": 1, "arr'),
    "manifest without its parts": lambda cache: cache.manifest_path.write_text('{"schema": 1}'),
    "manifest with another fingerprint": flip_fingerprint,
    "manifest of another kind": lambda cache: cache.manifest_path.write_text("[]"),
    "manifest of another version": lambda cache: change_manifest(cache, schema=0),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_copy_is_made_again(cache, make, damage):
    cache.read_or_make(make)
    DAMAGES[damage](cache)
    assert cache.read() is None
    assert not cache.is_sound()
    assert cache.recover() is None
    cache.read_or_make(make)
    assert make.calls == 2
    assert cache.is_sound()
    assert cache.read() is not None


def test_wrong_header_is_found(toy, cache, make):
    """The size, time and hash may be right and the array still be no such array."""
    cache.read_or_make(make)
    larger = DecodedCache(cache.folder, replace(toy.spec, batch_size=21))
    assert larger.array_path == cache.array_path
    assert larger.read() is None


def test_pickled_array_is_not_loaded(cache, make):
    cache.read_or_make(make)
    with cache.array_path.open("wb") as file:
        np.save(file, np.array([{}], dtype=object), allow_pickle=True)
    status = cache.array_path.stat()
    stamp = [status.st_size, status.st_mtime_ns]
    change_manifest(cache, array={"stamp": stamp, "sha256": ""})
    assert cache._manifest() is not None
    assert cache.read() is None


def test_array_is_written_as_numpy_writes_it(toy, cache, make, tmp_path):
    cache.read_or_make(make)
    expected = decode(toy.train, toy.test)
    np.save(tmp_path / "array", np.concatenate([expected.labels, expected.images.ravel()]))
    assert cache.array_path.read_bytes() == (tmp_path / "array.npy").read_bytes()


@pytest.mark.parametrize("byte", [0, 6, 8, 9, 10, 60, 70, 127])
def test_changed_header_is_not_believed(cache, make, byte):
    """Under the same time of change; byte 8, its length, would shift all images."""
    cache.read_or_make(make)
    before = cache.array_path.stat()
    header = bytearray(cache.array_path.read_bytes()[:128])
    header[byte] ^= 2
    with cache.array_path.open("r+b") as file:
        file.write(header)
    os.utime(cache.array_path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert cache.read() is None
    cache.read_or_make(make)
    assert make.calls == 2
    assert cache.is_sound()


def test_touched_copy_is_recovered_without_making_it(cache, make):
    cache.read_or_make(make)
    touch(cache.array_path)
    assert cache.read() is None
    cache.read_or_make(never)
    assert cache.read() is not None


def test_bit_rot_is_found_by_reading_all(cache, make):
    cache.read_or_make(make)
    before = cache.array_path.stat()
    flip(cache)
    os.utime(cache.array_path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert cache.read() is not None
    assert not cache.is_sound()


@pytest.mark.parametrize("moment", ["array", "manifest"])
def test_interrupted_write_leaves_nothing_wrong(cache, make, monkeypatch, moment):
    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        place = "companion.datasets._cache._save"
        if moment == "manifest":
            place = "companion._atomic.write_text"
        patch.setattr(place, interrupt)
        with pytest.raises(KeyboardInterrupt):
            cache.read_or_make(make)
    assert cache.read() is None
    assert not list(cache.folder.glob("*.part"))
    assert not list(cache.folder.glob(".*"))
    cache.read_or_make(make)
    assert cache.is_sound()


def test_who_comes_second_waits(cache, make):
    """While one is making the copy, another asks for it: both get it, and it is made once."""
    second = threading.Thread(target=lambda: cache.read_or_make(make))

    def make_while_another_asks():
        second.start()
        return make()

    cache.read_or_make(make_while_another_asks)
    second.join()
    assert make.calls == 1


def test_folder_that_cannot_be_written_only_costs_time(toy, make, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    cache = DecodedCache(tmp_path / "file" / "cache", toy.spec)
    for calls in (1, 2):
        with pytest.warns(UserWarning, match=r"cannot be kept in .*Set COMPANION_CACHE_DIR"):
            assert cache.read_or_make(make).fingerprint == toy.spec.fingerprint
        assert make.calls == calls


def test_disk_that_is_full_for_the_last_bytes(cache, make):
    """`np.save` says nothing then, and the short copy would pass for the one that was meant."""
    cache.read_or_make(make)
    size = cache.array_path.stat().st_size
    cache.array_path.unlink()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size - 100, hard))
    try:
        with pytest.warns(UserWarning, match=r"File too large: .*cifar-10-.*\.npy"):
            cache.read_or_make(make)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not cache.array_path.exists()
    cache.read_or_make(make)
    assert cache.is_sound()


def test_what_a_killed_maker_left_is_removed(cache, make):
    cache.folder.mkdir()
    for name in (cache.array_path.name, cache.manifest_path.name):
        (cache.folder / f".{name}.0a.part").touch()
    cache.read_or_make(make)
    assert not list(cache.folder.glob(".*"))


def test_full_disk_only_costs_time(toy, cache, make, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("companion.datasets._cache._save", full)
    with pytest.warns(UserWarning, match="No space left on device"):
        assert cache.read_or_make(make).fingerprint == toy.spec.fingerprint
    assert not cache.array_path.exists()
