"""What fails, a run or the disk below it, costs no other run."""

import errno

import pytest

from companion.experiments import run
from companion.experiments.store import Store
from tests.experiments.scripted_executors import FirstFails, OneWorker, Reversed


def test_a_failed_run_lets_those_beside_it_end_and_be_kept(study, trained):
    with pytest.raises(RuntimeError, match="the first one fails"):
        run(study, executor=FirstFails())
    assert list(Store(study, None, None).finished()) == [("fast", 1)]
    assert trained() == ["fast 1"]


def test_where_runs_cannot_be_kept_no_other_begins(study, monkeypatch):
    def no_space(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Store, "save", no_space)
    executor = OneWorker()
    with pytest.raises(OSError, match="No space left"):
        run(study, executor=executor)
    assert [future.cancelled() for future in executor.futures] == [False] + [True] * 5


def test_a_run_that_cannot_be_kept_costs_no_other(study, monkeypatch):
    """All six end at the same moment, and there is no room for the first."""
    save, asked = Store.save, []

    def save_all_but_the_first(store: Store, one: object) -> None:
        asked.append(one)
        if len(asked) == 1:
            raise OSError("No space left on device")
        save(store, one)

    monkeypatch.setattr(Store, "save", save_all_but_the_first)
    with pytest.raises(OSError, match="No space left"):
        run(study, executor=Reversed())
    assert len(Store(study, None, None).finished()) == 5


def test_a_lock_that_cannot_be_had_names_the_file(study, monkeypatch, trained):
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    with pytest.raises(OSError, match=r"No locks available: '.*/tiny/\.lock'"):
        run(study)
    assert trained() == []
