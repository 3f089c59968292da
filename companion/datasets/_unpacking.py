"""Unpack a gzip or xz file piece by piece, however it was made.

Neither format unpacks more than it is asked for, but an xz file says itself how much memory that
takes, and may ask for gigabytes.
"""

import gzip
import io
import lzma
from typing import BinaryIO

_XZ_MEMORY = 128 << 20  # bytes; the strongest preset, `xz -9`, takes 65 MiB
_CHUNK = 1 << 16


def open_packed(file: BinaryIO) -> io.BufferedIOBase | None:
    """Return a stream of what a gzip or xz file holds; None for any other file."""
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)
    return io.BufferedReader(_XzStream(file)) if start == b"\xfd7zXZ\x00" else None


class _XzStream(io.RawIOBase):
    """What an xz file holds; unlike `lzma.LZMAFile`, with a limit to the memory it may ask for."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = b""
        while not data and not self._decoder.eof:
            packed = self._file.read(_CHUNK) if self._decoder.needs_input else b""
            if self._decoder.needs_input and not packed:
                raise EOFError("it ends early")
            data = self._decoder.decompress(packed, len(buffer))
        buffer[: len(data)] = data
        return len(data)
