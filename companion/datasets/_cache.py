"""The decoded copy of a data set: one `.npy` file to map into memory, and a manifest about it.

The array holds bytes: of images all labels, then all pixels. The manifest names size, time of
change and SHA-256 of the array's file, and the source files that were verified to hold the same
data, so that a later load costs a look at the file system; a digest guards the manifest itself.
Both are replaced atomically, under a lock.
"""

import hashlib
import io
import json
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import singledispatch
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
import platformdirs

from companion import _atomic
from companion.datasets._files import sha256_of, stamp_of
from companion.datasets._records import Decoded
from companion.datasets._spec import IMAGE_SHAPE, RECORD_BYTES, ImageSpec

_SCHEMA = 2  # 2: with a digest, so that a flipped bit in a fingerprint is noticed


def cache_dir() -> Path:
    """Return the folder of the cache: `COMPANION_CACHE_DIR`, or this project's in the user's."""
    chosen = os.environ.get("COMPANION_CACHE_DIR")
    folder = chosen or platformdirs.user_cache_dir("train-to-generalize", appauthor=False)
    return Path(folder).expanduser().absolute()


class Named(Protocol):
    """What has a copy: the name and the fingerprint make the copy's file names."""

    @property
    def name(self) -> str:
        """The stem of the files' names."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of what tells one content from another."""


class Packable(Protocol):
    """What can be kept as an array of bytes.

    `train_fingerprint` and `test_fingerprint` are those of the two parts of a data set.
    """

    @property
    def fingerprint(self) -> str:
        """Identity of the whole."""

    @property
    def train_fingerprint(self) -> str:
        """Identity of the training set."""

    @property
    def test_fingerprint(self) -> str:
        """Identity of the test set."""

    def packed(self) -> np.ndarray:
        """Return all of it, `(n,)` uint8."""


@singledispatch
def unpack(spec: Named, array: np.ndarray, *fingerprints: str) -> Any | None:
    """Return what `packed` made into `array`, without a copy; None if it cannot have done so."""
    raise NotImplementedError(f"Nothing unpacks {type(spec).__name__}. Register a function.")


@unpack.register
def _(spec: ImageSpec, array: np.ndarray, *fingerprints: str) -> Decoded | None:
    total = spec.train_size + spec.test_size
    if array.size != total * RECORD_BYTES:
        return None
    images = array[total:].reshape(total, *IMAGE_SHAPE)
    return Decoded(images, array[:total], *fingerprints)


@dataclass(frozen=True)
class DecodedCache:
    """The decoded copy of the data set `spec` in `folder`.

    What kind of data it is, `unpack` says for the type of `spec`.
    """

    folder: Path
    spec: Named

    @property
    def array_path(self) -> Path:
        """The file that is mapped into memory."""
        return self._path(".npy")

    @property
    def manifest_path(self) -> Path:
        """The JSON file about it."""
        return self._path(".json")

    def read(self, files: Iterable[Path] = ()) -> Any | None:
        """Return the copy if it is whole and `files` are unchanged since they were verified.

        Nothing is read but the manifest and the array's header.
        """
        manifest = self._manifest()
        if manifest is None or stamp_of(self.array_path) != manifest["array"]["stamp"]:
            return None
        return self._mapped(manifest) if _verified(files, manifest) else None

    def read_or_make(self, make: Callable[[], Packable], files: Sequence[Path] = ()) -> Any:
        """Return the copy; where it is missing, damaged or unverified, make and store it first.

        One process makes it while others wait. Where the folder cannot be written the result is
        right all the same, only slow every time, and a warning says so.
        """
        cached = self.read(files)
        if cached is not None:
            return cached
        with self._locked() as writable:
            if writable and (cached := self.read(files) or self._restore(files)):
                return cached
            stamps = {str(file): stamp_of(file) for file in files}  # before the files are read
            decoded = make()
            return self._store(decoded, stamps) if writable else decoded

    def recover(self) -> Any | None:
        """Return a copy that was only moved or touched, after reading every byte of it."""
        with self._locked():
            return self.read() or self._restore()

    def is_sound(self) -> bool:
        """Read the whole copy and return whether every byte is as it was written."""
        manifest = self._manifest()
        if manifest is None or not self.array_path.is_file():
            return False
        return sha256_of(self.array_path) == manifest["array"]["sha256"]

    def _path(self, suffix: str) -> Path:
        return self.folder / f"{self.spec.name}-{self.spec.fingerprint[:8]}{suffix}"

    @contextmanager
    def _locked(self) -> Iterator[bool]:
        """Hold the writers' lock; yield False, with a warning, where there can be none."""
        from filelock import FileLock

        lock = FileLock(self._path(".lock"))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except (OSError, NotImplementedError) as error:
            self._warn(error)
            yield False
            return
        try:
            self._remove_leftovers()
            yield True
        finally:
            lock.release()

    def _remove_leftovers(self) -> None:
        with suppress(OSError):  # they cost room and nothing else
            for path in (self.array_path, self.manifest_path):
                _atomic.remove_leftovers(self.folder, path.name)

    def _restore(self, files: Sequence[Path] = ()) -> Any | None:
        manifest = self._manifest()
        if manifest is None or not _verified(files, manifest) or not self.is_sound():
            return None
        try:
            self._write_manifest(manifest)
        except OSError as error:
            self._warn(error)
        return self._mapped(manifest)

    def _store(self, decoded: Packable, sources: dict[str, list[int] | None]) -> Any:
        manifest = self._manifest() or {}
        known = manifest.get("fingerprint") == decoded.fingerprint and self.is_sound()
        try:
            if not known:
                with _atomic.atomic_file(self.array_path) as path, path.open("wb") as file:
                    _save(file, decoded.packed())
            self._write_manifest(
                {
                    "schema": _SCHEMA,
                    "fingerprint": decoded.fingerprint,
                    "train_fingerprint": decoded.train_fingerprint,
                    "test_fingerprint": decoded.test_fingerprint,
                    "sources": manifest["sources"] | sources if known else sources,
                }
            )
        except OSError as error:
            self._warn(error)
        return self.read() or decoded

    def _write_manifest(self, manifest: dict[str, Any]) -> None:
        array = {"stamp": stamp_of(self.array_path), "sha256": sha256_of(self.array_path)}
        content = manifest | {"array": array}
        text = json.dumps(content | {"digest": _digest(content)}, indent=2)
        _atomic.write_text(self.manifest_path, text + "\n")

    def _manifest(self) -> dict[str, Any] | None:
        try:
            manifest = json.loads(self.manifest_path.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(manifest, dict) or manifest.get("schema") != _SCHEMA:
            return None
        return manifest if manifest.pop("digest", None) == _digest(manifest) else None

    def _mapped(self, manifest: dict[str, Any]) -> Any | None:
        size = manifest["array"]["stamp"][0] - len(_header(0))
        header = _header(size)
        try:
            with self.array_path.open("rb") as file:
                if file.read(len(header)) != header:
                    return None
            array = np.asarray(np.memmap(self.array_path, np.uint8, "r", len(header), (size,)))
        except (OSError, ValueError):
            return None
        fingerprints = manifest["train_fingerprint"], manifest["test_fingerprint"]
        return unpack(self.spec, array, *fingerprints)

    def _warn(self, error: Exception) -> None:
        warnings.warn(
            f"The decoded copy of {self.spec.name} cannot be kept in {self.folder} ({error}), so "
            "every load takes seconds. Set COMPANION_CACHE_DIR to a folder that you can write to.",
            stacklevel=2,
        )


def _save(file: BinaryIO, array: np.ndarray) -> None:
    """Write what `np.save` writes; that says nothing when the disk is full for its last bytes."""
    file.write(_header(array.size))
    file.write(array.data)


def _header(size: int) -> bytes:
    """Return how a `.npy` file of so many bytes begins; NumPy would parse whatever is there."""
    header = io.BytesIO()
    described = {"descr": "|u1", "fortran_order": False, "shape": (size,)}
    np.lib.format.write_array_header_1_0(header, described)
    return header.getvalue()


def _digest(manifest: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def _verified(files: Iterable[Path], manifest: dict[str, Any]) -> bool:
    """Return whether every file is as it was when it was found to hold these images."""
    return all(stamp_of(file) == manifest["sources"].get(str(file), []) for file in files)
