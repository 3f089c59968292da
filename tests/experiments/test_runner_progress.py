"""Progress: what a worker reports, what is shown to whoever looks, and how little that costs."""

import time
from concurrent.futures import Executor, Future
from dataclasses import replace

from companion.experiments import run, runner
from companion.experiments.fingerprints import source_fingerprint
from companion.experiments.store import Store


class Counted(Future):
    """A future that counts how often anybody looks at it."""

    looks = 0

    def __getattribute__(self, name: str):
        Counted.looks += 1
        return super().__getattribute__(name)


class OneAfterAnother(Executor):
    """Ends the first task when it has been given all, and the next when one has been kept."""

    def __init__(self, tasks: int) -> None:
        self.waiting: list[Future] = []
        self.left = tasks

    def submit(self, *_: object) -> Future:
        self.waiting.append(Counted())
        future = self.waiting[-1]
        self.left -= 1
        if self.left == 0:
            self.end_next()
        return future

    def end_next(self, *_: object) -> None:
        if self.waiting:
            self.waiting.pop(0).set_result(({}, {}))


def test_a_full_disk_stops_the_progress_and_not_the_run(study, monkeypatch):
    def no_space(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(runner, "write_text", no_space)
    assert len(run(study)) == 6


def test_twice_as_many_runs_are_twice_the_work(study, monkeypatch):
    """Whoever looks at all runs each time one ends does four times the work."""
    monkeypatch.setattr(runner, "is_interactive", lambda: True)
    monkeypatch.setattr(runner, "SECONDS_BETWEEN_LOOKS", 3600.0)
    files = []
    monkeypatch.setattr(Store, "fraction", lambda _, *key: files.append(key) or 0.0)

    def work(runs: int) -> tuple[int, int]:
        executor = OneAfterAnother(runs)
        monkeypatch.setattr(Store, "save", executor.end_next)
        Counted.looks = 0
        files.clear()
        run(study.with_seeds(range(1, runs // 2 + 1)), executor=executor)
        return Counted.looks, len(files)

    few, many = work(50), work(100)
    assert [more / less < 3 for more, less in zip(many, few, strict=True)] == [True, True]


def test_a_worker_that_does_not_share_the_folder_reports_nothing(study, tmp_path):
    single = replace(study, arms={"fast": study.arms["fast"]}, seeds=(1,))
    nowhere = tmp_path / "nowhere/fast-seed1.progress"
    begin = time.perf_counter()
    history, provenance = runner.train_one(single, source_fingerprint(single), nowhere)
    assert len(history["test_accuracy"]) == 3
    assert "threads" in provenance
    assert 0 <= provenance["seconds"] <= round(time.perf_counter() - begin, 1)
    assert not nowhere.parent.exists()


def test_progress_is_silent_where_nobody_looks(study, monkeypatch, capfd):
    monkeypatch.setattr(runner, "is_interactive", lambda: False)
    run(study)
    assert capfd.readouterr() == ("", "")


def test_progress_counts_runs_and_says_what_is_left(study, monkeypatch, capfd):
    monkeypatch.setattr(runner, "is_interactive", lambda: True)
    run(study)
    shown = capfd.readouterr().err
    assert "tiny:" in shown
    assert "100%" in shown
    assert "6.0/6 runs" in shown
    assert " left]" in shown
