"""A search killed ten times gives the table of one that was left alone, and repeats no fold."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from companion.tuning import _fold_runner
from tests.tuning import killed_search
from tests.tuning.scripted import as_scripted

ROOT = Path(__file__).parents[2]
KILLS = 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_ten_kills_change_nothing(tmp_path, monkeypatch):
    killed = tmp_path / "killed"
    killed.mkdir()
    program = [sys.executable, "-m", "tests.tuning.killed_search", killed, "7", str(KILLS)]
    ran = subprocess.run(
        program, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]

    calls = []
    monkeypatch.setattr(_fold_runner, "run_fold", as_scripted(killed_search.peak, calls))
    assert (killed / "table.csv").read_text() == killed_search.search(tmp_path / "whole")

    kills = json.loads((killed / "kills.json").read_text())
    assert [code for code, _ in kills] == [-9] * KILLS
    assert len({lines for _, lines in kills}) > 3  # they hit at different places
    made = [calls_of(killed / f"calls-{number:02}") for number in range(KILLS + 1)]
    for number, (_, lines) in enumerate(kills):
        finished = set(calls[: max(lines - 1, 0)])
        assert not finished & {call for later in made[number + 1 :] for call in later}
    assert set(calls) == {call for tries in made for call in tries}


def calls_of(path):
    lines = path.read_text().splitlines() if path.exists() else []
    return [tuple(json.loads(line)) for line in lines]
