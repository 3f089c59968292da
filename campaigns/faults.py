"""Let every file operation of whatever the package writes fail once, one after the other.

Each open, write, flush, close, fsync, replace, unlink, mkdir and lock fails with an error of the
disk, fails for want of room, and is the last that a process does; then the disk is full after so
many bytes for the system itself. Whatever happens: old content or new, an error of one sentence
that names the file, nothing left over, and the same again succeeds.
"""

import errno
import os
import random
import resource
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from campaigns.faults_in_files import Injection, failing
from campaigns.operations import operations
from campaigns.outcome import Figures
from campaigns.processes import Child
from campaigns.seeded import run_campaign
from campaigns.stage import Stage
from campaigns.toy_data import packed, serving
from campaigns.violations import ViolationError, demand

ERRORS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC}
ENDED = 9  # exit code of a process that ended at an operation
BUFFERED = 128  # bytes
MOST = 1000  # far more file operations than anything has


def campaign(errors: Sequence[str], most: int, seed: int, folder: Path) -> Figures:
    """Let every operation fail with each of the `errors`.

    Args:
        errors: Keys of `ERRORS`.
        most: Points of each operation at which a process ends, evenly spread, and numbers of bytes
            after which the disk is full; each costs a process.
        seed: Draws these numbers.
        folder: Empty.
    """
    figures: Counter[str] = Counter()
    with serving(packed()) as url:
        for number, operation in enumerate(operations(url).values()):
            stage = Stage(operation, folder / str(number))
            for name in errors:
                points = _fail_each(stage, name, figures)
            _crash_each(stage, url, range(1, points + 1, max(1, points // most)), figures)
            _fill_the_disk(stage, url, _sizes(stage.largest, most, random.Random(seed)), figures)
            figures["kinds of writing"] += 1
    return dict(figures)


def _fail_each(stage: Stage, error: str, figures: Counter[str]) -> int:
    """Let the first, second, ... operation fail until there are no more; return their number."""
    for at in range(1, MOST):
        folder = stage.reset()
        with Injection(folder, at, failing(ERRORS[error])) as injection:
            said = stage.operation.act(folder)
        where = f"{stage.operation.name}, {injection.hit} (number {at}) fails with {error}"
        stage.check(where)
        stage.judge(said, where)
        stage.repeat(where)
        if injection.hit is None:
            return at - 1
        figures[f"operations failed with {error}"] += 1
    raise ViolationError(f"{stage.operation.name}: there is no end of file operations.")


def _crash_each(stage: Stage, url: str, points: Iterable[int], figures: Counter[str]) -> None:
    """Let a process end at these operations, and do the same again in this one."""
    name = stage.operation.name
    left = 0 if stage.operation.removes_leftovers else 1
    for at in points:
        child = Child(stage.said, _act_and_end, name, url, stage.reset(), at)
        where = f"{name}, the process ends at operation {at}"
        demand(child.end() == ENDED, f"{where}: {child.said}")
        stage.check(where, leftovers=1)
        stage.repeat(where, leftovers=left)
        figures["processes ended at an operation"] += 1


def _act_and_end(name: str, url: str, folder: Path, at: int) -> None:
    with Injection(folder, at, lambda _: os._exit(ENDED)):
        operations(url)[name].act(folder)


def _fill_the_disk(stage: Stage, url: str, sizes: Iterable[int], figures: Counter[str]) -> None:
    """Let the system refuse what goes beyond so many bytes of a file, whoever writes it."""
    name = stage.operation.name
    for size in sizes:
        child = Child(stage.said, _act_on_a_full_disk, name, url, stage.reset(), size)
        where = f"{name} on a disk that is full after {size} bytes"
        demand(child.end() == 0, f"{where}: {child.said}")
        stage.check(where)
        stage.judge(child.said, where)
        stage.repeat(where)
        figures["full disks"] += 1


def _act_on_a_full_disk(name: str, url: str, folder: Path, size: int) -> None:
    operation = operations(url)[name]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    said = operation.act(folder)
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    os.write(1, (said or "").encode())


def _sizes(largest: int, most: int, chance: random.Random) -> list[int]:
    """Draw sizes of a disk too small for a file, half of them by what a buffer may hold back."""
    tail = range(max(0, largest - BUFFERED), largest)
    near = chance.sample(tail, min(most // 2, len(tail)))
    return near + chance.sample(range(largest), min(most - most // 2, largest))


PROMISE = (
    "Whichever file operation fails, the file holds the old content or the new, and the error "
    "names the file."
)


if __name__ == "__main__":
    run_campaign(
        "faults",
        PROMISE,
        lambda count, seed, folder: campaign(tuple(ERRORS), count, seed, folder),
        60,
        "ends and full disks of each kind",
    )
