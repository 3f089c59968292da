"""The commands, in processes of their own: whoever is killed, the search ends, and nobody is left.

Everything is on this machine, with hard limits; no trial trains anything.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from companion.tuning import __main__
from companion.tuning.__main__ import ADDRESS, main
from companion.tuning._chief import SearchFailedError
from companion.tuning._chief_server import Limits
from tests.tuning.served import free_address

ROOT = Path(__file__).parents[2]
SECONDS = 120  # for what takes some 10 s on a quiet machine, most of them imports
PATIENCE = {"chief": 6, "worker": SECONDS}  # this one outlives a chief that comes back


class Processes:
    """Starts the commands, and knows what the trials have left in the folder."""

    def __init__(self, folder, stack):
        self.folder, self.address, self._stack = folder, free_address(), stack
        self.started = []
        self._until = time.monotonic() + SECONDS

    def start(self, role):
        function = f"{ROOT / 'tests/tuning/toy_search.py'}:search"
        command = [sys.executable, "-m", "companion.tuning", role, function]
        limits = [f"--patience={PATIENCE[role]}", f"--wait={SECONDS}"]
        changed = {"PYTHONPATH": str(ROOT), "TOY_FOLDER": str(self.folder), "OMP_NUM_THREADS": "2"}
        process = subprocess.Popen(
            [*command, f"--address={self.address}", *limits],
            cwd=self.folder,
            env={**os.environ, **changed},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._stack.callback(process.communicate)
        self._stack.callback(process.kill)
        self.started.append(process)
        return process

    def wait_for(self, number, pattern):
        """Return so many files once they are there."""
        while time.monotonic() < self._until:
            found = sorted(path.name for path in self.folder.glob(pattern))
            if len(found) >= number:
                return found
            assert all(process.poll() in (None, -9) for process in self.started)
            time.sleep(0.05)
        raise AssertionError(f"not {number} of {pattern} in {SECONDS} s")

    def end(self, process):
        errors = process.communicate(timeout=max(self._until - time.monotonic(), 1))[1]
        assert process.returncode == 0, errors
        return errors


@pytest.fixture
def processes(tmp_path):
    with ExitStack() as stack:
        yield Processes(tmp_path, stack)


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait(SECONDS)


def test_a_worker_and_the_chief_are_killed(processes, tmp_path):
    for trial in range(6):
        (tmp_path / f"hold-{trial}").touch()
    chief, *workers = [processes.start(role) for role in ("chief", "worker", "worker")]

    processes.wait_for(2, "begun-*")  # both are in the middle of a trial
    (begun,) = tmp_path.glob(f"begun-*-{workers[0].pid}")
    lost = begun.name.split("-")[1]
    kill(workers[0])
    for trial in range(5):
        (tmp_path / f"hold-{trial}").unlink()
    processes.wait_for(1, f"begun-5-{workers[1].pid}")  # the last trial, alone

    kill(chief)  # the next one takes the trial for lost, and its result is dropped
    chief = processes.start("chief")
    (tmp_path / "hold-5").unlink()
    processes.end(workers[1])
    errors = processes.end(chief)

    assert "6 trials: 6 completed." in errors
    trials = [json.loads(path.read_text()) for path in sorted(tmp_path.glob("toy/*/trial.json"))]
    assert [trial["trial_id"] for trial in trials] == [*"012345"]
    assert {trial["status"] for trial in trials} == {"COMPLETED"}
    assert all(trial["score"] == trial["hyperparameters"]["values"]["x"] for trial in trials)
    assert len(list(tmp_path.glob(f"begun-{lost}-*"))) == 2  # was tried again
    assert [path.read_text() for path in tmp_path.glob("threads-*")] == ["1 1 1"] * 4
    assert [process for process in psutil.process_iter() if belongs(process, tmp_path)] == []


def belongs(process, folder):
    try:
        return process.environ().get("TOY_FOLDER") == str(folder)
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return False


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        ("search", "'search' names no function. Write FILE.py:FUNCTION or MODULE:FUNCTION."),
        ("no_such.py:search", "There is no file no_such.py. Mend its name."),
        ("json.py:search", "json.py has the name of another module. Rename it."),
        ("no_such_module:search", "There is no module 'no_such_module' here."),
        ("json:search", "json has no function 'search'. Define it, or mend the name."),
    ],
)
def test_a_wrong_function_is_one_sentence(function, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("companion.tuning.__main__.limit_threads", bool)
    (tmp_path / "json.py").touch()
    for role in ("chief", "worker"):
        assert main([role, function]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(sentence)


def test_a_search_can_be_a_function_of_a_file_or_a_module(tmp_path, monkeypatch, capsys):
    """Both are called; neither searches."""
    returned = []
    monkeypatch.setattr("companion.tuning.__main__.limit_threads", bool)
    monkeypatch.setattr(
        "companion.tuning.__main__.run_chief", lambda search, *_: returned.append(search())
    )
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "file_with_a_search.py").write_text("def search():\n    return 'a file'\n")
    assert main(["chief", f"{tmp_path / 'file_with_a_search.py'}:search"]) == 0
    assert capsys.readouterr().err == ""  # nobody else reaches the default
    assert main(["chief", "tests.tuning.toy_search:forget", "--address=0.0.0.0:1"]) == 0
    assert returned == ["a file", None]
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "Whoever reaches this address can read and change the search."


def test_options_reach_whom_they_are_for(monkeypatch):
    called = []
    for name in ("limit_threads", "run_chief", "run_worker"):
        monkeypatch.setattr(__main__, name, lambda *given: called.append(given))
    options = ["json:dumps", "--threads=3", "--patience=1", "--wait=2"]
    assert main(["chief", *options, "--hours=3", "--retries=4"]) == 0
    assert main(["worker", *options]) == 0
    chief = (json.dumps, ADDRESS, Limits(patience=1, wait=2, search=3 * 3600, retries=4))
    worker = (json.dumps, ADDRESS, 1, 2, __main__._end_at_once)
    assert called == [(3,), chief, (3,), worker]


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (SearchFailedError("No worker."), 1, "No worker."),
        (KeyboardInterrupt(), 130, "Interrupted. Finished trials are kept; the same command"),
    ],
)
def test_an_end_that_is_no_success_is_one_sentence(error, code, sentence, monkeypatch, capsys):
    def end(*_):
        raise error

    monkeypatch.setattr(__main__, "limit_threads", bool)
    monkeypatch.setattr(__main__, "run_worker", end)
    assert main(["worker", "json:dumps"]) == code
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(sentence)


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--address=50051", "'50051' is no address. Write HOST:PORT."),
        ("--patience=0", "0 is not positive."),
        ("--threads=0", "0 is not positive."),
        ("--wait=nan", "nan is not positive."),
    ],
)
def test_wrong_options(option, sentence, capsys):
    with pytest.raises(SystemExit):
        main(["worker", "json:dumps", option])
    assert capsys.readouterr().err.rstrip().endswith(sentence)
