"""A study that trains in no time, and that the tests can make fail wherever they want.

Worker processes import this module by name; `conftest.py` puts its folder on the path.
`TINY_LOG` names the file in which every training leaves a line. `TINY_TROUBLE`, such as
`"raise fast 2"`, makes one run fail in the middle.
"""

import os
import random
import signal
import threading
from pathlib import Path

from companion.experiments.study import Config, History, Report, Study

EPOCHS = 3


def train(config: Config, seed: int, report: Report) -> History:
    with Path(os.environ["TINY_LOG"]).open("a") as log:
        log.write(f"{config['speed']} {seed}\n")
    chance = random.Random(f"{config['speed']} {seed}")  # noqa: S311 - not a secret
    history: History = {"train_accuracy": [], "validation_accuracy": [], "test_accuracy": []}
    for epoch in range(config["epochs"]):
        if epoch == 1:
            make_trouble(config["speed"], seed)
        for values in history.values():
            values.append(chance.random())
        report((epoch + 1) / config["epochs"])
    return history


def make_trouble(speed: str, seed: int) -> None:
    kind, _, where = os.environ.get("TINY_TROUBLE", "").partition(" ")
    if where == f"{speed} {seed}":
        TROUBLES[kind]()


def fail() -> None:
    raise RuntimeError("this run fails")


def interrupt() -> None:
    raise KeyboardInterrupt


def interrupt_all() -> None:
    """What a terminal does on Ctrl-C: interrupt the runner and all its workers."""
    os.killpg(os.getpgid(0), signal.SIGINT)
    threading.Event().wait()


def interrupt_runner() -> None:
    os.kill(os.getppid(), signal.SIGINT)
    threading.Event().wait()


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_runner() -> None:
    """Kill the process that waits for this worker, then work on without end."""
    os.kill(os.getppid(), signal.SIGKILL)
    threading.Event().wait()


def wait_for_a_line() -> None:
    """Say that the run has begun and go on when told to."""
    print("begun", flush=True)  # noqa: T201 - the test reads it
    input()


def describe_process() -> tuple[int, dict[str, str]]:
    return os.getpid(), dict(os.environ)


TROUBLES = {
    "fail": fail,
    "interrupt": interrupt,
    "interrupt-all": interrupt_all,
    "interrupt-runner": interrupt_runner,
    "kill": kill,
    "kill-runner": kill_runner,
    "wait": wait_for_a_line,
}
STUDY = Study(
    name="tiny",
    question="Does it run?",
    train="tiny_training:train",
    arms={speed: {"speed": speed, "epochs": EPOCHS} for speed in ("slow", "fast")},
    seeds=(1, 2, 3),
)


def diverge(config: Config, seed: int, report: Report) -> History:
    return {"loss": [1.5, float("nan"), float("inf")]}
