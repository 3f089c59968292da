import gzip
import io
import lzma
import struct
import tracemalloc
import zlib

import numpy as np
import pytest

from companion.datasets._unpacking import open_packed

CONTENT = np.random.default_rng(0).bytes(300_000) + bytes(300_000)


def with_dictionary(content, exponent):
    """Let an xz file ask for another size of dictionary: 36 means 1 GiB, 40 means 4 GiB."""
    header = bytearray(content[12 : 12 + (content[12] + 1) * 4])
    header[header.index(b"\x21\x01") + 2] = exponent
    header[-4:] = struct.pack("<I", zlib.crc32(header[:-4]))
    return content[:12] + header + content[12 + len(header) :]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
@pytest.mark.parametrize("piece", [1000, 1 << 20])
def test_content_comes_back_in_pieces(pack, piece):
    stream = open_packed(io.BytesIO(pack(CONTENT)))
    assert b"".join(iter(lambda: stream.read(piece), b"")) == CONTENT


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", CONTENT])
def test_other_files_are_none(content):
    assert open_packed(io.BytesIO(content)) is None


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_file_that_ends_early_is_an_error(pack):
    with pytest.raises(EOFError):
        open_packed(io.BytesIO(pack(CONTENT)[:-1000])).read(len(CONTENT) + 1)


def test_strongest_preset_is_read():
    assert open_packed(io.BytesIO(lzma.compress(b"x", preset=9))).read(2) == b"x"


@pytest.mark.parametrize("exponent", [36, 40])
def test_memory_is_not_the_files_to_choose(exponent):
    stream = open_packed(io.BytesIO(with_dictionary(lzma.compress(b"x", preset=0), exponent)))
    tracemalloc.start()
    with pytest.raises(lzma.LZMAError, match="Memory usage limit exceeded"):
        stream.read(1)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


def test_no_more_is_unpacked_than_is_asked_for():
    stream = open_packed(io.BytesIO(lzma.compress(bytes(1 << 26), preset=0)))
    tracemalloc.start()
    assert stream.read(1000) == bytes(1000)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()
