"""Read the batch files of a downloaded archive without unpacking anything to the disk.

An archive is somebody else's data: only the expected regular files are read, every size is checked
before a byte is, and no more is decompressed than an honest archive holds.
"""

import gzip
import lzma
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from companion.datasets._errors import DataIntegrityError

# What the official archives hold besides the batches: class names and a page of links.
_IGNORED = frozenset({"batches.meta", "batches.meta.txt", "readme.html"})
_IGNORED_BYTES = 1 << 20
_TAR_OVERHEAD = 1 << 20
_BROKEN = (EOFError, OSError, lzma.LZMAError, tarfile.TarError, zlib.error)


def read_members(
    path: Path, folder: str, limits: Mapping[str, range]
) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files that `limits` names, in the archive's order.

    Args:
        path: A tar archive compressed with gzip or xz.
        folder: The one folder that the archive may hold.
        limits: Allowed sizes in bytes of each wanted file.

    Raises:
        DataIntegrityError: The archive is damaged, lacks a file, or holds what it should not.
    """
    with path.open("rb") as file:
        try:
            yield from _members(file, path, folder, limits)
        except _BROKEN as error:
            reason = str(error) or "it ends early"
            raise _refusal(path, f"is damaged or incomplete ({reason})") from error


def _members(
    file: BinaryIO, path: Path, folder: str, limits: Mapping[str, range]
) -> Iterator[tuple[str, bytes]]:
    wanted = set(limits)
    budget = sum(sizes[-1] for sizes in limits.values()) + _IGNORED_BYTES + _TAR_OVERHEAD
    bounded = _Bounded(_decompressed(file, path), budget, path)
    with tarfile.open(fileobj=bounded, mode="r|") as archive:  # type: ignore[call-overload]
        for member in archive:
            name = _accepted_name(member, path, folder, limits)
            if name in wanted:
                wanted.remove(name)
                yield name, _content(archive, member)
            elif name in limits:
                raise _refusal(path, f"holds {member.name} twice")
    if wanted:
        raise _refusal(path, f"lacks {', '.join(sorted(wanted))}")


def _decompressed(file: BinaryIO, path: Path) -> gzip.GzipFile | lzma.LZMAFile:
    start = file.read(6)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)
    if start == b"\xfd7zXZ\x00":
        return lzma.LZMAFile(file)
    raise _refusal(path, "is neither a gzip nor an xz archive")


def _accepted_name(
    member: tarfile.TarInfo, path: Path, folder: str, limits: Mapping[str, range]
) -> str | None:
    """Return the name of a wanted file; None for the folder itself and for what is ignored."""
    if member.isdir() and member.name == folder:
        return None
    parent, _, name = member.name.rpartition("/")
    sizes = limits.get(name, range(_IGNORED_BYTES) if name in _IGNORED else None)
    if parent != folder or sizes is None:
        raise _refusal(path, f"holds the unexpected entry {member.name!r}")
    if not member.isreg() or member.issparse():
        raise _refusal(path, f"holds {member.name!r}, which is not a regular file")
    if member.size not in sizes:
        raise _refusal(path, f"holds {member.name!r} with the wrong size, {member.size:,} bytes")
    return name if name in limits else None


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    data = file.read() if file else b""
    if len(data) != member.size:
        raise tarfile.ReadError(f"{member.name} ends early")
    return data


def _refusal(path: Path, problem: str) -> DataIntegrityError:
    return DataIntegrityError(f"{path} {problem}. Delete it and download it again.")


class _Bounded:
    """A stream that refuses to give more bytes than an honest archive holds."""

    def __init__(
        self, stream: BinaryIO | gzip.GzipFile | lzma.LZMAFile, budget: int, path: Path
    ) -> None:
        self._stream = stream
        self._left = budget
        self._path = path

    def read(self, size: int) -> bytes:
        data = self._stream.read(min(size, self._left + 1))
        self._left -= len(data)
        if self._left < 0:
            raise _refusal(self._path, "unpacks to far more data than it should")
        return data
