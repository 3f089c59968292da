"""Read the files of a downloaded archive without unpacking anything to the disk.

An archive is somebody else's data: only the expected regular files are read, each once, and every
size is checked before a byte is unpacked. Of `tarfile` this uses the headers' parser alone: its
reader would also act on links, sparse files and extended headers, which no honest archive needs.
"""

import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO

from companion.datasets._errors import DataIntegrityError, in_words
from companion.datasets._unpacking import open_packed

# What the official archives hold besides the batches: class names and a page of links.
_IGNORED = ("batches.meta", "batches.meta.txt", "readme.html")
_SMALL = range(1 << 20)  # bytes of what is skipped
_EXTENDED = (tarfile.XHDTYPE, tarfile.XGLTYPE)  # write down what older headers have no room for


@dataclass(frozen=True)
class Contract:
    """What an archive may hold, and how much of it.

    Args:
        folders: The folders, the outermost first.
        sizes: Gives the sizes in bytes that a file of this path may have; None if no such file may
            be there. The path is the one inside the outermost folder.
        is_wanted: Tells of an allowed path whether the file is read; otherwise it is skipped.
        most_bytes: Of all files together.
        most_headers: Of files, folders and what describes them.
    """

    folders: tuple[str, ...]
    sizes: Callable[[str], range | None]
    is_wanted: Callable[[str], bool]
    most_bytes: int
    most_headers: int = 64


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
    sizes = {**dict.fromkeys(_IGNORED, _SMALL), **limits}
    most = sum(allowed[-1] for allowed in sizes.values())
    contract = Contract((folder,), sizes.get, limits.__contains__, most)
    missing = set(limits)
    for name, content in read_archive(path, contract):
        missing.discard(name)
        yield name, content
    if missing:
        raise _refusal(path, f"lacks {', '.join(sorted(missing))}")


def read_archive(path: Path, contract: Contract) -> Iterator[tuple[str, bytes]]:
    """Yield path inside the folder and content of every wanted file, in the archive's order.

    Raises:
        DataIntegrityError: The archive is damaged, or holds what the contract does not allow.
    """
    with path.open("rb") as file:
        try:
            yield from _Archive(path, contract).members(file)
        except DataIntegrityError:
            raise
        except Exception as error:  # a hostile or broken archive can raise any type
            raise _refusal(path, f"is damaged or incomplete ({in_words(error)})") from error


@dataclass(frozen=True)
class _Archive:
    path: Path
    contract: Contract

    def members(self, file: BinaryIO) -> Iterator[tuple[str, bytes]]:
        seen: set[str] = set()
        left = self.contract.most_bytes
        stream = self._unpacked(file)
        for member in self._headers(stream):
            name = self._accepted_name(member)
            if name in seen:
                raise self._refusal(f"holds {name} twice")
            left -= member.size
            if left < 0:
                raise self._refusal(f"holds more than {self.contract.most_bytes:,} bytes")
            content = _exactly(stream, member.size)
            if name is not None:
                seen.add(name)
                if member.isreg() and self.contract.is_wanted(name):
                    yield name, content

    def _unpacked(self, file: BinaryIO) -> BufferedIOBase:
        most = self.contract.most_bytes
        if self.path.stat().st_size > most:  # unpacking empty streams gives nothing, takes long
            raise self._refusal(f"is larger than what it should hold, {most:,} bytes")
        stream = open_packed(file)
        if stream is None:
            raise self._refusal("is neither a gzip nor an xz archive")
        return stream

    def _headers(self, stream: BufferedIOBase) -> Iterator[tarfile.TarInfo]:
        """Yield the headers; whoever takes one reads its content before the next."""
        for _ in range(self.contract.most_headers):
            block = stream.read(tarfile.BLOCKSIZE)
            if not block.strip(b"\0"):
                return
            yield tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        raise self._refusal(f"holds more than {self.contract.most_headers:,} entries")

    def _accepted_name(self, member: tarfile.TarInfo) -> str | None:
        """Return the name of a file or folder that may be there once; None for what is skipped."""
        if member.type in _EXTENDED and member.size in _SMALL:
            return None
        if member.isdir() and member.name in self.contract.folders and member.size == 0:
            return member.name
        outermost, _, name = member.name.partition("/")
        sizes = self.contract.sizes(name) if outermost == self.contract.folders[0] else None
        if sizes is None:
            raise self._refusal(f"holds the unexpected entry {member.name!r}")
        if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
            raise self._refusal(f"holds {member.name!r}, which is not a regular file")
        if member.size not in sizes:
            size = f"{member.size:,} bytes"
            raise self._refusal(f"holds {member.name!r} with the wrong size, {size}")
        return name

    def _refusal(self, problem: str) -> DataIntegrityError:
        return _refusal(self.path, problem)


def _refusal(path: Path, problem: str) -> DataIntegrityError:
    return DataIntegrityError(f"{path} {problem}. Delete it and download it again.")


def _exactly(stream: BufferedIOBase, size: int) -> bytes:
    """Return the next bytes, after which the stream stands at the next header."""
    content = stream.read(size)
    if len(content) < size:
        raise EOFError("it ends early")
    stream.read(-size % tarfile.BLOCKSIZE)
    return content
