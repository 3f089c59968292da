"""Read the batch files of a downloaded archive without unpacking anything to the disk.

An archive is somebody else's data: only the expected regular files are read, each once, and every
size is checked before a byte is unpacked. Of `tarfile` this uses the headers' parser alone: its
reader would also act on links, sparse files and extended headers, which no honest archive needs.
"""

import tarfile
from collections.abc import Iterator, Mapping
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO, NamedTuple

from companion.datasets._errors import DataIntegrityError, in_words
from companion.datasets._unpacking import open_packed

# What the official archives hold besides the batches: class names and a page of links.
_IGNORED = ("batches.meta", "batches.meta.txt", "readme.html")
_SMALL = range(1 << 20)  # bytes of what is skipped
_EXTENDED = (tarfile.XHDTYPE, tarfile.XGLTYPE)  # write down what older headers have no room for
_MOST_HEADERS = 64


class _Contract(NamedTuple):
    """An archive, the one folder that it may hold, and the sizes that each file there may have."""

    path: Path
    folder: str
    sizes: Mapping[str, range]

    def refusal(self, problem: str) -> DataIntegrityError:
        return DataIntegrityError(f"{self.path} {problem}. Delete it and download it again.")


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
    contract = _Contract(path, folder, {**dict.fromkeys(_IGNORED, _SMALL), **limits})
    with path.open("rb") as file:
        try:
            yield from _members(_unpacked(file, contract), contract, set(limits))
        except DataIntegrityError:
            raise
        except Exception as error:  # a hostile or broken archive can raise any type
            raise contract.refusal(f"is damaged or incomplete ({in_words(error)})") from error


def _unpacked(file: BinaryIO, contract: _Contract) -> BufferedIOBase:
    most = sum(sizes[-1] for sizes in contract.sizes.values())
    if contract.path.stat().st_size > most:  # unpacking empty streams gives nothing and takes long
        raise contract.refusal(f"is larger than what it should hold, {most:,} bytes")
    stream = open_packed(file)
    if stream is None:
        raise contract.refusal("is neither a gzip nor an xz archive")
    return stream


def _members(
    stream: BufferedIOBase, contract: _Contract, wanted: set[str]
) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    for member in _headers(stream, contract):
        name = _accepted_name(member, contract)
        if name in seen:
            raise contract.refusal(f"holds {name} twice")
        content = _exactly(stream, member.size)
        if name is not None:
            seen.add(name)
        if name in wanted:
            yield name, content
    if missing := wanted - seen:
        raise contract.refusal(f"lacks {', '.join(sorted(missing))}")


def _headers(stream: BufferedIOBase, contract: _Contract) -> Iterator[tarfile.TarInfo]:
    """Yield one header after the other; whoever takes one reads its content before the next."""
    for _ in range(_MOST_HEADERS):
        block = stream.read(tarfile.BLOCKSIZE)
        if not block.strip(b"\0"):
            return
        yield tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    raise contract.refusal(f"holds more than {_MOST_HEADERS} entries")


def _accepted_name(member: tarfile.TarInfo, contract: _Contract) -> str | None:
    """Return the name of a file or folder that may be there once; None for what is skipped."""
    if member.type in _EXTENDED and member.size in _SMALL:
        return None
    if member.isdir() and (member.name, member.size) == (contract.folder, 0):
        return member.name
    parent, _, name = member.name.rpartition("/")
    if parent != contract.folder or name not in contract.sizes:
        raise contract.refusal(f"holds the unexpected entry {member.name!r}")
    if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
        raise contract.refusal(f"holds {member.name!r}, which is not a regular file")
    if member.size not in contract.sizes[name]:
        raise contract.refusal(f"holds {member.name!r} with the wrong size, {member.size:,} bytes")
    return name


def _exactly(stream: BufferedIOBase, size: int) -> bytes:
    """Return the next bytes, after which the stream stands at the next header."""
    content = stream.read(size)
    if len(content) < size:
        raise EOFError("it ends early")
    stream.read(-size % tarfile.BLOCKSIZE)
    return content
