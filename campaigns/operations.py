"""What the package writes, as operations that a campaign lets fail and then looks at."""

import contextlib
import io
import json
import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

from campaigns import toy_data
from campaigns.toy_study import command, toy_study
from campaigns.violations import demand
from companion import _atomic
from companion.datasets import __main__ as datasets_command
from companion.datasets._cache import DecodedCache
from companion.experiments import record
from companion.experiments import run as make_runs

STUDY = toy_study(runs=2, milliseconds=0)
_OF_ITS_MAKING = ("digest", "provenance", "stamp")  # differ from time to time


@dataclass(frozen=True)
class Operation:
    """Something that replaces files.

    Attributes:
        prepare: Makes the old state in an empty folder.
        act: Does it; returns what it said where that is an error or a warning, else None.
        files: Names, below the folder, of all files whose content is old or new.
        removes_leftovers: Whether doing it again removes what a killed process left.
        parts: Files that grow, by name: the whole content of which they are a part.
    """

    name: str
    prepare: Callable[[Path], object]
    act: Callable[[Path], str | None]
    files: tuple[str, ...]
    removes_leftovers: bool = True
    parts: Mapping[str, bytes] | None = None

    def state(self, folder: Path) -> dict[str, object]:
        """Return the content of each file, without what differs from time to time."""
        return {name: _content(folder / name, folder) for name in self.files}


def operations(url: str) -> dict[str, Operation]:
    """Return all of them; the archive to download is served at `url`."""
    run_files = tuple(f"work/toy/{arm}-seed{seed}.json" for arm, seed in STUDY.runs)
    copy = [DecodedCache(Path(), toy_data.SPEC)._path(suffix).name for suffix in (".npy", ".json")]
    archive = toy_data.published(toy_data.packed(), url)
    everything = [
        Operation("write a new file", lambda _: None, _write, ("new/folder/file",), False),
        Operation("replace a file", _write_old, _write, ("new/folder/file",), False),
        Operation("run", _prepare_runs, lambda folder: _cli("run", folder), run_files),
        Operation("publish", _publish_old, _publish, ("records/toy.json",), False),
        Operation("fill the cache", lambda _: None, _fill, tuple(copy)),
        Operation("replace the cache", _damage, _fill, tuple(copy)),
        Operation(
            "download",
            lambda folder: (folder / f"{archive.name}.part").write_bytes(toy_data.packed()[:9999]),
            lambda folder: _download(folder, url),
            (archive.name, *copy),
            parts={f"{archive.name}.part": toy_data.packed()},
        ),
    ]
    return {operation.name: operation for operation in everything}


def _content(path: Path, folder: Path) -> object:
    if not path.exists():
        return None
    content = path.read_bytes()
    if path.suffix != ".json":
        return content
    text = content.decode().replace(str(folder), "")
    with contextlib.suppress(ValueError):
        return _timeless(json.loads(text))
    return text


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: part for key, part in value.items() if key not in _OF_ITS_MAKING}
        return {key: _timeless(part) if key != "sources" else 0 for key, part in kept.items()}
    return [_timeless(part) for part in value] if isinstance(value, list) else value


def _write(folder: Path) -> str | None:
    return _sentence(lambda: _atomic.write_bytes(folder / "new" / "folder" / "file", b"new" * 99))


def _write_old(folder: Path) -> None:
    _atomic.write_bytes(folder / "new" / "folder" / "file", b"the old content")


def _prepare_runs(folder: Path) -> None:
    """One run is finished, another one was killed while it wrote."""
    os.environ.update(TOY_LOG=os.devnull, TOY_WORK=str(folder / "work"))
    make_runs(STUDY, work_dir=folder / "work")
    (folder / "work/toy/right-seed1.json").unlink()
    (folder / "work/toy/.right-seed1.json.0123.part").write_bytes(b"{")
    (folder / "work/toy/right-seed1.progress").write_bytes(b"0.5")


def _publish_old(folder: Path) -> None:
    _prepare_runs(folder)
    make_runs(STUDY, work_dir=folder / "work")
    old = replace(STUDY, question="What was it?")
    record.publish(old, work_dir=folder / "work", records_dir=folder / "records")


def _publish(folder: Path) -> str | None:
    with mock.patch.object(record, "RECORDS_DIR", folder / "records"):
        return _cli("publish", folder)


def _cli(name: str, folder: Path) -> str | None:
    return _said(lambda: command(name, STUDY, folder, log=os.devnull))


def _damage(folder: Path) -> None:
    _fill(folder)
    path = DecodedCache(folder, toy_data.SPEC).array_path
    path.write_bytes(path.read_bytes()[:-1])


def _fill(folder: Path) -> str | None:
    def fill() -> None:
        cache = DecodedCache(folder, toy_data.SPEC)
        made = cache.read_or_make(lambda: toy_data.DECODED)
        demand(toy_data.is_toy(made), "Other images than those made were returned.")

    return _sentence(fill)


def _download(folder: Path, url: str) -> str | None:
    archive = toy_data.published(toy_data.packed(), url)
    places = {"COMPANION_CACHE_DIR": str(folder), "TQDM_DISABLE": "1", "NO_PROXY": "127.0.0.1"}
    with (
        mock.patch.dict(os.environ, places),
        mock.patch.object(datasets_command, "CIFAR10_ARCHIVE", archive),
        mock.patch.object(datasets_command, "CIFAR10", toy_data.SPEC),
    ):
        return _said(lambda: datasets_command.main(["download", "cifar-10"]))


def _said(main: Callable[[], int]) -> str | None:
    """Return the error stream of a command that failed or warned."""
    errors = io.StringIO()

    def call() -> None:
        with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
            call.code = main()  # type: ignore[attr-defined]

    warned = _warned(call)
    if warned or call.code == 0:  # type: ignore[attr-defined]
        return warned
    lines = errors.getvalue().splitlines()
    return "\n".join(line for line in lines if not line.startswith("Downloading "))


def _sentence(act: Callable[[], object]) -> str | None:
    """Return the error or the warnings of `act` in words, None if there are none."""
    try:
        return _warned(act)
    except OSError as error:
        return str(error)


def _warned(act: Callable[[], object]) -> str | None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        act()
    return "\n".join(dict.fromkeys(str(one.message) for one in caught)) or None
