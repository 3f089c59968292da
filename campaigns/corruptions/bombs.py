"""Small archives that would unpack to more memory, disk or time than there is."""

import gzip
import lzma
import struct
import tarfile
import zlib
from pathlib import Path
from typing import Any

from campaigns.corruptions.case import Case
from campaigns.corruptions.kinds import kind, packed
from campaigns.corruptions.tar import compress, file_entry, tar_bytes

_HUGE = 256 << 20
_PIECE = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS
_EMPTY_STREAM = gzip.compress(b"", 1, mtime=0)


@kind("entry that unpacks to 256 MiB", packed)
def bomb_entry(case: Case) -> None:
    """Declare and hold zeros without end, as a batch file, a page beside it or a header."""
    name = case.rng.choice([case.any_name(), "readme.html", "canary"])
    style = case.rng.choice([tarfile.REGTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
    member, _ = file_entry(f"{case.folder}/{name}", kind=style)
    member.size = case.rng.choice([_HUGE, 1 << 40])
    _write(case, member.tobuf(tarfile.GNU_FORMAT), tail=b"")


@kind("256 MiB behind the last entry", packed, harmless=True)
def bomb_behind(case: Case) -> None:
    """Let zeros without end follow on an honest archive."""
    _write(case, tar_bytes(case.entries()), tail=b"")


@kind("256 MiB before the first entry", packed)
def bomb_before(case: Case) -> None:
    """Let an honest archive follow on zeros without end."""
    _write(case, b"", tail=tar_bytes(case.entries()))


@kind("millions of empty streams", packed)
def bomb_streams(case: Case) -> None:
    """Pack nothing, again and again."""
    content = _EMPTY_STREAM * 500_000
    case.write_archive(content + compress(tar_bytes(case.entries()), case.path))


@kind("archive that asks for gigabytes", packed)
def bomb_dictionary(case: Case) -> None:
    """Let an xz archive announce a dictionary of one to four gigabytes."""
    content = lzma.compress(tar_bytes(case.entries()), preset=0)
    case.write_archive(_with_dictionary(content, case.rng.randint(36, 40)))


def _write(case: Case, head: bytes, tail: bytes) -> None:
    """Write head, zeros and tail in one stream."""
    packer = _packer(case.path)
    pieces = [packer.compress(head)]
    pieces += [packer.compress(bytes(_PIECE)) for _ in range(_HUGE // _PIECE)]
    case.write_archive(b"".join([*pieces, packer.compress(tail), packer.flush()]))


def _packer(path: Path) -> Any:
    if path.suffix == ".xz":
        return lzma.LZMACompressor(preset=0)
    return zlib.compressobj(1, wbits=_GZIP)


def _with_dictionary(content: bytes, exponent: int) -> bytes:
    """Change the size of the dictionary in the first block's header, and its checksum."""
    start, length = 12, (content[12] + 1) * 4
    header = bytearray(content[start : start + length])
    header[header.index(b"\x21\x01") + 2] = exponent  # the filter LZMA2 and its one property
    header[-4:] = struct.pack("<I", zlib.crc32(header[:-4]))
    return content[:start] + bytes(header) + content[start + length :]
