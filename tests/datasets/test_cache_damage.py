"""Damaged copies: whatever was changed is found, never believed, and made again."""

import json
import os
from dataclasses import replace

import numpy as np
import pytest

from companion.datasets._cache import DecodedCache, _digest
from tests.datasets.file_times import touch


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


def test_bit_rot_is_found_by_reading_all(cache, make):
    cache.read_or_make(make)
    before = cache.array_path.stat()
    flip(cache)
    os.utime(cache.array_path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert cache.read() is not None
    assert not cache.is_sound()
