"""Corruptions of how an archive is packed, below the files in it."""

import bz2
import gzip
import io
import lzma
import zipfile
from itertools import pairwise

from campaigns.corruptions.case import Case
from campaigns.corruptions.flips import few, flipped
from campaigns.corruptions.images import batch_contents
from campaigns.corruptions.kinds import kind, packed
from campaigns.corruptions.tar import compress, tar_bytes


@kind("flipped bits in an archive", packed)
def flip_bits(case: Case) -> None:
    """Flip bits anywhere."""
    case.write_archive(flipped(case.path.read_bytes(), case.rng, few(case.rng)))


@kind("flipped bit in an archive's header", packed)
def flip_header(case: Case) -> None:
    """Flip a bit of the first bytes, which say how the rest is packed."""
    case.write_archive(flipped(case.path.read_bytes(), case.rng, 1, 0, 40))


@kind("flipped bits in an archive's checksums", packed)
def flip_checksum(case: Case) -> None:
    """Flip bits of the last bytes, which hold checksum and length."""
    content = case.path.read_bytes()
    case.write_archive(flipped(content, case.rng, case.rng.randint(1, 3), len(content) - 8))


@kind("truncated archive", packed)
def truncate(case: Case) -> None:
    """Cut an archive off at any byte."""
    content = case.path.read_bytes()
    case.write_archive(content[: case.rng.randrange(len(content))])


@kind("bytes behind an archive", packed)
def append(case: Case) -> None:
    """Append random bytes, zeros, or another archive."""
    more = [case.some_bytes(5000), bytes(5000), case.path.read_bytes()]
    case.write_archive(case.path.read_bytes() + case.rng.choice(more))


@kind("hole in an archive", packed)
def cut_out(case: Case) -> None:
    """Let a piece be zero, missing, or there twice."""
    content = case.path.read_bytes()
    start, stop = sorted(case.rng.sample(range(len(content) + 1), 2))
    piece = case.rng.choice([bytes(stop - start), b"", 2 * content[start:stop]])
    case.write_archive(content[:start] + piece + content[stop:])


@kind("archive of several gzip streams", packed, harmless=True)
def split(case: Case) -> None:
    """Pack it in pieces, one after the other, which gzip allows."""
    content = tar_bytes(case.entries())
    cuts = [0, *sorted(case.rng.sample(range(len(content)), 4)), len(content)]
    pieces = [content[start:stop] for start, stop in pairwise(cuts)]
    case.write_archive(b"".join(gzip.compress(piece, 1, mtime=0) for piece in pieces))


@kind("archive packed in the other way", packed, harmless=True)
def pack_otherwise(case: Case) -> None:
    """Put xz under the name of gzip or the reverse."""
    content = tar_bytes(case.entries())
    other = lzma.compress(content, preset=0)
    case.write_archive(gzip.compress(content, 1) if case.path.suffix == ".xz" else other)


@kind("archive of another form", packed)
def change_form(case: Case) -> None:
    """Pack it by bzip2, zip, twice or not at all, or put something else there."""
    content = tar_bytes(case.entries())
    forms = [
        content,
        bz2.compress(content, 1),
        _zipped(case.contents),
        compress(case.path.read_bytes(), case.path),
        lzma.compress(content, lzma.FORMAT_ALONE, preset=0),
        compress(case.some_bytes(5000), case.path),
        compress(b"", case.path),
        b"<html>404 Not Found</html>",
        b"",
    ]
    case.write_archive(case.rng.choice(forms))


@kind("archive of the other version", packed)
def change_version(case: Case) -> None:
    """Pack pickles under the binary version's name or the reverse."""
    case.contents = batch_contents(case.batches, case.layout.other_version)
    case.write()


def _zipped(contents: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()
