"""Interrupted, killed or started twice: nothing finished is lost or made twice."""

import signal
from concurrent.futures import BrokenExecutor

import pytest

from companion.experiments import StudyBusyError, process_pool, run
from companion.experiments.store import Store
from tests.experiments.file_names import file_names, finished_names

SECONDS = 20  # far more than needed, so that a hang is a failure
KILLINGS = {
    "here": ("kill", "run(STUDY)"),
    "on a pool": ("kill-runner", "with process_pool(1, 1) as pool: run(STUDY, executor=pool)"),
}


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


def test_what_killed_runners_left_is_removed(study):
    folder = Store(study, None, None).folder
    folder.mkdir(parents=True)
    for name in (".slow-seed1.json.0a.part", ".fast-seed2.progress.0b.part", "fast-seed2.progress"):
        (folder / name).write_text("0.5")
    runs = run(study)
    assert sorted(path.name for path in folder.iterdir()) == [".lock", *finished_names(runs)]


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
