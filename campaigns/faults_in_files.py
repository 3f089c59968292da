"""Let the n-th file operation below a folder go wrong, whatever that operation is.

While an injection is entered, what Python code does to files below its folder is counted: open,
write, flush, close, fsync, replace, unlink, mkdir and lock. A write that goes wrong has written
half.
"""

import builtins
import fcntl
import io
import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self
from unittest import mock

Act = Callable[[str | None], None]  # what goes wrong; gets the file's name where a system names it


def failing(number: int) -> Act:
    """Return what raises the system's error of this number."""

    def fail(path: str | None) -> None:
        error = OSError(number, os.strerror(number))
        if path is not None:
            error.filename = path
        raise error

    return fail


class Injection:
    """Counts the operations below `folder`; the one numbered `at`, from 1, goes wrong by `act`."""

    def __init__(self, folder: Path, at: int, act: Act) -> None:
        """Prepare; nothing is counted before the injection is entered."""
        self.operations: list[str] = []
        self._folder, self._at, self._act = str(folder), at, act
        self._descriptors: set[int] = set()
        self._patches = ExitStack()

    @property
    def hit(self) -> str | None:
        """Name of the operation that went wrong, None if there were fewer."""
        return self.operations[self._at - 1] if len(self.operations) >= self._at else None

    def __enter__(self) -> Self:
        patches = [
            (os, "open", self._wrapped("open", os.open)),
            (os, "close", self._forgetting(os.close)),
            (os, "fsync", self._wrapped("fsync", os.fsync)),
            (os, "replace", self._wrapped("replace", os.replace)),
            (os, "unlink", self._wrapped("unlink", os.unlink)),
            (os, "mkdir", self._wrapped("mkdir", os.mkdir)),
            (fcntl, "flock", self._wrapped("lock", fcntl.flock)),
            (io, "open", self._opening(io.open)),
            (builtins, "open", self._opening(io.open)),
        ]
        for owner, name, replacement in patches:
            self._patches.enter_context(mock.patch.object(owner, name, replacement))
        return self

    def __exit__(self, *_: object) -> None:
        self._patches.close()

    def reach(self, name: str, path: object = None, part: Callable[[], Any] | None = None) -> None:
        """Count an operation; if it is the one, do a `part` of it and let it go wrong."""
        self.operations.append(name)
        if len(self.operations) == self._at:
            if part:
                part()
            self._act(None if path is None else str(path))

    def _concerns(self, target: object) -> bool:
        if isinstance(target, int):
            return target in self._descriptors
        return os.fsdecode(target).startswith(self._folder)  # type: ignore[arg-type]

    def _wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(target: Any, *arguments: Any, **named: Any) -> Any:
            concerned = self._concerns(target) and fcntl.LOCK_UN not in arguments
            if concerned:
                self.reach(name, None if isinstance(target, int) else target)
            result = function(target, *arguments, **named)
            if concerned and name == "open":
                self._descriptors.add(result)
            return result

        return call

    def _forgetting(self, close: Callable[[int], None]) -> Callable[[int], None]:
        def call(descriptor: int) -> None:
            self._descriptors.discard(descriptor)
            close(descriptor)

        return call

    def _opening(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            if isinstance(file, int) or not self._concerns(file):
                return function(file, mode, *arguments, **named)
            self.reach("open", file)
            opened = function(file, mode, *arguments, **named)
            if not set(mode) & set("wax+"):
                return opened
            self._descriptors.add(opened.fileno())
            return _Writer(self, opened)

        return call


class _Writer:
    """A file open for writing whose operations are counted."""

    def __init__(self, injection: Injection, file: Any) -> None:
        self._injection, self._file = injection, file

    def write(self, data: Any) -> int:
        view = memoryview(data)

        def half() -> None:
            self._file.write(view[: len(view) // 2])
            self._file.flush()

        self._injection.reach("write", part=half)
        return int(self._file.write(data))

    def flush(self) -> None:
        self._injection.reach("flush", part=self._file.flush)
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._file.close()
        if kind is None:
            self._injection.reach("close")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
