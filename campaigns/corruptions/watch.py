"""What must not happen while strangers' files are loaded, and how it would be noticed."""

import os
import resource
import sys
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from companion.datasets import cifar10
from companion.datasets._spec import ImageSpec

Node = tuple[int, int, int, int]

_CANARIES = {"canary", b"canary"}


@dataclass(frozen=True)
class Bounds:
    """What one load may take: bytes of memory, seconds of the processor, bytes of one file."""

    memory: int
    seconds: float
    file: int


def tree(folder: Path, without: Path | None = None) -> dict[str, Node]:
    """Return mode, size, time of change and number of everything below a folder, by its path."""
    nodes = {}
    for path in sorted(folder.rglob("*")):
        if without is None or not path.is_relative_to(without):
            status = path.lstat()
            nodes[str(path)] = (status.st_mode, status.st_size, status.st_mtime_ns, status.st_ino)
    return nodes


def planted_attributes() -> list[str]:
    """Return the objects, in `sys` and in the loader's modules, that got an attribute `canary`."""
    modules = [module for name, module in sys.modules.items() if name.startswith("companion.data")]
    objects = [sys, *(thing for module in modules for thing in vars(module).values())]
    return [repr(thing) for thing in objects if _CANARIES & set(getattr(thing, "__dict__", {}))]


@contextmanager
def places(root: Path, spec: ImageSpec) -> Iterator[Path]:
    """Let `spec` take the place of CIFAR-10, and folders below `root` that of all others.

    Yields:
        The folder of the cache.
    """
    for name in ("outside", "home"):
        (root / name).mkdir(parents=True)
    (root / "outside" / "secret").write_text("secret")
    folders = {"COMPANION_CACHE_DIR": root / "cache", "KERAS_HOME": root / "keras"}
    folders |= {"HOME": root / "home", "TMPDIR": root / "home"}
    environment = {name: str(folder) for name, folder in folders.items()}
    with (
        mock.patch.dict(os.environ, environment | {"TQDM_DISABLE": "1"}),
        mock.patch.object(cifar10, "CIFAR10", spec),
        mock.patch("os.fsync"),  # power cuts are not among the corruptions, and it takes longest
        chdir(root / "outside"),
    ):
        for name in ("COMPANION_DATA_DIR", "COMPANION_DATA"):
            os.environ.pop(name, None)
        yield folders["COMPANION_CACHE_DIR"]


@contextmanager
def bounded(bounds: Bounds) -> Iterator[list[str]]:
    """Yield a list that in the end says which bounds were exceeded; a larger file is an error."""
    exceeded: list[str] = []
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.file, hard))
    tracemalloc.start()
    start = time.process_time()
    try:
        yield exceeded
    finally:
        seconds = time.process_time() - start
        _, memory = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        if memory > bounds.memory:
            exceeded.append(f"took {memory:,} bytes of memory")
        if seconds > bounds.seconds:
            exceeded.append(f"took {seconds:.1f} s")
