"""Hostile entries of archives: names, links, devices, sizes and headers that mislead."""

import tarfile

from campaigns.corruptions.case import Case
from campaigns.corruptions.flips import few, flipped
from campaigns.corruptions.kinds import kind, packed
from campaigns.corruptions.tar import (
    Entry,
    Style,
    compress,
    entry_bytes,
    file_entry,
    link_entry,
    tar_bytes,
)

_UNSPEAKABLE = ["\n\nno error\n", "\x1b[2J\x1b]0;title\x07", "x" * 90, "\udcff\udcfe", "\u202egnp"]


@kind("entry with a climbing name", packed)
def climb(case: Case) -> None:
    """Name a file that lies above the folder."""
    names = ["../canary", f"{case.folder}/../../canary", "../" * 20 + "tmp/canary", ".."]
    own = f"{case.folder}/../{case.folder}/{case.any_name()}"
    _insert(case, file_entry(case.rng.choice([*names, own]), b"canary"))


@kind("entry with an absolute name", packed)
def be_absolute(case: Case) -> None:
    """Name a file by its whole path."""
    _insert(case, file_entry(f"{case.outside}/canary", b"canary"))


@kind("symbolic link in an archive", packed)
def link(case: Case) -> None:
    """Link a batch file or the folder to what lies outside."""
    _link(case, tarfile.SYMTYPE)


@kind("hard link in an archive", packed)
def link_hard(case: Case) -> None:
    """Link a batch file to what lies outside, or to another batch file."""
    _link(case, tarfile.LNKTYPE)


@kind("device, pipe or other entry", packed)
def special(case: Case) -> None:
    """Put an entry there that is no file, under a batch file's name or another."""
    types = [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.CONTTYPE, b"V", b"?"]
    name = case.rng.choice([case.any_name(), "canary"])
    _insert(case, file_entry(f"{case.folder}/{name}", kind=case.rng.choice(types)))


@kind("entry twice", packed)
def duplicate(case: Case) -> None:
    """Add a batch file again, with the same content or another."""
    name = case.any_name()
    content = case.contents[name]
    other = flipped(content, case.rng, few(case.rng))
    _insert(case, file_entry(f"{case.folder}/{name}", case.rng.choice([content, other])))


@kind("very many entries", packed)
def multiply(case: Case) -> None:
    """Add thousands of entries, each of which is allowed once."""
    extended = file_entry("././@PaxHeader", kind=tarfile.XHDTYPE)
    folder = file_entry(case.folder, kind=tarfile.DIRTYPE)
    readme = file_entry(f"{case.folder}/readme.html")
    entry = case.rng.choice([folder, readme, extended])
    case.pack([entry] * case.rng.randint(2000, 10_000) + case.entries())


@kind("entry with an untrue size", packed)
def lie(case: Case) -> None:
    """Declare a size that is too large, too small, huge or negative."""
    entries = case.entries()
    member, _ = case.rng.choice(entries)
    change = case.rng.choice([-512, -1, 1, 512, 10_000, 1 << 30, 1 << 62, -member.size - 1024])
    member.size += change
    case.pack(entries)


@kind("sparse entry", packed)
def be_sparse(case: Case) -> None:
    """Add a file that is said to be mostly holes, with a map that may go on for ever."""
    member, content = file_entry(f"{case.folder}/{case.any_name()}", bytes(512), b"S")
    header = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    header[482] = 1  # the map goes on in the next block
    header[483:495] = b"%011o\0" % (1 << 30)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    archive = bytes(header) + case.rng.choice([b"", bytes(range(256)) * 2, content])
    case.write_archive(compress(archive, case.path))


@kind("extended header", packed)
def extend(case: Case) -> None:
    """Add an extended header that is broken, lies, or makes its parser slow."""
    slow = b"1" * case.rng.choice([10_000, 1 << 20])  # quadratic in the parser of some Pythons
    spoiled = _extended(f"path={case.outside}/canary")
    texts = [
        spoiled,
        slow,
        _extended("GNU.sparse.map=x"),
        _extended("GNU.sparse.major=1") + _extended("GNU.sparse.minor=0"),
        _extended("size=-1000000"),
        b"9" * 5000 + b" path=x\n",
        b"0 path=x\n",
    ]
    style = case.rng.choice([tarfile.XHDTYPE, tarfile.XGLTYPE])
    _insert(case, file_entry("././@PaxHeader", case.rng.choice(texts), style))


@kind("chain of headers", packed)
def chain(case: Case) -> None:
    """Announce a long name for a long name for a long name, thousands deep."""
    style = case.rng.choice([tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGLINK])
    links = [file_entry("././@LongLink", b"11 path=ab\n", style)] * case.rng.randint(1000, 3000)
    case.pack([*links, *case.entries()])


@kind("unspeakable name", packed)
def name_unspeakably(case: Case) -> None:
    """Name an entry so that a message with its name would mislead or upset a terminal."""
    folder = case.rng.choice([case.folder, ""])
    _insert(case, file_entry(f"{folder}/{case.rng.choice(_UNSPEAKABLE)}", b"x"))


@kind("flipped bits in the entries", packed)
def flip_entry(case: Case) -> None:
    """Flip bits of one header, and pack the archive with right checksums around it."""
    blocks = [entry_bytes(entry) for entry in case.entries()]
    number = case.rng.randrange(len(blocks))
    stop = case.rng.choice([160, 512])
    blocks[number] = flipped(blocks[number], case.rng, case.rng.randint(1, 3), 0, stop)
    case.write_archive(compress(b"".join(blocks), case.path))


@kind("truncated entries", packed)
def truncate(case: Case) -> None:
    """Cut the entries off at any byte, and pack what is left properly."""
    content = tar_bytes(case.entries())
    case.write_archive(compress(content[: case.rng.randrange(len(content))], case.path))


@kind("entries in another order and style", packed, harmless=True)
def restyle(case: Case) -> None:
    """Write the archive as other programs do: order, owners, times, extended headers."""
    entries = case.entries()
    case.rng.shuffle(entries)
    styles: list[Style] = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]
    style = case.rng.choice(styles)
    for member, _ in entries:
        member.mtime = case.rng.randrange(1 << 31)
        member.uid, member.uname, member.mode = 1000, "kriz", 0o444
        if style == tarfile.PAX_FORMAT:
            member.pax_headers = {"mtime": "1234567890.25", "comment": "made elsewhere"}
    case.write_archive(compress(tar_bytes(entries, style), case.path))


def _insert(case: Case, entry: Entry) -> None:
    """Add an entry at a random place; where it has a batch file's name, it may replace it."""
    entries = case.entries()
    if case.rng.random() < 1 / 2:
        entries = [other for other in entries if other[0].name != entry[0].name]
    entries.insert(case.rng.randint(0, len(entries)), entry)
    case.pack(entries)


def _link(case: Case, style: bytes) -> None:
    targets = [str(case.outside / "secret"), "../../outside/secret", f"{case.folder}/test_batch"]
    names = [case.folder, f"{case.folder}/{case.any_name()}", f"{case.folder}/batches.meta"]
    _insert(case, link_entry(case.rng.choice(names), case.rng.choice(targets), style))


def _extended(text: str) -> bytes:
    """Return a record of an extended header; its length counts its own digits."""
    record = f" {text}\n"
    length = len(record) + 2 if len(record) + 2 < 100 else len(record) + 3  # noqa: PLR2004
    return f"{length}{record}".encode()
