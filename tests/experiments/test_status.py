"""How far a study is: finished runs, and the fractions of those that have begun."""

import pytest

from companion.experiments import StudyStatus, run, status


def test_nothing_has_begun(study, work_dir):
    assert status(study) == StudyStatus(finished=(), in_progress={}, total=6)
    assert not work_dir.exists()


def test_a_run_in_progress_has_a_fraction(study, monkeypatch):
    monkeypatch.setenv("TINY_TROUBLE", "interrupt fast 1")
    with pytest.raises(KeyboardInterrupt):
        run(study)
    now = status(study)
    assert now.finished == (("slow", 1),)
    assert now.in_progress == {("fast", 1): pytest.approx(1 / 3, abs=1e-4)}
    assert now.total == 6


def test_while_a_runner_is_at_work(study, run_elsewhere):
    other = run_elsewhere("run(STUDY)", trouble="wait slow 2")
    assert other.stdout.readline() == "begun\n"
    now = status(study)
    assert now.finished == (("slow", 1), ("fast", 1))
    assert list(now.in_progress) == [("slow", 2)]


def test_everything_is_finished(study, tmp_path):
    runs = run(study, work_dir=tmp_path / "other")
    assert status(study, work_dir=tmp_path / "other") == StudyStatus(tuple(runs), {}, 6)


def test_wrong_arguments(study):
    with pytest.raises(TypeError, match="study of status must be a Study"):
        status("tiny")
    with pytest.raises(TypeError, match="work_dir of status must be a path"):
        status(study, work_dir=3)
