"""A study that trains in milliseconds and leaves a line for whatever it does.

`TOY_LOG` names the file of the lines, `TOY_WORK` the work folder; both are set where a runner is
started, and worker processes inherit them. `python -m campaigns.toy_study FOLDER WORKERS` is the
command line's `run` for this study, in an interpreter of its own.
"""

import os
import random
import sys
import time
from pathlib import Path
from unittest import mock

from companion.experiments import STUDIES, InlineExecutor, __main__, process_pool
from companion.experiments.study import Config, History, Report, Study

EPOCHS = 3


def toy_study(runs: int, milliseconds: int) -> Study:
    """Return a study of two arms and `runs` runs, each with epochs of so many milliseconds."""
    arms = {arm: {"arm": arm, "milliseconds": milliseconds} for arm in ("left", "right")}
    return Study("toy", "?", "campaigns.toy_study:train", arms, tuple(range(1, runs // 2 + 1)))


def train(config: Config, seed: int, report: Report) -> History:
    """Return three numbers that only arm and seed decide."""
    run = f"{config['arm']}-seed{seed}"
    _note("again" if Path(os.environ["TOY_WORK"], "toy", f"{run}.json").exists() else "begin", run)
    chance = random.Random(run)
    values = []
    for epoch in range(EPOCHS):
        time.sleep(config["milliseconds"] / 1000)  # the work
        values.append(chance.random())
        report((epoch + 1) / EPOCHS)
    _note("end", run)
    return {"loss": values}


def _note(event: str, run: str) -> None:
    """Add a line in one write, so that lines of several processes never mix."""
    log = os.open(os.environ["TOY_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(log, f"{event} {run} {os.getpid()}\n".encode())
    os.close(log)


def command(name: str, study: Study, folder: Path, workers: int = 0, log: str = "log") -> int:
    """Do what `python -m companion.experiments NAME toy` does; 0 workers means in this process."""
    work = folder / "work"
    os.environ.update(TOY_LOG=str(folder / log), TOY_WORK=str(work), TQDM_DISABLE="1")
    arguments = [name, "toy", "--work-dir", str(work)]
    if name == "run" and workers:
        arguments += ["--workers", str(workers), "--threads", "1"]
    pool = process_pool if workers else lambda *_: InlineExecutor()
    with mock.patch.object(__main__, "process_pool", pool), mock.patch.dict(STUDIES, toy=study):
        return __main__.main(arguments)


if __name__ == "__main__":
    where, workers, runs, milliseconds = sys.argv[1:]
    sys.exit(command("run", toy_study(int(runs), int(milliseconds)), Path(where), int(workers)))
