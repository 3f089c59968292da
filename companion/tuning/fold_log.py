"""The log of a search: one line a finished fold, on the disk before the next one begins.

The first line says what the folds belong to. Every line carries a checksum. A line without its end
was being written when the process died: it is dropped, and its fold is run again. Anything else
that cannot be read is refused by name. Workers of one search have a log each, in one folder.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout

from companion._atomic import naming, write_bytes
from companion.tuning.folds import FoldResult

SCHEMA = 1
Key = tuple[str, int]  # which candidate, which fold
Identity = Mapping[str, str]


class ChangedSearchError(ValueError):
    """The finished folds in the folder belong to a search of other data, space or settings."""


class DamagedLogError(ValueError):
    """A log of finished folds cannot be read."""


class SearchBusyError(RuntimeError):
    """Another process is at work on the same search in the same folder."""


class FoldLog:
    """The finished folds of a search; a context manager that holds the lock of its own file.

    Attributes:
        finished: The results, keyed by candidate and fold.
    """

    def __init__(self, folder: Path, worker: str, identity: Identity) -> None:
        self.path = folder / f"folds-{worker}.jsonl"
        self.finished: dict[Key, FoldResult] = {}
        self._identity = identity
        self._lock = FileLock(folder / f".folds-{worker}.lock")

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with naming(self.path):
                self._lock.acquire(timeout=0)
        except Timeout:
            raise SearchBusyError(
                f"Another process is at work on {self.path}. Wait for it, or stop it."
            ) from None
        try:
            self._open()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.release()

    def append(self, key: Key, result: FoldResult) -> None:
        """Keep a finished fold: when this returns, the disk has it."""
        line = _line({"candidate": key[0], "fold": key[1], "result": asdict(result)})
        with naming(self.path), self.path.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self.finished[key] = result

    def _open(self) -> None:
        if self.path.exists():
            content = self.path.read_bytes()
            whole = content[: content.rfind(b"\n") + 1]
            if whole != content:
                write_bytes(self.path, whole)
        if not self.path.exists() or not self.path.stat().st_size:
            write_bytes(self.path, _line({"schema": SCHEMA, "identity": dict(self._identity)}))
        self.finished = read_folds(self.path.parent, self._identity)


def read_folds(folder: Path, identity: Identity) -> dict[Key, FoldResult]:
    """Return the finished folds of all workers' logs in a folder.

    Raises:
        ChangedSearchError: They belong to another search than `identity`.
        DamagedLogError: A log cannot be read.
    """
    finished: dict[Key, FoldResult] = {}
    for path in sorted(folder.glob("folds-*.jsonl")):
        finished.update(_read(path, identity))
    return finished


def digest(value: object) -> str:
    """Return the SHA-256 of plain values, of the same values always the same."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps({**content, "digest": digest(content)}).encode() + b"\n"


def _read(path: Path, identity: Identity) -> dict[Key, FoldResult]:
    lines = path.read_bytes().split(b"\n")[:-1]  # what follows the last end is torn
    contents = [_content(path, number, line) for number, line in enumerate(lines, start=1)]
    if not contents:
        return {}
    _check_header(path, contents[0], identity)
    try:
        return {
            (str(fold["candidate"]), int(fold["fold"])): FoldResult(**fold["result"])
            for fold in contents[1:]
        }
    except (KeyError, TypeError) as error:
        raise DamagedLogError(f"{path} holds a line that is no fold. {_REMEDY}") from error


def _content(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        content = json.loads(line)
        if content.pop("digest") == digest(content):
            return content
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise DamagedLogError(f"{path} is damaged in line {number}. {_REMEDY}")


def _check_header(path: Path, header: dict[str, Any], identity: Identity) -> None:
    if header.get("schema") != SCHEMA:
        raise DamagedLogError(
            f"{path} has schema {header.get('schema')}; this version reads {SCHEMA}. {_REMEDY}"
        )
    found = header["identity"]
    changed = [part for part in identity if identity[part] != found.get(part)]
    if changed:
        raise ChangedSearchError(
            f"{path} was made with another {' and '.join(changed)} than now; folds are never "
            f"mixed. Restore what changed, or take another project_name."
        )


_REMEDY = "Delete it to run its folds anew."
