"""What a run costs is measured and simulated, and the book shows what the campaign has left."""

import json
from pathlib import Path

import dask
import pytest

from campaigns import thousand_workers
from campaigns.outcome import RESULTS_DIR
from campaigns.simulated_cluster import Costs

PAGE = Path(__file__).parents[2] / "book/reference/cluster.md"


def test_a_small_campaign(monkeypatch, tmp_path):
    monkeypatch.setenv("COMPANION_WORK_DIR", str(tmp_path))
    monkeypatch.setattr(thousand_workers, "FRESH_PROCESSES", 1)
    with dask.config.set({"temporary-directory": str(tmp_path)}):
        figures = thousand_workers.campaign(tasks=20, seed=0)
    assert len(thousand_workers.costs_table(figures)) == 9
    assert min(value for value in figures.values() if not isinstance(value, str)) > 0
    assert len(thousand_workers.table(figures)) == 8


def test_a_scheduler_that_is_too_slow_is_a_violation(monkeypatch):
    costs = {"start": 1.0, "fresh": 0.1, "task": 1.0}
    monkeypatch.setattr(thousand_workers, "measure_cluster", lambda _: costs)
    monkeypatch.setattr(thousand_workers, "measure_runner", lambda _: 0.01)
    with pytest.raises(AssertionError, match=r"^1,000 workers are less than 500 times as fast"):
        thousand_workers.campaign(tasks=10, seed=0)


def test_the_table_says_what_was_simulated(monkeypatch):
    monkeypatch.setattr(thousand_workers, "RUNS", (4,))
    monkeypatch.setattr(thousand_workers, "WORKERS", (1, 3))
    monkeypatch.setattr(thousand_workers, "run_seconds", lambda: [1800.0])
    outcomes = thousand_workers.simulations(Costs(), seed=0)
    assert thousand_workers.table(thousand_workers.described(outcomes)) == [
        "| 4 | 1 | 2.0 h | 1 | 100% | start (0.0%) |",
        "| 4 | 3 | 1.0 h | 2 | 67% | last runs (33.3%) |",
    ]


def test_the_book_shows_the_figures():
    """Paste what `python -m campaigns.thousand_workers` prints last."""
    figures = json.loads((RESULTS_DIR / "thousand_workers.json").read_text())["figures"]
    page = PAGE.read_text()
    assert "\n".join(thousand_workers.table(figures)) in page
    assert "\n".join(thousand_workers.costs_table(figures)) in page
