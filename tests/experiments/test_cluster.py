"""Dask: the same runs as anywhere else, and whatever dies, nothing finished is lost."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from companion.experiments import (
    STUDIES,
    ClusterError,
    StaleRunError,
    Study,
    cluster,
    dask_executor,
    run,
)
from companion.experiments.__main__ import main
from companion.experiments.fingerprints import source_fingerprint
from companion.experiments.store import Store

HERE = Path(__file__).parent
SECONDS = 15  # far more than needed, so that a hang is a failure
DASK = str(Path(sys.executable).with_name("dask"))
LOCAL = ("--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0")
ENDS_ITSELF = ("--port", "0", "--idle-timeout", "10 minutes")  # even where the tests are killed
TROUBLES = "kill-once slow 4, kill-parent-once fast 4, kill slow 5, kill-parent slow 6"
RUN_ELSEWHERE = """
import sys
from companion.experiments.__main__ import main
STUDIES["tiny"] = STUDY
sys.exit(main(["run", "tiny", "--executor", "dask", "--threads", "1"]))
"""
TRAIN = "companion.experiments.training:train_classifier"
NETWORK = {
    "build": "companion.models:build_cnn",
    "build_args": {"filters": [2, 2, 2], "dropout": 0.5},
    "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01}},
    "epochs": 2,
    "batch_size": 50,
    "train_size": 200,
    "evaluation_size": 100,
}
EDITED = "def train(config, seed, report):\n    return {{'loss': [{loss}]}}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Holds what the workers write, and is on their path."""
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="module")
def start(folder) -> Iterator[Callable[..., subprocess.Popen]]:
    """Start a Dask program in a session of its own, which ends after the last test."""
    path = os.pathsep.join([str(HERE), str(folder), str(HERE.parents[1])])
    environment = {
        **os.environ,
        "PYTHONPATH": path,
        "TINY_LOG": str(folder / "log"),
        "TINY_TROUBLE": TROUBLES,
        "COMPANION_DATA": "stand-in",
        "DASK_TEMPORARY_DIRECTORY": str(folder),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    }
    with ExitStack() as stack:

        def start_one(*arguments: str) -> subprocess.Popen:
            return stack.enter_context(_session([DASK, *arguments, *LOCAL], environment))

        yield start_one


@contextmanager
def _session(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=SECONDS)


def address_of(scheduler: subprocess.Popen) -> str:
    """Return the address that a scheduler announces."""
    for line in scheduler.stderr:
        if found := re.search(r"Scheduler at:\s+(tcp://127\.0\.0\.1:\d+)", line):
            return found[1]
    raise AssertionError("the scheduler ended before it had an address")


@pytest.fixture(scope="module")
def address(start) -> str:
    """A scheduler and two workers, each a process of its own."""
    found = address_of(start("scheduler", *ENDS_ITSELF))
    start("worker", found, "--nworkers", "2", "--nthreads", "1", "--death-timeout", "60")
    return found


@pytest.fixture
def trained_there(folder) -> Callable[[], list[str]]:
    """Return which trainings began on the cluster since the last call."""
    log = folder / "log"

    def read() -> list[str]:
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return sorted(lines)

    return read


@pytest.fixture
def catalogue(study, monkeypatch) -> None:
    """The command line knows the tiny study, and nobody looks."""
    monkeypatch.setenv("TQDM_DISABLE", "1")
    monkeypatch.setitem(STUDIES, "tiny", study)


def finished(study: Study) -> list[tuple[str, int]]:
    return list(Store(study, None, None).finished())


@pytest.mark.usefixtures("catalogue")
def test_two_workers_make_the_same_runs_as_one_process(
    address, study, trained, trained_there, check_uninterrupted, capsys
):
    assert main(["run", "tiny", "--seeds", "1", "2", "--scheduler", address]) == 0
    assert capsys.readouterr() == ("tiny: 4 runs finished. Next: publish tiny\n", "")
    assert trained_there() == ["fast 1", "fast 2", "slow 1", "slow 2"]
    check_uninterrupted(run(study.with_seeds((1, 2))))
    assert trained() == []


@pytest.mark.usefixtures("study")
def test_every_run_has_a_fresh_process_with_pinned_threads(address):
    describe = import_module("tiny_training").describe_process
    with dask_executor(threads=3, scheduler=address) as executor:
        futures = [executor.submit(describe) for _ in range(2)]
        (first, environment), (second, _) = [future.result(SECONDS) for future in futures]
    assert first != second
    assert environment["TF_NUM_INTRAOP_THREADS"] == "3"


@pytest.mark.usefixtures("op_determinism")
@pytest.mark.filterwarnings("ignore::companion.datasets.StandInWarning")
def test_a_network_is_trained_to_the_same_numbers(address, monkeypatch, tmp_path):
    monkeypatch.setenv("COMPANION_DATA", "stand-in")
    network = Study("network", "?", TRAIN, {"small": NETWORK}, (1,), "cifar-10")
    with dask_executor(scheduler=address) as executor:
        there = run(network, executor=executor, allow_stand_in=True)
    here = run(network, work_dir=tmp_path, allow_stand_in=True)
    assert there["small", 1].history == here["small", 1].history
    assert len(here["small", 1].history["test_accuracy"]) == NETWORK["epochs"]


def test_a_run_whose_process_or_worker_dies_is_made_again(
    address, study, trained_there, check_uninterrupted
):
    """The process that makes `slow 4` is killed once, the worker that has `fast 4` too."""
    with dask_executor(scheduler=address) as executor:
        runs = run(study.with_seeds((4,)), executor=executor)
    assert trained_there() == ["fast 4", "fast 4", "slow 4", "slow 4"]
    check_uninterrupted(runs)


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(("seed", "who"), [(5, "process"), (6, "worker")])
def test_a_run_that_always_kills_its_process_or_worker_is_one_sentence(
    address, study, trained_there, capsys, seed, who
):
    """Where a worker dies, the run beside it may die with it."""
    run(study.with_seeds((1,)))
    assert main(["run", "tiny", "--seeds", "1", str(seed), "--scheduler", address]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("The process of a run died again and again, perhaps for want of memory.")
    assert trained_there().count(f"slow {seed}") == 2
    kept = finished(study.with_seeds((1, seed)))
    assert {("slow", 1), ("fast", 1)} <= set(kept)
    assert ("slow", seed) not in kept


def test_an_interruption_ends_the_runs_that_have_begun(address, study, tmp_path):
    """Those cannot be canceled, only ended; their pipe closes when their process has ended."""
    os.mkfifo(tmp_path / "pipe")
    pipe = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    hold = import_module("tiny_training").hold

    def read() -> bytes | None:
        return os.read(pipe, 1) if select.select([pipe], [], [], SECONDS)[0] else None

    with suppress(KeyboardInterrupt), dask_executor(scheduler=address) as executor:
        future = executor.submit(hold, str(tmp_path / "pipe"))
        begun = read()
        until = time.monotonic() + SECONDS
        while not future.running() and time.monotonic() < until:
            pass
        canceled = future.cancel()
        raise KeyboardInterrupt
    assert (begun, canceled) == (b"!", False)
    assert read() == b""
    os.close(pipe)


def test_a_worker_with_other_code_is_refused(address, study, folder, monkeypatch):
    monkeypatch.syspath_prepend(folder)
    (folder / "edited.py").write_text(EDITED.format(loss=1.0))
    study = replace(study, train="edited:train", seeds=(1,))
    source_fingerprint(study)  # the runner has read the file
    (folder / "edited.py").write_text(EDITED.format(loss=2.0))
    with (
        pytest.raises(StaleRunError, match="The code behind study tiny is another on worker"),
        dask_executor(scheduler=address) as executor,
    ):
        run(study, executor=executor)
    assert finished(study) == []


def test_a_lost_scheduler_is_one_sentence(start):
    """It has no workers, so the run waits."""
    scheduler = start("scheduler", *ENDS_ITSELF)
    with dask_executor(scheduler=address_of(scheduler)) as executor:
        future = executor.submit(abs, -1)
        os.kill(scheduler.pid, signal.SIGKILL)
        error = future.exception(SECONDS)
    assert isinstance(error, ClusterError)
    assert str(error).startswith("The Dask scheduler was lost. Finished runs are kept;")


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("nobody", ["tcp://127.0.0.1:9", "no-scheme://127.0.0.1:9", "127.0.0.1:x"])
def test_where_no_scheduler_answers(monkeypatch, capsys, nobody):
    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 0.1)
    assert main(["run", "tiny", "--scheduler", nobody]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"No Dask scheduler answers at {nobody}. Start one with `dask scheduler")


def test_an_interrupted_local_cluster_ends_at_once(run_elsewhere, study, trained):
    """The output is open, and this waits, as long as any of its processes lives."""
    interrupted = run_elsewhere(RUN_ELSEWHERE, trouble="interrupt-all fast 1")
    printed, errors = interrupted.communicate(timeout=SECONDS)
    assert (interrupted.returncode, printed) == (130, "")
    assert errors == "Interrupted. Finished runs are kept; the same command resumes.\n"
    assert trained()[-1] == "fast 1"


def test_a_killed_runner_leaves_nobody_of_its_local_cluster(run_elsewhere, study):
    killed = run_elsewhere(RUN_ELSEWHERE, trouble="kill-runner slow 1")
    killed.communicate(timeout=SECONDS)
    assert killed.returncode == -signal.SIGKILL


def test_without_dask(monkeypatch):
    monkeypatch.setattr(cluster, "find_spec", {}.get)
    with pytest.raises(ClusterError) as caught:
        dask_executor()
    assert str(caught.value) == (
        "Dask is missing. Install this package with its extra `dask`, or: pip install distributed."
    )


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"workers": 0}, ValueError, r"workers of dask_executor must be in \[1, 1000\]"),
        ({"threads": 1.5}, TypeError, "threads of dask_executor must be a whole number"),
        ({"scheduler": 8786}, TypeError, "scheduler of dask_executor must be a string"),
        (
            {"scheduler": "tcp://127.0.0.1:8786", "workers": 2},
            ValueError,
            r"workers of dask_executor must be None where scheduler is given.* Got workers=2\.",
        ),
    ],
)
def test_wrong_arguments(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        dask_executor(**arguments)
