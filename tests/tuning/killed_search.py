"""A program that kills a search again and again: one process imports, and forks one for each try.

    python -m tests.tuning.killed_search FOLDER SEED KILLS

Every try dies by SIGKILL at a random moment: before, in or after a fold, in the middle of the line
that keeps it, after that line, or while what is finished is replayed.
"""

import json
import os
import random
import signal
import sys
from pathlib import Path

from companion.tuning import _fold_runner, fold_log
from tests.tuning.scripted import X, Y, as_scripted, build, make

MOST_MOMENTS = 12  # of a try; a whole search has far more than all tries together


def peak(values, fold):
    return 1 - (values["a"] - 0.6) ** 2 + 0.01 * ((fold * 7) % 5)


def search(folder: Path) -> str:
    tuner = make(folder, max_trials=12, build=build_and_die)
    tuner.search(X, Y)
    return tuner.results().drop(columns="seconds").to_csv()


class Killer:
    """Kills this process at one of its moments, which the draw has chosen."""

    def __init__(self, draw: random.Random) -> None:
        self.left = draw.randint(1, MOST_MOMENTS)
        self.part = draw.random()

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def appending(self):
        append = fold_log.FoldLog.append

        def and_die(log, key, result) -> None:
            start = log.path.stat().st_size
            append(log, key, result)
            if self.left == 1:  # the line was only partly written
                length = log.path.stat().st_size - start
                os.truncate(log.path, start + int(self.part * length))
            self()

        return and_die


killers: list[Killer] = []  # of this process, one or none; no part of the search


def moment() -> None:
    for killer in killers:
        killer()


def build_and_die(hp):
    values = build(hp)
    moment()
    return values


class Noted(list):
    """Calls, each on the disk before the fold begins."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, call) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps(call) + "\n")


def attempt(folder: Path, number: int, killer: Killer | None) -> None:
    """Search in this process."""
    run = as_scripted(peak, Noted(folder / f"calls-{number:02}"))

    def run_fold(*args, **kwargs):
        result = run(*args, **kwargs)
        moment()
        return result

    _fold_runner.run_fold = run_fold
    if killer is not None:
        killers.append(killer)
        fold_log.FoldLog.append = killer.appending()
    (folder / "table.csv").write_text(search(folder))


def forked(folder: Path, number: int, killer: Killer | None) -> int:
    """Return the exit code of a try in a process of its own, -9 where it was killed."""
    child = os.fork()
    if child == 0:
        try:
            attempt(folder, number, killer)
        except BaseException as error:
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder: Path, seed: int, kills: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    log = folder / "search" / "folds-tuner0.jsonl"
    outcomes = []
    for number in range(kills):
        code = forked(folder, number, Killer(draw))
        outcomes.append([code, log.read_bytes().count(b"\n") if log.exists() else 0])
    if forked(folder, kills, None):
        raise SystemExit("the last try failed")
    (folder / "kills.json").write_text(json.dumps(outcomes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
