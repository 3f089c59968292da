"""Flakes: the foundation chapters tested again and again, just as `make test` does it.

A test that fails once in twenty times is worse than none: people learn to ignore it.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tqdm.auto import tqdm

from campaigns.outcome import keep
from companion._progress import is_interactive

ROOT = Path(__file__).parents[1]
CHAPTERS = ("book/start",)
OPTIONS = (
    "--nbval",
    "--nbval-current-env",
    f"--nbval-sanitize-with={ROOT / 'tests/sanitize.cfg'}",
    "--nbval-cell-timeout=300",
    "-n2",
    "--dist=loadscope",
)


@dataclass(frozen=True)
class Repetition:
    """One time through all tests: how many there were, the names of those that failed, its time."""

    tests: int
    failed: tuple[str, ...]
    seconds: float


def main() -> None:
    """Repeat and keep the figures, or end with the names of the tests that failed."""
    parser = argparse.ArgumentParser(prog="python -m campaigns.repeats", description=__doc__)
    parser.add_argument("--count", type=int, default=20)
    count = parser.parse_args().count
    done = [repeat(CHAPTERS, OPTIONS) for _ in tqdm(range(count), disable=not is_interactive())]
    if failed := sorted({name for each in done for name in each.failed}):
        sys.exit(f"Flaky or broken: {', '.join(failed)}.")
    figures = {
        "times in a row": count,
        "tests each time": max(each.tests for each in done),
        "failed": 0,
        "shortest time (s)": round(min(each.seconds for each in done)),
        "longest time (s)": round(max(each.seconds for each in done)),
    }
    promise = "The foundation chapters pass every time."
    keep("repeats", promise, f"python -m campaigns.repeats --count {count}", figures)


def repeat(paths: Sequence[str], options: Sequence[str]) -> Repetition:
    """Run pytest once, in a process of its own, and read what it reports."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", "-q", *options, f"--junitxml={report}", *paths]
        start = time.perf_counter()
        process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - start
        if not report.exists():
            raise RuntimeError(f"pytest ended with {process.returncode}:\n{process.stdout[-2000:]}")
        cases = list(ElementTree.parse(report).iter("testcase"))
    failed = tuple(_name(case) for case in cases if _has_failed(case))
    if process.returncode and not failed:
        raise RuntimeError(f"pytest ended with {process.returncode}:\n{process.stdout[-2000:]}")
    return Repetition(len(cases), failed, seconds)


def _has_failed(case: ElementTree.Element) -> bool:
    return any(case.find(kind) is not None for kind in ("failure", "error"))


def _name(case: ElementTree.Element) -> str:
    return f"{case.get('classname')}::{case.get('name')}"


if __name__ == "__main__":
    main()
