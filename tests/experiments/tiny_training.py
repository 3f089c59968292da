"""A study that trains in no time, and that the tests can make fail wherever they want.

Worker processes import this module by name; `conftest.py` puts its folder on the path.
`TINY_LOG` names the file in which every training leaves a line. `TINY_TROUBLE`, such as
`"fail fast 2"` or `"fail fast 2, kill slow 1"`, makes runs fail in the middle. `TINY_RUNNER` is the
process of the runner.
"""

import os
import random
import signal
import threading
from collections.abc import Callable
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
    for trouble in os.environ.get("TINY_TROUBLE", "").split(", "):
        kind, _, where = trouble.partition(" ")
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
    os.kill(int(os.environ["TINY_RUNNER"]), signal.SIGINT)
    threading.Event().wait()


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_runner() -> None:
    """Kill the process that waits for this run, then work on without end."""
    os.kill(int(os.environ["TINY_RUNNER"]), signal.SIGKILL)
    threading.Event().wait()


def kill_parent() -> None:
    """Kill the process that started this one, then work on without end."""
    os.kill(os.getppid(), signal.SIGKILL)
    threading.Event().wait()


def once(trouble: Callable[[], None]) -> Callable[[], None]:
    """Let there be trouble the first time only."""

    def make() -> None:
        mark = Path(f"{os.environ['TINY_LOG']}-{trouble.__name__}")
        if not mark.exists():
            mark.touch()
            trouble()

    return make


def wait_for_a_line() -> None:
    """Say that the run has begun and go on when told to."""
    print("begun", flush=True)  # noqa: T201 - the test reads it
    input()


def hold(path: str) -> None:
    """Write a byte to a named pipe and hold it open; it closes when this process ends."""
    with Path(path).open("wb", buffering=0) as pipe:
        pipe.write(b"!")
        threading.Event().wait()


def describe_process() -> tuple[int, dict[str, str]]:
    return os.getpid(), dict(os.environ)


TROUBLES = {
    "fail": fail,
    "interrupt": interrupt,
    "interrupt-all": interrupt_all,
    "interrupt-runner": interrupt_runner,
    "kill": kill,
    "kill-once": once(kill),
    "kill-parent": kill_parent,
    "kill-parent-once": once(kill_parent),
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
