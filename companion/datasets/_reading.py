"""From the files of a source to verified, decoded data."""

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

import numpy as np

from companion._progress import is_interactive
from companion.datasets._archive import read_members
from companion.datasets._errors import DataIntegrityError, unreadable
from companion.datasets._files import sha256_of
from companion.datasets._layouts import Source, batch_name, folder_name
from companion.datasets._pickles import records_from_pickle
from companion.datasets._records import Decoded, decode
from companion.datasets._spec import RECORD_BYTES, DataSpec, ImageSpec

_PICKLE_OVERHEAD = 1 << 16


def read_source(source: Source, spec: DataSpec) -> Any:
    """Read, check and decode a source.

    Raises:
        DataIntegrityError: The content is not what was published.
        DataNotFoundError: A file cannot be opened or read.
    """
    try:
        decoded = decode_source(spec, source)
    except OSError as error:
        raise unreadable(source.path, error) from error
    differing = [
        words
        for words, found, published in (
            (f"training {spec.items}", decoded.train_fingerprint, spec.train_fingerprint),
            (f"test {spec.items}", decoded.test_fingerprint, spec.test_fingerprint),
        )
        if found != published
    ]
    if differing and not _is_official_archive(source, spec):
        raise DataIntegrityError(
            f"{source.path} does not hold the published {' and '.join(differing)} of {spec.name}: "
            "their content fingerprint differs. "
            f"Delete it and run `python -m companion.datasets download {spec.name}`."
        )
    return decoded


@singledispatch
def decode_source(spec: DataSpec, source: Source) -> Any:
    """Read and decode a source, whose content is checked afterwards."""
    raise NotImplementedError(f"Nothing reads {type(spec).__name__}. Register a function.")


@decode_source.register
def _(spec: ImageSpec, source: Source) -> Decoded:
    return decode(*_records(source, spec))


def _records(source: Source, spec: ImageSpec) -> tuple[np.ndarray, np.ndarray]:
    """Return the records of the training and of the test set, in the order of the files."""
    from tqdm.auto import tqdm

    stems = {batch_name(stem, source.version): stem for stem in spec.batches}
    batches = {}
    contents = tqdm(
        _contents(source, spec),
        desc=f"Decoding {source.path.name}, once",
        total=len(stems),
        unit="file",
        leave=False,
        disable=not is_interactive(),
    )
    for name, content in contents:
        batches[stems[name]] = _parse(content, source, spec, name)
    train = np.concatenate([batches.pop(stem) for stem in spec.train_batches])
    return train, batches[spec.test_batch]


def _contents(source: Source, spec: ImageSpec) -> Iterator[tuple[str, bytes]]:
    sizes = _allowed_sizes(source, spec)
    if source.is_archive:
        limits = {batch_name(stem, source.version): sizes for stem in spec.batches}
        yield from read_members(source.path, folder_name(spec, source.version), limits)
        return
    for file in source.files:
        with file.open("rb") as stream:
            content = stream.read(sizes[-1] + 1)  # of a larger file, only enough to see that it is
        if len(content) not in sizes:
            raise DataIntegrityError(
                f"{file} has {max(file.stat().st_size, len(content)):,} bytes, where {spec.name} "
                f"allows {sizes[0]:,} to {sizes[-1]:,}. Delete it and download it again."
            )
        yield file.name, content


def _allowed_sizes(source: Source, spec: ImageSpec) -> range:
    """Return the exact size of a binary batch, or the bounds of a pickled one."""
    if source.version == "binary":
        return range(spec.batch_bytes, spec.batch_bytes + 1)
    return range(spec.batch_bytes, spec.batch_bytes * 4 // 3 + _PICKLE_OVERHEAD)


def _parse(content: bytes, source: Source, spec: ImageSpec, name: str) -> np.ndarray:
    where = f"{name} in {source.path}"
    if source.version == "python":
        records = records_from_pickle(content, spec.batch_size, where)
    else:
        records = np.frombuffer(content, np.uint8).reshape(spec.batch_size, RECORD_BYTES)
    highest = len(spec.class_names) - 1
    if records[:, 0].max() > highest:
        raise DataIntegrityError(
            f"{where} holds a label above {highest}. Delete it and download it again."
        )
    return records


def _is_official_archive(source: Source, spec: DataSpec) -> bool:
    return source.is_archive and sha256_of(source.path) in spec.archives
