"""The form of a chapter: a question, the same sections, short cells, figures that speak."""

import re
import statistics

import pytest

LONGEST_CELL = 25
MEDIAN_CELL = (4, 8)
FEWEST_EXERCISES = 3
FEWEST_WORDS = 5
HIDING = {"hide-input", "hide-output", "hide-cell", "remove-input", "remove-output", "remove-cell"}
TAGS = HIDING | {"imports", "nbval-ignore-output", "recorded"}
SECTIONS = {
    "what the reader will be able to do": r"able to",
    "intuition and a picture": r"intuition|picture",
    "mathematics": r"math",
    "the source from scratch": r"from scratch",
    "proof that it equals Keras": r"keras",
    "a live experiment": r"live|experiment|try it|yourself",
    "the recorded result": r"record|full.scale",
    "pitfalls": r"pitfall",
    "when to use it and when not": r"\bwhen\b",
    "exercises": r"exercise",
    "summary": r"summary",
    "references": r"reference|further reading",
}
DATA = re.compile(r"CIFAR-10|IMDb|simulat|synthetic|computed|drawn", re.IGNORECASE)
SOURCE = re.compile(r"\blive\b|\brecord(ed)?\b|\bexact\b|\bcomputed\b", re.IGNORECASE)
SIZE = re.compile(r"\bn\s*=\s*\d", re.IGNORECASE)


def headings(chapter, level):
    return re.findall(rf"^{'#' * level} +(.+)$", chapter.prose, re.MULTILINE)


def boxes(chapter):
    """Return the titles of the admonitions."""
    return re.findall(r"\{admonition\} +(.+)$", chapter.prose, re.MULTILINE)


def figures(chapter):
    """Yield number, alternative text and caption of every code cell that shows an image."""
    for cell in chapter.code_cells:
        kinds = {kind for output in cell["outputs"] for kind in output.get("data", {})}
        if any(kind.startswith("image/") for kind in kinds):
            options = cell["metadata"].get("mystnb", {})
            caption = options.get("figure", {}).get("caption", "")
            yield cell["execution_count"], options.get("image", {}).get("alt", ""), caption


def test_title_is_one_question(chapter):
    assert len(headings(chapter, 1)) == 1
    assert headings(chapter, 1)[0].endswith("?")


@pytest.mark.parametrize("section", SECTIONS)
def test_chapter_has_the_section(chapter, section):
    found = headings(chapter, 2) + boxes(chapter)
    assert any(re.search(SECTIONS[section], each, re.IGNORECASE) for each in found), found


def test_code_cells_are_short(chapter):
    lengths = [len(source.splitlines()) for source in chapter.sources]
    assert max(lengths) <= LONGEST_CELL
    assert MEDIAN_CELL[0] <= statistics.median(lengths) <= MEDIAN_CELL[1]


def test_every_exercise_has_a_hidden_solution(chapter):
    exercises = re.findall(r"\{exercise(?:-start)?\}[^\n]*\n:label: *(\S+)", chapter.prose)
    solutions = re.findall(
        r"\{solution(?:-start)?\} *(\S+)\n((?::[^\n]*\n)*)", chapter.prose + "\n"
    )
    assert len(exercises) >= FEWEST_EXERCISES
    assert sorted(exercises) == sorted(target for target, _ in solutions)
    assert [target for target, options in solutions if ":class: dropdown" not in options] == []


def test_every_figure_has_alternative_text(chapter):
    shown = list(figures(chapter))
    assert shown, "a chapter without a picture"
    assert [number for number, text, _ in shown if len(text.split()) < FEWEST_WORDS] == []


def test_every_caption_says_size_data_and_source(chapter):
    captions = {number: caption.replace("$", "") for number, _, caption in figures(chapter)}
    for wanted in (SIZE, DATA, SOURCE):
        lacking = [number for number, caption in captions.items() if not wanted.search(caption)]
        assert lacking == [], f"{wanted.pattern} is missing in the captions of code cells {lacking}"


def test_tags_are_known(chapter):
    tags = {tag for cell in chapter.cells for tag in cell["metadata"].get("tags", [])}
    assert tags <= TAGS
