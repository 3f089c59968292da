"""Time CIFAR-10: decoded cold, loaded warm, and unpickled from the official Python batches.

A warm load is a memory map, whose images are read when they are used. It must be at least 20 times
faster than unpickling; the line in between says what reading everything at once would cost. The
batches hold the images that `load_cifar10` finds here, real or stand-in, in the official layout.
"""

import os
import pickle
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np
from table import row

from companion.datasets import ImageDataset, Split, StandInWarning, load_cifar10

T = TypeVar("T")
REPEATS = 5
BATCH = 10_000


def main() -> None:
    """Print the times and the ratio that matters."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMPANION_CACHE_DIR"] = str(Path(folder, "cache"))
        cold, data = _timed(_load)
        warm = _median(_load)
        reading = _median(lambda: _read(_load()))
        batches = _write_official_batches(data, Path(folder))
        unpickling = _median(lambda: [_unpickle(batch) for batch in batches])
    row("images, cold (found, verified, decoded)", f"{cold:.2f} s", data.source)
    row("images, warm (mapped into memory)", f"{warm * 1000:.1f} ms", f"median of {REPEATS}")
    row("images, warm, every image read", f"{reading * 1000:.1f} ms", f"median of {REPEATS}")
    row("images, unpickled from official batches", f"{unpickling * 1000:.1f} ms", "file cache warm")
    row("unpickling / warm load", f"{unpickling / warm:.0f} x", "target 20 x")
    row("unpickling / warm load, every image read", f"{unpickling / reading:.1f} x")


def _load() -> ImageDataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StandInWarning)  # the table names the source
        return load_cifar10()


def _read(data: ImageDataset) -> list[np.ndarray]:
    return [split.images for split in _splits(data)]


def _splits(data: ImageDataset) -> tuple[Split, Split, Split]:
    return data.train, data.validation, data.test


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _median(work: Callable[[], object]) -> float:
    return median(_timed(work)[0] for _ in range(REPEATS))


def _write_official_batches(data: ImageDataset, folder: Path) -> list[Path]:
    images = np.concatenate(_read(data))
    labels = np.concatenate([split.labels for split in _splits(data)])
    planes = images.transpose(0, 3, 1, 2).reshape(len(images), -1)
    paths = []
    for start in range(0, len(images), BATCH):
        rows = slice(start, start + BATCH)
        batch = {b"labels": labels[rows].tolist(), b"data": np.ascontiguousarray(planes[rows])}
        paths.append(folder / f"batch_{start}")
        # The official files, written by Python 2, hold raw bytes. Python 3's protocol 2 would store
        # text to be encoded again, a hundred times slower to read; protocol 3 stores raw bytes.
        paths[-1].write_bytes(pickle.dumps(batch, protocol=3))
    return paths


def _unpickle(path: Path) -> dict[bytes, object]:
    with path.open("rb") as file:
        batch: dict[bytes, object] = pickle.load(file, encoding="bytes")
    return batch


if __name__ == "__main__":
    main()
