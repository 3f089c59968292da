"""Committed outputs: one execution from top to bottom, on real data, with no trace of a machine."""

import re

import yaml

from companion.datasets._spec import CIFAR10, IMDB

MACHINE_PATH = re.compile(r"(?<![\w.])/(home|root|tmp|work|Users|mnt|var|opt)/\w|\b[A-Z]:\\\w")
LARGEST = 1_000_000
NOTEBOOK_KEYS = {"companion", "kernelspec", "language_info"}
CELL_KEYS = {"tags", "mystnb"}
REAL = {spec.name: f"{spec.name} {spec.fingerprint[:8]}" for spec in (CIFAR10, IMDB)}


def strings(value):
    """Yield every string inside nested lists and mappings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def text_outputs(chapter):
    """Yield everything of the outputs that a person can read, by number of the cell."""
    for number, output in chapter.outputs():
        data = [d for kind, d in output.get("data", {}).items() if kind != "image/png"]
        yield number, "\n".join(strings([data, output.get("text"), output.get("metadata")]))


def test_contents_list_exactly_the_chapters_on_disk(all_chapters, root):
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    listed = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    notebooks = {name for name in listed if (root / f"{name}.ipynb").exists()}
    assert notebooks == {f"book/{chapter.name}" for chapter in all_chapters}
    assert all((root / f"{name}.md").exists() for name in {*listed, toc["root"]} - notebooks)


def test_chapter_was_executed_once_from_top_to_bottom(chapter):
    counts = [cell["execution_count"] for cell in chapter.code_cells]
    assert counts == list(range(1, len(counts) + 1))


def test_chapter_shows_no_error_and_no_error_stream(chapter):
    bad = [
        number
        for number, output in chapter.outputs()
        if output["output_type"] == "error" or output.get("name") == "stderr"
    ]
    assert bad == [], f"code cells {bad}"


def test_outputs_name_no_path_of_a_machine(chapter):
    found = [(n, MACHINE_PATH.search(text)) for n, text in text_outputs(chapter)]
    assert [(n, match[0]) for n, match in found if match] == []


def test_outputs_come_from_real_data(chapter):
    assert [n for n, text in text_outputs(chapter) if "stand-in" in text.lower()] == []
    evidence = [claim["evidence"] for claim in chapter.claims()]
    named = [real for real in REAL.values() if any(real in each for each in evidence)]
    assert named, f"no claim rests on any of {list(REAL.values())}"
    for name, real in REAL.items():
        assert [each for each in evidence if each.count(name) != each.count(real)] == []


def test_notebook_is_small(chapter):
    assert chapter.path.stat().st_size < LARGEST


def test_metadata_holds_facts_and_no_editor_state(chapter):
    assert set(chapter.notebook["metadata"]) <= NOTEBOOK_KEYS
    assert "version" not in chapter.notebook["metadata"].get("language_info", {})
    assert {key for cell in chapter.cells for key in cell["metadata"]} <= CELL_KEYS
