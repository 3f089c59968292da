"""Repetitions count tests and name those that fail, be it only once."""

import pytest

from campaigns import repeats

FLAKY = """
from pathlib import Path

def test_steady():
    pass

def test_flaky():
    mark = Path(__file__).with_name("mark")
    if mark.exists():
        raise AssertionError
    mark.touch()
"""
OPTIONS = ("-p", "no:nbval", "-p", "no:cacheprovider")


def test_a_flake_is_found_the_second_time(tmp_path):
    path = tmp_path / "test_toy.py"
    path.write_text(FLAKY)
    first, second = (repeats.repeat([str(path)], OPTIONS) for _ in range(2))
    assert (first.tests, first.failed) == (2, ())
    assert second.tests == 2
    assert [name.rpartition("::")[2] for name in second.failed] == ["test_flaky"]
    assert second.seconds > 0


def test_nothing_to_run_is_no_success(tmp_path):
    with pytest.raises(RuntimeError, match="pytest ended with"):
        repeats.repeat([str(tmp_path / "missing.py")], OPTIONS)


def test_a_flake_ends_the_campaign_with_its_name(monkeypatch):
    monkeypatch.setattr("sys.argv", ["repeats", "--count", "2"])
    broken = repeats.Repetition(2, ("chapter::cell",), 1.0)
    monkeypatch.setattr(repeats, "repeat", lambda *_: broken)
    with pytest.raises(SystemExit, match=r"Flaky or broken: chapter::cell\."):
        repeats.main()
