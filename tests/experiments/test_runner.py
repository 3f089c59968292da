"""The runner: the same runs on any executor, and nothing finished is lost or made twice."""

import errno
import signal
import time
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace

import pytest

from companion.datasets import DataNotFoundError
from companion.experiments import (
    InlineExecutor,
    StaleRunError,
    Study,
    StudyBusyError,
    process_pool,
    run,
    runner,
)
from companion.experiments.fingerprints import source_fingerprint
from companion.experiments.store import Store

SECONDS = 20  # far more than needed, so that a hang is a failure
KILLINGS = {
    "here": ("kill", "run(STUDY)"),
    "on a pool": ("kill-runner", "with process_pool(1, 1) as pool: run(STUDY, executor=pool)"),
}


class Reversed(Executor):
    """Does all the work when it is asked for the first result, last task first."""

    def __init__(self) -> None:
        self.tasks: list[tuple] = []

    def submit(self, fn, /, *arguments, **named) -> Future:
        task = (Future(), fn, arguments, named)
        self.tasks.append(task)
        if len(self.tasks) == 6:
            for future, function, positional, keywords in reversed(self.tasks):
                future.set_running_or_notify_cancel()
                future.set_result(function(*positional, **keywords))
        return task[0]


class FirstFails(Executor):
    """Two workers: the first task fails, the second ends once those after it are canceled."""

    def __init__(self) -> None:
        self.futures: list[Future] = []

    def submit(self, fn, /, *arguments, **named) -> Future:
        self.futures.append(Future())
        if len(self.futures) == 2:
            self.futures[1].set_running_or_notify_cancel()
            self.finish_second = lambda _: self.futures[1].set_result(fn(*arguments, **named))
        if len(self.futures) == 6:
            self.futures[5].add_done_callback(self.finish_second)
            self.futures[0].set_exception(RuntimeError("the first one fails"))
        return self.futures[-1]


class OneWorker(Executor):
    """Finishes the first task when it has been given all of them, and never begins another."""

    def __init__(self) -> None:
        self.futures: list[Future] = []

    def submit(self, fn, /, *arguments, **named) -> Future:
        self.futures.append(Future())
        if len(self.futures) == 1:
            self.finish_first = lambda: self.futures[0].set_result(fn(*arguments, **named))
        if len(self.futures) == 6:
            self.finish_first()
        return self.futures[-1]


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


def file_names(study) -> list[str]:
    folder = Store(study, None, None).folder
    return sorted(path.name for path in folder.iterdir() if path.suffix)


def finished_names(runs) -> list[str]:
    return sorted(f"{arm}-seed{seed}.json" for arm, seed in runs)


def test_runs_are_keyed_by_arm_and_seed_and_paired_by_seed(study, trained):
    runs = run(study)
    assert list(runs) == [(arm, seed) for seed in (1, 2, 3) for arm in ("slow", "fast")]
    assert trained() == [f"{arm} {seed}" for arm, seed in runs]
    for (arm, seed), one in runs.items():
        assert (one.arm, one.seed, one.data_source) == (arm, seed, None)
        assert [len(values) for values in one.history.values()] == [3, 3, 3]


def test_values_are_kept_to_seven_digits(study):
    values = run(study)["slow", 1].history["test_accuracy"]
    assert values == [float(f"{value:.7g}") for value in values]
    assert values != [float(f"{value:.6g}") for value in values]


def test_a_pool_makes_the_same_runs_as_this_process(study, check_uninterrupted):
    with process_pool(2, threads=1) as pool:
        check_uninterrupted(run(study.with_seeds((1, 2)), executor=pool))


def test_any_executor_makes_the_same_runs(study, check_uninterrupted):
    check_uninterrupted(run(study, executor=Reversed()))


def test_finished_runs_are_read_and_not_made_again(study, trained):
    first = run(study)
    trained()
    assert run(study) == first
    assert trained() == []
    assert file_names(study) == finished_names(first)


def test_more_seeds_add_runs(study, trained):
    run(study)
    trained()
    assert len(run(study.with_seeds((1, 2, 3, 4)))) == 8
    assert trained() == ["slow 4", "fast 4"]


@pytest.mark.parametrize("kind", ["fail", "interrupt"])
def test_after_an_interruption_nothing_finished_is_made_again(
    study, trained, make_trouble, check_uninterrupted, kind
):
    make_trouble(f"{kind} slow 2")
    with pytest.raises((RuntimeError, KeyboardInterrupt)):
        run(study)
    assert trained() == ["slow 1", "fast 1", "slow 2"]
    assert file_names(study) == ["fast-seed1.json", "slow-seed1.json", "slow-seed2.progress"]

    make_trouble("")
    runs = run(study)
    check_uninterrupted(runs)
    assert trained() == ["slow 2", "fast 2", "slow 3", "fast 3"]
    assert file_names(study) == finished_names(runs)


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


def test_a_full_disk_stops_the_progress_and_not_the_run(study, monkeypatch):
    def no_space(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(runner, "write_text", no_space)
    assert len(run(study)) == 6


def test_what_killed_runners_left_is_removed(study):
    folder = Store(study, None, None).folder
    folder.mkdir(parents=True)
    for name in (".slow-seed1.json.0a.part", ".fast-seed2.progress.0b.part", "fast-seed2.progress"):
        (folder / name).write_text("0.5")
    runs = run(study)
    assert sorted(path.name for path in folder.iterdir()) == [".lock", *finished_names(runs)]


def test_a_lock_that_cannot_be_had_names_the_file(study, monkeypatch, trained):
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    with pytest.raises(OSError, match=r"No locks available: '.*/tiny/\.lock'"):
        run(study)
    assert trained() == []


def test_a_killed_worker_loses_its_own_run_only(study, trained, make_trouble, check_uninterrupted):
    make_trouble("kill fast 1")
    with process_pool(1, threads=1) as pool, pytest.raises(BrokenExecutor):
        run(study, executor=pool)
    assert list(Store(study, None, None).finished()) == [("slow", 1)]
    trained()
    make_trouble("")
    check_uninterrupted(run(study))
    assert trained() == ["fast 1", "slow 2", "fast 2", "slow 3", "fast 3"]


@pytest.mark.parametrize("where", ["here", "on a pool"])
def test_a_killed_runner_loses_the_run_in_progress_only(
    study, trained, run_elsewhere, check_uninterrupted, where
):
    """Its worker ends with it: the output is open, and this waits, as long as anyone lives."""
    kind, code = KILLINGS[where]
    killed = run_elsewhere(code, trouble=f"{kind} slow 2")
    killed.communicate(timeout=SECONDS)
    assert killed.returncode == -signal.SIGKILL
    assert trained() == ["slow 1", "fast 1", "slow 2"]

    check_uninterrupted(run(study))
    assert trained() == ["slow 2", "fast 2", "slow 3", "fast 3"]


def test_two_runners_never_work_on_one_study(study, trained, run_elsewhere, work_dir):
    other = run_elsewhere("print(len(run(STUDY)))", trouble="wait slow 1")
    assert other.stdout.readline() == "begun\n"
    with pytest.raises(StudyBusyError, match=rf"^Another runner is at work on tiny in {work_dir}"):
        run(study)
    assert other.communicate("go on\n", timeout=SECONDS)[0] == "6\n"
    assert len(trained()) == 6
    assert len(run(study)) == 6


def test_the_data_s_fingerprint_goes_to_the_training_function(study, data, monkeypatch):
    given = []
    monkeypatch.setattr(
        runner, "load_function", lambda _: lambda config, *_: given.append(config) or {}
    )
    run(replace(study, dataset="cifar-10", seeds=(1,)))
    assert given == [
        {"speed": speed, "epochs": 3, "data_fingerprint": data.fingerprint}
        for speed in ("slow", "fast")
    ]


def test_other_data_than_before_is_refused(study, data, trained):
    study = replace(study, dataset="cifar-10")
    run(study)
    trained()
    data.fingerprint = "2b" * 32
    with pytest.raises(StaleRunError, match="was made with another data than now"):
        run(study)
    assert trained() == []


def test_the_stand_in_must_be_allowed(study, data, trained):
    study, data.source = replace(study, dataset="cifar-10"), "stand-in"
    with pytest.raises(DataNotFoundError):
        run(study)
    assert trained() == []
    runs = run(study, allow_stand_in=True)
    assert {one.data_source for one in runs.values()} == {"stand-in"}


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


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"study": "tiny"}, TypeError, "study of run must be a Study. Got study='tiny'."),
        ({"executor": 2}, TypeError, "executor of run must be a concurrent.futures.Executor."),
        ({"work_dir": 3}, TypeError, "work_dir of run must be a path. Got work_dir=3."),
        ({"work_dir": ""}, ValueError, "work_dir of run must be a path that is not blank."),
        ({"allow_stand_in": 1}, TypeError, "allow_stand_in of run must be True or False."),
    ],
)
def test_wrong_arguments(study, trained, arguments, error, sentence):
    with pytest.raises(error) as caught:
        run(**{"study": study, **arguments})
    assert str(caught.value).startswith(sentence)
    assert trained() == []


def test_an_unknown_data_set(study):
    with pytest.raises(ValueError, match="dataset of study tiny must be one of 'cifar-10'"):
        run(replace(study, dataset="mnist"))


def test_inline_is_the_default(study, check_uninterrupted):
    check_uninterrupted(run(study, executor=InlineExecutor()))


def test_a_study_without_runs_is_finished(study):
    assert run(Study("empty", "?", study.train, {}, (1,))) == {}
