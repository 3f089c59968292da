import gzip
import io
import tarfile

import pytest

from companion.datasets import DataIntegrityError
from companion.datasets._archive import read_members

FOLDER = "toy-batches"
LIMITS = {"a.bin": range(100, 101), "b.bin": range(50, 61)}
GOOD = {"a.bin": b"a" * 100, "b.bin": b"b" * 60}


def entry(name, content=b"", kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(content), kind, link
    return info, io.BytesIO(content)


def good_entries():
    return [entry(f"{FOLDER}/{name}", content) for name, content in GOOD.items()]


def archive(path, entries, mode="w:gz", **options):
    with tarfile.open(path, mode, **options) as tar:
        for info, content in entries:
            tar.addfile(info, content)
    return path


def read(path):
    return dict(read_members(path, FOLDER, LIMITS))


@pytest.mark.parametrize("mode", ["w:gz", "w:xz"])
def test_wanted_members_are_read(tmp_path, mode):
    folder = entry(FOLDER, kind=tarfile.DIRTYPE)
    extra = entry(f"{FOLDER}/readme.html", b"<html>")
    assert read(archive(tmp_path / "t", [folder, extra, *good_entries()], mode)) == GOOD


NAME, SIZE, KIND = "the unexpected entry", "with the wrong size", "which is not a regular file"
HOSTILE = {
    "absolute name": (NAME, "/etc/passwd", b"x"),
    "climbing name": (NAME, f"{FOLDER}/../a.bin", GOOD["a.bin"]),
    "other folder": (NAME, "other/a.bin", GOOD["a.bin"]),
    "unknown file": (NAME, f"{FOLDER}/run.sh", b"x"),
    "top-level file": (NAME, "a.bin", GOOD["a.bin"]),
    "second folder": (NAME, f"{FOLDER}/inner", b"", tarfile.DIRTYPE),
    "symbolic link": (KIND, f"{FOLDER}/a.bin", b"", tarfile.SYMTYPE, "/etc/passwd"),
    "hard link": (KIND, f"{FOLDER}/a.bin", b"", tarfile.LNKTYPE, f"{FOLDER}/b.bin"),
    "device": (KIND, f"{FOLDER}/a.bin", b"", tarfile.CHRTYPE),
    "folder for a file": (KIND, f"{FOLDER}/a.bin", b"", tarfile.DIRTYPE),
    "too short": (SIZE, f"{FOLDER}/a.bin", b"a" * 99),
    "too long": (SIZE, f"{FOLDER}/a.bin", b"a" * 101),
    "large extra": (SIZE, f"{FOLDER}/readme.html", b"x" * (1 << 20)),
    "long name": (NAME, "././@LongLink", b"x" * 200, tarfile.GNUTYPE_LONGNAME),
    "large extended header": (NAME, "././@PaxHeader", b"x" * (1 << 20), tarfile.XHDTYPE),
    "sparse file": (KIND, f"{FOLDER}/a.bin", b"a" * 100, tarfile.GNUTYPE_SPARSE),
    "folder with content": (NAME, FOLDER, b"x", tarfile.DIRTYPE),
    "unspeakable name": (NAME, "\n\x1b[2J", b"x"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_members_are_refused(tmp_path, case):
    reason, *member = HOSTILE[case]
    path = archive(tmp_path / "t", [entry(*member), *good_entries()])
    with pytest.raises(DataIntegrityError) as caught:
        read(path)
    message = str(caught.value)
    assert message.startswith(f"{path} holds ")
    assert reason in message
    assert message.endswith(". Delete it and download it again.")
    assert message.isprintable()


@pytest.mark.parametrize("name", [f"{FOLDER}/a.bin", f"{FOLDER}/readme.html", FOLDER])
def test_duplicates_are_refused(tmp_path, name):
    extra = [entry(f"{FOLDER}/readme.html"), entry(FOLDER, kind=tarfile.DIRTYPE)]
    entries = [*good_entries(), *extra]
    again = [one for one in [*good_entries(), *extra] if one[0].name == name]
    with pytest.raises(DataIntegrityError, match=f"holds {name.rpartition('/')[2]} twice"):
        read(archive(tmp_path / "t", [*again, *entries]))


def test_endless_headers_are_refused(tmp_path):
    """Thousands of them, which `tarfile` would follow until the stack overflows."""
    header = entry("././@PaxHeader", b"12 comment=x", tarfile.XHDTYPE)[0]
    blocks = (header.tobuf() + b"12 comment=x".ljust(512, b"\0")) * 3000
    path = tmp_path / "t"
    path.write_bytes(gzip.compress(blocks))
    with pytest.raises(DataIntegrityError, match="holds more than 64 entries"):
        read(path)


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE])
@pytest.mark.parametrize(
    "text", [b"22 GNU.sparse.map=x,y\n", b"1" * 100_000, b"18 path=../../out\n"]
)
def test_extended_headers_are_skipped(tmp_path, kind, text):
    """What they say, `tarfile` would follow, fail on, or take hours to understand."""
    assert read(archive(tmp_path / "t", [entry("pax", text, kind), *good_entries()])) == GOOD


@pytest.mark.parametrize("style", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_style_is_read(tmp_path, style):
    entries = good_entries()
    for info, _ in entries:
        info.mtime = 1234567890.5 if style == tarfile.PAX_FORMAT else 1234567890
    assert read(archive(tmp_path / "t", entries, format=style)) == GOOD


def test_archive_larger_than_its_content_is_refused(tmp_path):
    """Empty streams give nothing, and a million of them take a minute."""
    path = archive(tmp_path / "t", good_entries())
    path.write_bytes(gzip.compress(b"") * 200_000 + path.read_bytes())
    with pytest.raises(DataIntegrityError, match=r"larger than what it should hold, 3,145,885 byt"):
        read(path)


@pytest.mark.parametrize("size", [-1, -1024, 1 << 40])
def test_untrue_sizes_are_refused(tmp_path, size):
    info, _ = entry(f"{FOLDER}/a.bin")
    info.size = size
    path = tmp_path / "t"
    path.write_bytes(gzip.compress(info.tobuf(tarfile.GNU_FORMAT)))
    with pytest.raises(DataIntegrityError, match="with the wrong size"):
        read(path)


def test_missing_members_are_named(tmp_path):
    with pytest.raises(DataIntegrityError, match=r"lacks b\.bin"):
        read(archive(tmp_path / "t", good_entries()[:1]))


@pytest.mark.parametrize("mode", ["w:gz", "w:xz"])
def test_truncated_archive_is_refused(tmp_path, mode):
    path = archive(tmp_path / "t", good_entries(), mode)
    path.write_bytes(path.read_bytes()[:70])
    with pytest.raises(DataIntegrityError, match="damaged or incomplete"):
        read(path)


@pytest.mark.parametrize("cut", [600, 1100, 1590])
def test_truncated_entries_are_refused(tmp_path, cut):
    path = archive(tmp_path / "t", good_entries())
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:cut]))
    with pytest.raises(DataIntegrityError, match=r"ends early|truncated header"):
        read(path)


def test_end_may_be_missing(tmp_path):
    """All files are there in full; only the padding and the mark of the end are not."""
    path = archive(tmp_path / "t", good_entries())
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[: 3 * 512 + 60]))
    assert read(path) == GOOD


def test_flipped_bit_in_the_packing_is_refused(tmp_path):
    path = archive(tmp_path / "t", good_entries(), "w:xz")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    with pytest.raises(DataIntegrityError, match="damaged or incomplete"):
        read(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip", b"\x1f\x8b but not gzip"])
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "t"
    path.write_bytes(content)
    with pytest.raises(DataIntegrityError, match=r"neither a gzip nor an xz|damaged"):
        read(path)


def test_bomb_is_not_unpacked(tmp_path, monkeypatch):
    """A header may announce a gigabyte; only the header is unpacked."""
    info = tarfile.TarInfo(f"{FOLDER}/a.bin")
    info.size = 1 << 30
    path = tmp_path / "t"
    with gzip.open(path, "wb") as file:
        file.write(info.tobuf())
        for _ in range(8):
            file.write(bytes(1 << 20))
    given = []
    plain = gzip.GzipFile.read

    def counted(self, size=-1):
        given.append(size)
        return plain(self, size)

    monkeypatch.setattr(gzip.GzipFile, "read", counted)
    with pytest.raises(DataIntegrityError, match="with the wrong size, 1,073,741,824 bytes"):
        read(path)
    assert sum(given) < 4096


def test_unreadable_file_is_no_damage(tmp_path):
    with pytest.raises(IsADirectoryError):
        read(tmp_path)
