"""The command line: what it prints, its exit codes, and errors of one sentence."""

import shutil
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

import pytest

from companion.experiments import STUDIES, __main__, load, record
from companion.experiments.__main__ import main
from companion.experiments.executors import InlineExecutor

SECONDS = 60  # far more than needed, so that a hang is a failure


@pytest.fixture(autouse=True)
def catalogue(study, tmp_path, monkeypatch):
    """The tiny study is the only one, its runs are made in this process."""
    for name in list(STUDIES):
        monkeypatch.delitem(STUDIES, name)
    monkeypatch.setitem(STUDIES, "tiny", study)
    monkeypatch.setattr(record, "RECORDS_DIR", tmp_path / "records")
    monkeypatch.setenv("TQDM_DISABLE", "1")
    asked = []
    monkeypatch.setattr(
        __main__, "process_pool", lambda *options: asked.append(options) or InlineExecutor()
    )
    return asked


def failed(capsys, *arguments: str) -> str:
    """Return the one line that a failing command writes to the error stream."""
    assert main(list(arguments)) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    return line


def test_from_an_empty_folder_to_a_record(capsys):
    assert main(["list"]) == 0
    assert capsys.readouterr().out == "tiny             6 runs  Does it run?\n"
    assert main(["status", "tiny"]) == 0
    assert capsys.readouterr().out == "tiny: 0 of 6 runs finished\n"
    assert main(["run", "tiny"]) == 0
    assert capsys.readouterr() == ("tiny: 6 runs finished. Next: publish tiny\n", "")
    assert main(["publish", "tiny"]) == 0
    assert capsys.readouterr().out == f"{record.RECORDS_DIR / 'tiny.json'}\n"
    assert main(["show", "tiny"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[:2] == ["Does it run?", load("tiny").evidence]
    assert shown[2] == "last value of a metric, mean and 95 % interval:"
    assert len(shown) == 3 + 2 * 3
    assert shown[3].split()[:2] == ["slow", "train_accuracy"]
    assert shown[3].endswith(", n=3")
    assert f"{load('tiny').final('slow', 'train_accuracy').mean():.3f} [" in shown[3]


def test_options_of_run(capsys, catalogue, tmp_path, trained):
    folder = ["--work-dir", str(tmp_path / "other")]
    assert (
        main(["run", "tiny", "--seeds", "2", "5", "--workers", "2", "--threads", "1", *folder]) == 0
    )
    assert catalogue == [(2, 1)]
    assert trained() == ["slow 2", "fast 2", "slow 5", "fast 5"]
    capsys.readouterr()
    assert main(["status", "tiny", *folder]) == 0
    assert capsys.readouterr().out == "tiny: 2 of 6 runs finished\n"
    assert main(["status", "tiny"]) == 0
    assert capsys.readouterr().out == "tiny: 0 of 6 runs finished\n"


def test_by_default_one_worker_shares_out_the_cores(catalogue):
    main(["run", "tiny"])
    assert catalogue == [(1, None)]


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        (["--executor", "dask"], {"workers": None, "threads": None, "scheduler": None}),
        (
            ["--executor", "dask", "--workers", "2", "--threads", "1"],
            {"workers": 2, "threads": 1, "scheduler": None},
        ),
        (
            ["--scheduler", "tcp://h:1"],
            {"workers": None, "threads": None, "scheduler": "tcp://h:1"},
        ),
    ],
)
def test_dask_is_asked_for_by_name_or_by_address(monkeypatch, catalogue, options, asked):
    def executor(workers, threads, *, scheduler):
        assert {"workers": workers, "threads": threads, "scheduler": scheduler} == asked
        return InlineExecutor()

    monkeypatch.setattr(__main__, "dask_executor", executor)
    assert main(["run", "tiny", *options]) == 0
    assert catalogue == []


def test_a_cluster_has_its_own_workers(capsys):
    line = failed(capsys, "run", "tiny", "--scheduler", "tcp://h:1", "--workers", "2")
    assert line.startswith("workers of dask_executor must be None where scheduler is given")


def test_an_interrupted_run_says_how_to_go_on(capsys, monkeypatch):
    monkeypatch.setenv("TINY_TROUBLE", "interrupt fast 1")
    assert main(["run", "tiny"]) == 130
    assert capsys.readouterr() == (
        "",
        "Interrupted. Finished runs are kept; the same command resumes.\n",
    )
    assert main(["status", "tiny"]) == 0
    assert capsys.readouterr().out == "tiny: 1 of 6 runs finished\n  fast, seed 1: 33%\n"


@pytest.mark.parametrize("who", ["all", "runner"])
def test_an_interrupted_pool_ends_at_once(run_elsewhere, trained, who):
    code = """
import sys
from companion.experiments.__main__ import main
STUDIES["tiny"] = STUDY
sys.exit(main(["run", "tiny"]))
"""
    interrupted = run_elsewhere(code, trouble=f"interrupt-{who} fast 1")
    printed, errors = interrupted.communicate(timeout=SECONDS)
    assert (interrupted.returncode, printed) == (130, "")
    assert errors == "Interrupted. Finished runs are kept; the same command resumes.\n"
    assert trained() == ["slow 1", "fast 1"]


def test_errors_are_one_sentence(capsys, work_dir, study, monkeypatch):
    assert failed(capsys, "publish", "tiny").startswith("Study tiny lacks 6 of 6 runs")
    assert failed(capsys, "show", "tiny").startswith("There is no record at")
    assert failed(capsys, "run", "tiny", "--seeds", "0").startswith(
        "seeds[0] of study tiny must be"
    )
    assert failed(capsys, "status", "tiny", "--work-dir", "").startswith("work_dir of status")
    main(["run", "tiny"])
    capsys.readouterr()
    path = work_dir / "tiny/slow-seed1.json"
    shutil.copy(path, work_dir / "kept.json")
    path.write_text("{")
    assert failed(capsys, "status", "tiny").startswith(f"{path} is damaged")
    shutil.copy(work_dir / "kept.json", path)
    arms = {arm: {**config, "epochs": 4} for arm, config in study.arms.items()}
    monkeypatch.setitem(STUDIES, "tiny", replace(study, arms=arms))
    assert failed(capsys, "run", "tiny").startswith(f"{path} was made with another config")


def test_data_that_is_missing_is_one_sentence(capsys, study, data, monkeypatch):
    monkeypatch.setitem(STUDIES, "tiny", replace(study, dataset="cifar-10"))
    data.source = "stand-in"
    assert failed(capsys, "run", "tiny") == "CIFAR-10 was not found. Download it."


def test_a_second_runner_is_one_sentence(capsys, run_elsewhere):
    other = run_elsewhere("run(STUDY)", trouble="wait slow 1")
    assert other.stdout.readline() == "begun\n"
    assert failed(capsys, "run", "tiny").startswith("Another runner is at work on tiny in ")


def test_a_folder_that_cannot_be_made_is_one_sentence(capsys, tmp_path):
    (tmp_path / "file").touch()
    line = failed(capsys, "run", "tiny", "--work-dir", str(tmp_path / "file"))
    assert line.startswith("work_dir of run must be a folder, and no file. Got work_dir=")


def test_a_worker_that_died_is_one_sentence(capsys, monkeypatch):
    def dies(*_: object, **__: object) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr(__main__, "run", dies)
    assert failed(capsys, "run", "tiny").startswith("A worker process died")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["run"],
        ["run", "nope"],
        ["nope"],
        ["show", "../tiny"],
        ["run", "tiny", "--executor", "threads"],
        ["run", "tiny", "--executor", "processes", "--scheduler", "tcp://h:1"],
    ],
)
def test_wrong_usage_exits_with_2(capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m companion.experiments" in capsys.readouterr().err
