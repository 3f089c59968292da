"""Executors: inline runs at once, a pool gives every task a fresh process with pinned threads."""

import os
import signal
from concurrent.futures import BrokenExecutor
from importlib import import_module

import pytest

from companion.experiments import InlineExecutor, executors, process_pool

VARIABLES = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")


def test_inline_has_finished_when_it_is_submitted():
    done = []
    with InlineExecutor() as executor:
        future = executor.submit(done.append, 3)
    assert done == [3]
    assert future.done()
    assert executor.submit(int, "11", base=2).result() == 3


def test_inline_keeps_an_error_for_whoever_asks():
    future = InlineExecutor().submit(int, "three")
    with pytest.raises(ValueError, match="invalid literal"):
        future.result()


def test_inline_can_be_interrupted():
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        InlineExecutor().submit(interrupt)


@pytest.mark.usefixtures("study")
def test_every_task_has_a_fresh_process_with_pinned_threads():
    describe = import_module("tiny_training").describe_process
    with process_pool(workers=1, threads=3) as pool:
        tasks = [pool.submit(describe) for _ in range(2)]
        (first, environment), (second, _) = [task.result() for task in tasks]
    assert len({os.getpid(), first, second}) == 3
    assert [environment[name] for name in VARIABLES] == ["3", "1", "3"]


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="Linux only")
def test_workers_are_batch_jobs():
    with process_pool(workers=1, threads=1) as pool:
        assert pool.submit(os.sched_getscheduler, 0).result() == os.SCHED_BATCH
    assert os.sched_getscheduler(0) == os.SCHED_OTHER


@pytest.mark.parametrize(("cores", "workers", "threads"), [(8, 2, 4), (2, 3, 1), (None, 1, 1)])
def test_workers_share_the_cores(monkeypatch, cores, workers, threads):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    asked = {}
    monkeypatch.setattr(executors, "WorkerPool", lambda **options: asked.update(options))
    process_pool(workers)
    assert asked["max_workers"] == workers
    assert asked["initargs"] == (threads,)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"workers": 0}, ValueError, r"workers of process_pool must be in \[1, 1000\]"),
        ({"workers": 1.5}, TypeError, "workers of process_pool must be a whole number"),
        ({"threads": 0}, ValueError, r"threads of process_pool must be in \[1, 1000\]"),
        ({"threads": "2"}, TypeError, "threads of process_pool must be a whole number"),
    ],
)
def test_wrong_arguments(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        process_pool(**arguments)


def test_an_interrupted_worker_ends_at_once():
    """Were it to pass the interruption on, the pool would begin another task."""
    with process_pool(workers=1, threads=1) as pool:
        error = pool.submit(signal.raise_signal, signal.SIGINT).exception()
    assert isinstance(error, BrokenExecutor)
