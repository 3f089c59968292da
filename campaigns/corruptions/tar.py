"""Archives byte by byte, honest or not."""

import gzip
import lzma
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

Entry = tuple[tarfile.TarInfo, bytes]
Style = Literal[0, 1, 2]  # `tarfile.USTAR_FORMAT` and its like

END = bytes(2 * tarfile.BLOCKSIZE)


def file_entry(name: str, content: bytes = b"", kind: bytes = tarfile.REGTYPE) -> Entry:
    """Return a header of any kind and the content behind it."""
    member = tarfile.TarInfo(name)
    member.type, member.size = kind, len(content)
    return member, content


def link_entry(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> Entry:
    """Return the header of a symbolic or hard link."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member, b""


def tar_bytes(entries: Iterable[Entry], style: Style = tarfile.GNU_FORMAT) -> bytes:
    """Return an archive of these entries, whether or not their sizes are true."""
    return b"".join(entry_bytes(entry, style) for entry in entries) + END


def entry_bytes(entry: Entry, style: Style = tarfile.GNU_FORMAT) -> bytes:
    """Return a header with its content, filled up to whole blocks."""
    member, content = entry
    header = member.tobuf(style, "utf-8", "surrogateescape")
    return header + content + bytes(-len(content) % tarfile.BLOCKSIZE)


def compress(content: bytes, path: Path) -> bytes:
    """Return the content packed as the file's name says, the same bytes every time."""
    if path.suffix == ".xz":
        return lzma.compress(content, preset=0)
    return gzip.compress(content, compresslevel=1, mtime=0)
