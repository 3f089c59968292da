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
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_members_are_refused(tmp_path, case):
    reason, *member = HOSTILE[case]
    path = archive(tmp_path / "t", [entry(*member), *good_entries()])
    with pytest.raises(DataIntegrityError, match=rf"{reason}.* Delete it and download it again\."):
        read(path)


def test_duplicates_are_refused(tmp_path):
    with pytest.raises(DataIntegrityError, match=r"a\.bin twice"):
        read(archive(tmp_path / "t", [*good_entries(), *good_entries()]))


def test_missing_members_are_named(tmp_path):
    with pytest.raises(DataIntegrityError, match=r"lacks b\.bin"):
        read(archive(tmp_path / "t", good_entries()[:1]))


@pytest.mark.parametrize("mode", ["w:gz", "w:xz"])
def test_truncated_archive_is_refused(tmp_path, mode):
    path = archive(tmp_path / "t", good_entries(), mode)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataIntegrityError, match="damaged or incomplete"):
        read(path)


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
    """A header may announce a gigabyte of file name; only what the budget allows is unpacked."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 30
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
    with pytest.raises(DataIntegrityError, match="unpacks to far more data than it should"):
        read(path)
    assert sum(given) < 4 << 20


def test_unreadable_file_is_no_damage(tmp_path):
    with pytest.raises(IsADirectoryError):
        read(tmp_path)
