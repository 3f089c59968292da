"""The tiny study, a data set that can change, and folders of its own for every test."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

import pytest

from companion.datasets import DataNotFoundError
from companion.experiments import Run, Study, run, runner

HERE = Path(__file__).parent
Runs = dict[tuple[str, int], Run]


@pytest.fixture(autouse=True)
def work_dir(monkeypatch, tmp_path) -> Path:
    """Nothing lands in the user's own folders."""
    folder = tmp_path / "work"
    monkeypatch.setenv("COMPANION_WORK_DIR", str(folder))
    return folder


@pytest.fixture
def study(monkeypatch, tmp_path) -> Study:
    """Two arms, three seeds; see `tiny_training.py`."""
    monkeypatch.syspath_prepend(HERE)
    monkeypatch.setenv("TINY_LOG", str(tmp_path / "log"))
    monkeypatch.delenv("TINY_TROUBLE", raising=False)
    return import_module("tiny_training").STUDY


@pytest.fixture
def trained(tmp_path) -> Callable[[], list[str]]:
    """Return which trainings began, such as `"slow 1"`, since the last call."""
    log = tmp_path / "log"

    def read() -> list[str]:
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines

    return read


@dataclass
class Data:
    """What the runner asks a data set for; a test may change or remove it."""

    source: str = "cifar-10"
    fingerprint: str = "1a" * 32

    def load(self, *, allow_stand_in: bool) -> "Data":
        if self.source == "stand-in" and not allow_stand_in:
            raise DataNotFoundError("CIFAR-10 was not found. Download it.")
        return self


@pytest.fixture
def data(monkeypatch) -> Data:
    found = Data()
    monkeypatch.setitem(runner.LOADERS, "cifar-10", found.load)
    return found


@pytest.fixture
def run_elsewhere() -> Callable[..., subprocess.Popen]:
    """Start Python code in a process of its own that has imported `run` and the tiny study."""
    processes = []

    # Programs started in the background may have been told to ignore Ctrl-C, and pass that on.
    opening = """
import os, signal
os.environ["TINY_RUNNER"] = str(os.getpid())
signal.signal(signal.SIGINT, signal.default_int_handler)
from companion.experiments import *
from tiny_training import STUDY
"""

    def start(code: str, trouble: str = "") -> subprocess.Popen:
        code = opening + code
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])]),
            "TINY_TROUBLE": trouble,
        }
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that its workers end with it, whatever a test has done
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def make_trouble(monkeypatch) -> Callable[[str], None]:
    """Let a run fail, such as `"fail fast 2"`; an empty text ends the trouble."""
    return lambda trouble: monkeypatch.setenv("TINY_TROUBLE", trouble)


@pytest.fixture
def check_uninterrupted(study, monkeypatch, tmp_path) -> Callable[[Runs], None]:
    """Compare runs with those made in one go, apart from time and place."""

    def timeless(runs: Runs) -> Runs:
        return {key: replace(one, provenance={}) for key, one in runs.items()}

    def check(runs: Runs) -> None:
        with monkeypatch.context() as patch:
            patch.setenv("TINY_LOG", os.devnull)
            seeds = sorted({seed for _, seed in runs})
            whole = run(study.with_seeds(seeds), work_dir=tmp_path / "uninterrupted")
        assert list(runs) == list(whole)
        assert timeless(runs) == timeless(whole)

    return check


@pytest.fixture(scope="module")
def op_determinism() -> Iterator[None]:
    """Give tests of other modules TensorFlow back as they expect it."""
    yield
    from tensorflow.python.framework import config

    config.disable_op_determinism()


@pytest.fixture
def eagerly() -> Iterator[None]:
    """Save the seconds that TensorFlow needs to compile every model, where few steps are made."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
