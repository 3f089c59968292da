"""Where a data set may be on this computer, and which place wins."""

import os
from pathlib import Path
from typing import Any

from companion.datasets._cache import DecodedCache, cache_dir
from companion.datasets._errors import DataIntegrityError, DataNotFoundError, unreadable
from companion.datasets._layouts import Source, find_source
from companion.datasets._reading import read_source
from companion.datasets._spec import DataSpec

DATA_DIR = "COMPANION_DATA_DIR"


def find_data(spec: DataSpec, data_dir: Path | None) -> Any | None:
    """Return the real data, decoded, from the first place that has them, or None.

    The places: `data_dir`, and then no other; the folder that `COMPANION_DATA_DIR` names; the
    decoded copy; archives in the cache; Keras' cache.

    Raises:
        DataNotFoundError: `data_dir` holds nothing, or a named folder does not exist.
        DataIntegrityError: Files were found, but their content is not what was published.
    """
    cache = DecodedCache(cache_dir(), spec)
    source = _named_source(spec, data_dir)
    if source is None:
        cached = cache.read()
        if cached is not None:
            return cached
        source = find_source(cache.folder, spec) or find_source(keras_folder(), spec)
    if source is None:
        return _recovered(cache)
    return load_source(source, spec)


def load_source(source: Source, spec: DataSpec) -> Any:
    """Return the data of `source`, from the cache if the source was verified before."""
    cache = DecodedCache(cache_dir(), spec)
    return cache.read_or_make(lambda: read_source(source, spec), source.files)


def keras_folder() -> Path:
    """Return the folder where Keras keeps what it downloads."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home).expanduser().absolute() / "datasets"


def named_folder() -> Path | None:
    """Return the folder that `COMPANION_DATA_DIR` names, None if it names none.

    Raises:
        DataNotFoundError: The folder does not exist.
    """
    named = os.environ.get(DATA_DIR)
    return _existing(Path(named).expanduser().absolute(), DATA_DIR) if named else None


def _named_source(spec: DataSpec, data_dir: Path | None) -> Source | None:
    if data_dir is None:
        folder = named_folder()
        return find_source(folder, spec) if folder else None
    source = find_source(_existing(data_dir, "data_dir"), spec)
    if source is None:
        raise DataNotFoundError(
            f"data_dir {data_dir} holds no accepted layout of {spec.name}. Name a folder with "
            f"{spec.layouts}."
        )
    return source


def _existing(folder: Path, name: str) -> Path:
    try:
        exists = folder.is_dir()
    except OSError as error:
        raise unreadable(folder, error) from error
    if not exists:
        raise DataNotFoundError(f"{name} names {folder}, which is not a folder. Correct the path.")
    return folder


def _recovered(cache: DecodedCache) -> Any | None:
    """Return a copy that was only moved; refuse a damaged one, for which there is no source."""
    if not cache.array_path.exists():
        return None
    recovered = cache.recover()
    if recovered is None:
        raise DataIntegrityError(
            f"The decoded copy {cache.array_path} is damaged. "
            f"Delete it and run `python -m companion.datasets download {cache.spec.name}`."
        )
    return recovered
