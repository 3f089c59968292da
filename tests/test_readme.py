"""The README shows what it promises, in the promised order, and its example runs."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from companion.datasets import StandInWarning

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLE = re.search(r"```python\n(.*?)```", README, flags=re.DOTALL)[1]


def test_order():
    landmarks = ["# Train", "screenshot.png", "make book", "make test", "```python", "## Map"]
    positions = [README.index(landmark) for landmark in landmarks]
    assert positions == sorted(positions)


def test_linked_files_exist():
    links = re.findall(r"\]\((?!https?://|#)([^)]+)\)", README)
    assert links
    missing = [link for link in links if not (ROOT / link).exists()]
    assert not missing


def test_map_shows_exactly_the_pages_of_the_book():
    shown = re.findall(r"`(\w+/\w+)` \|", README)
    pages = re.findall(r"file: book/(\w+/\w+)", (ROOT / "_toc.yml").read_text("utf-8"))
    assert shown == pages


def test_example_has_ten_lines():
    assert len([line for line in EXAMPLE.splitlines() if line]) == 10


def test_example_runs(monkeypatch):
    monkeypatch.setenv("COMPANION_DATA", "stand-in")
    names: dict = {}
    quicker = EXAMPLE.replace("epochs=5", "epochs=1")
    assert quicker != EXAMPLE
    with pytest.warns(StandInWarning):
        exec(quicker, names)  # noqa: S102 - this repository's own README
    assert len(names["logs"]["gap_accuracy"]) == 1
    assert plt.gcf().axes
    plt.close("all")
