"""The package's state files as subjects: how each is made, where it lies, and how it is read."""

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO
from itertools import chain
from pathlib import Path
from unittest import mock

from campaigns import toy_data
from campaigns.toy_study import toy_study
from companion.datasets import DownloadError
from companion.datasets._cache import DecodedCache
from companion.datasets._download import download_archive
from companion.datasets._search import find_data
from companion.experiments import Run, publish
from companion.experiments import run as make_runs
from companion.experiments import status as study_status
from companion.experiments.record import load_from
from companion.experiments.store import Store

STUDY = toy_study(runs=2, milliseconds=0)
CONTENT = bytes(range(256))  # of the archive to download
Look = Callable[[], object]


@dataclass(frozen=True)
class StateFile:
    """A file that one process leaves for another.

    Attributes:
        path: The whole file, in a folder of its own or with what belongs to it.
        look: Reads it as the package does and returns what it holds. It may mend the file.
        errors: What it may raise where the file is damaged.
        advisory: Whether it is only shown, so that other values may come of another content.
    """

    name: str
    path: Path
    look: Look
    errors: tuple[type[Exception], ...] = ()
    advisory: bool = False


@contextmanager
def state_files(folder: Path) -> Iterator[Iterator[StateFile]]:
    """Yield an iterator that makes one of each in `folder`; a server lives as long as the block."""
    places = {
        "TOY_LOG": os.devnull,
        "TOY_WORK": str(folder / "work"),
        "COMPANION_CACHE_DIR": str(folder / "cache"),
        "KERAS_HOME": str(folder / "keras"),
        "NO_PROXY": "127.0.0.1",
        "TQDM_DISABLE": "1",
    }
    with mock.patch.dict(os.environ, places), toy_data.serving(CONTENT) as url:
        os.environ.pop("COMPANION_DATA_DIR", None)
        os.environ.pop("COMPANION_DATA", None)
        yield chain(_of_the_runner(folder), _of_the_cache(folder), _of_the_download(folder, url))


def _of_the_runner(folder: Path) -> Iterator[StateFile]:
    work = folder / "work"
    make_runs(STUDY, work_dir=work)
    store = Store(STUDY, work, None)
    (arm, seed), *_ = STUDY.runs
    run_file, progress = store.path(arm, seed), store.progress_path(arm, seed)
    published = partial(publish, records_dir=folder / "records")
    for name, command in (("run", make_runs), ("status", study_status), ("publish", published)):
        look = _looking_at_runs(command, store)
        yield StateFile(f"run file, {name}", run_file, look, (ValueError,))
    progress.write_text("0.3333")
    yield StateFile("progress file", progress, lambda: store.fraction(arm, seed), advisory=True)
    lock = store.folder / ".lock"
    lock.write_bytes(b"0123456789")
    yield StateFile("lock file", lock, lambda: _timeless(make_runs(STUDY, work_dir=work)))
    path = publish(STUDY, work_dir=work, records_dir=folder / "records")
    yield StateFile("record", path, lambda: load_from(path, STUDY).content, (ValueError,))


def _looking_at_runs(command: Callable[..., object], store: Store) -> Look:
    def look() -> object:
        command(STUDY, work_dir=store.folder.parent)
        return _timeless(store.finished())

    return look


def _timeless(runs: dict[tuple[str, int], Run]) -> list[Run]:
    return [replace(run, provenance={}) for run in runs.values()]


def _of_the_cache(folder: Path) -> Iterator[StateFile]:
    cache = DecodedCache(folder / "cache", toy_data.SPEC)
    alone = DecodedCache(folder / "alone", toy_data.SPEC)
    for one in (cache, alone):
        one.read_or_make(lambda: toy_data.DECODED)
    made = {"manifest": cache.manifest_path, "decoded copy": cache.array_path}
    for name, path in made.items():
        yield StateFile(name, path, lambda: _loaded(cache))
    found = {"manifest": alone.manifest_path, "decoded copy": alone.array_path}
    for name, path in found.items():
        yield StateFile(f"{name} without its source", path, lambda: _found(alone), (ValueError,))


def _loaded(cache: DecodedCache) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = cache.read_or_make(lambda: toy_data.DECODED)
    return toy_data.is_toy(made) and cache.read() is not None and cache.is_sound()


def _found(cache: DecodedCache) -> object:
    with mock.patch.dict(os.environ, COMPANION_CACHE_DIR=str(cache.folder)):
        images = find_data(toy_data.SPEC, None)
    return images is not None and toy_data.is_toy(images)


def _of_the_download(folder: Path, url: str) -> Iterator[StateFile]:
    archive = toy_data.published(CONTENT, url)

    def look() -> bytes:
        with redirect_stderr(StringIO()):
            return download_archive(archive, folder / "download").read_bytes()

    look()
    path = folder / "download" / archive.name
    yield StateFile("downloaded archive", path, look)
    part = path.with_name(f"{path.name}.part")
    path.rename(part)
    yield StateFile("part of a download", part, lambda: _resumed(path, look), (DownloadError,))


def _resumed(path: Path, look: Callable[[], bytes]) -> bytes:
    path.unlink(missing_ok=True)
    return look()
