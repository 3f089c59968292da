"""The official layout of the Large Movie Review Dataset: one file a review, its label in the path.

`aclImdb/train/pos/12_9.txt` is a positive review of the training set, number 12 with 9 of 10 stars.
The 50,000 reviews in `train/unsup` have no label and are left out, as is everything else that the
archive holds: lists of addresses, ready-made counts of words.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from companion._progress import is_interactive
from companion.datasets._archive import Contract, read_archive
from companion.datasets._errors import DataIntegrityError
from companion.datasets._layouts import Source, sources
from companion.datasets._reading import decode_source
from companion.datasets._spec import ReviewSpec
from companion.datasets._texts import DecodedTexts, Record, decode_texts

_SETS = ("train", "test")
_FOLDERS = ("neg", "pos")  # the label is the index
_PARTS = tuple(f"{part}/{folder}" for part in _SETS for folder in _FOLDERS)
_REVIEW = re.compile(rf"({'|'.join(_PARTS)})/\d{{1,5}}_\d{{1,2}}\.txt", re.ASCII)
_SKIPPED = re.compile(r"(train/|test/)?(unsup/|neg/\.|pos/\.)?[^/]+", re.ASCII)
_REVIEW_BYTES = range(1, 1 << 16)  # the longest has 13,704
_SKIPPED_BYTES = range(1 << 26)  # the counts of words of the unlabeled reviews have 41 MB
_MOST_BYTES = 1 << 28
_MOST_HEADERS = 1 << 17  # there are 100,000 reviews with those that are skipped


@sources.register
def _(spec: ReviewSpec, folder: Path) -> Iterator[Source]:
    for place in (folder / spec.folder, folder):
        yield from _review_folders(place, spec)
    for archive in (folder / name for name in spec.archive_names):
        if archive.is_file():
            yield Source("reviews", archive, (archive,))


@decode_source.register
def _(spec: ReviewSpec, source: Source) -> DecodedTexts:
    from tqdm.auto import tqdm

    reviews = tqdm(
        _contents(spec, source),
        desc=f"Decoding {source.path.name}, once",
        total=spec.train_size + spec.test_size,
        unit="review",
        leave=False,
        disable=not is_interactive(),
    )
    records: dict[str, list[Record]] = {part: [] for part in _SETS}
    counts: Counter[str] = Counter()
    for name, content in reviews:
        part, folder, _ = name.split("/")
        _check_text(content, f"{name} in {source.path}")
        records[part].append((_FOLDERS.index(folder), content))
        counts[f"{part}/{folder}"] += 1
    _check_counts(counts, spec, source.path)
    return decode_texts(records["train"], records["test"])


def _review_folders(place: Path, spec: ReviewSpec) -> Iterator[Source]:
    folders = tuple(place / part for part in _PARTS)
    missing = [part for part, folder in zip(_PARTS, folders, strict=True) if not folder.is_dir()]
    if len(missing) == len(folders):
        return
    if missing:
        raise DataIntegrityError(
            f"{place} lacks {', '.join(missing)} of {spec.name}. "
            "Put the missing folders there, or delete the others."
        )
    yield Source("reviews", place, folders)


def _contents(spec: ReviewSpec, source: Source) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every labeled review."""
    if not source.is_archive:
        for part, folder in zip(_PARTS, source.files, strict=True):
            yield from _files(folder, part)
        return
    inner = tuple(f"{spec.folder}/{path}" for path in (*_SETS, *_PARTS, "train/unsup"))
    contract = Contract(
        (spec.folder, *inner), _allowed_sizes, _is_review, _MOST_BYTES, _MOST_HEADERS
    )
    yield from read_archive(source.path, contract)


def _files(folder: Path, part: str) -> Iterator[tuple[str, bytes]]:
    for file in folder.iterdir():
        name = f"{part}/{file.name}"
        if file.name.startswith("."):
            continue
        if not _is_review(name):
            raise DataIntegrityError(f"{file} is not a review. Move it elsewhere.")
        with file.open("rb") as stream:
            content = stream.read(_REVIEW_BYTES[-1] + 1)  # of a larger one, enough to see that
        if len(content) not in _REVIEW_BYTES:
            raise DataIntegrityError(
                f"{file} has {max(file.stat().st_size, len(content)):,} bytes, where a review has "
                f"{_REVIEW_BYTES[0]} to {_REVIEW_BYTES[-1]:,}. Delete it and download it again."
            )
        yield name, content


def _is_review(name: str) -> bool:
    return _REVIEW.fullmatch(name) is not None


def _allowed_sizes(name: str) -> range | None:
    if _is_review(name):
        return _REVIEW_BYTES
    return _SKIPPED_BYTES if _SKIPPED.fullmatch(name) else None


def _check_text(content: bytes, where: str) -> None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataIntegrityError(
            f"{where} is not a text in UTF-8. Delete it and download it again."
        ) from error


def _check_counts(counts: Counter[str], spec: ReviewSpec, path: Path) -> None:
    for part in _PARTS:
        if counts[part] != spec.reviews_per_class:
            raise DataIntegrityError(
                f"{path} holds {counts[part]:,} reviews in {part}, where {spec.name} has "
                f"{spec.reviews_per_class:,}. Delete it and download it again."
            )
