"""The whole book on one page, in Chromium: nothing is hidden; the PDF is one that can be read."""

import io
import re
import subprocess
import sys
import unicodedata

import pytest
from pypdf import PdfReader

SECONDS = 240
HIDDEN = """() => [...document.querySelectorAll(".solution, .cell_input, .cell_output, .claim")]
  .filter((box) => !box.checkVisibility() || box.getBoundingClientRect().height === 0)
  .map((box) => box.textContent.trim().slice(0, 80))"""
UNSET = """() => [...document.querySelectorAll(".math")]
  .filter((formula) => !formula.querySelector("mjx-container"))
  .map((formula) => formula.textContent.slice(0, 80))"""
CUT = """() => [...document.querySelectorAll("main img, main pre, main table, main mjx-container")]
  .filter((box) => box.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((box) => box.textContent.slice(0, 80) || box.src)"""
PAPER = {"width": 665, "height": 1000}  # A4 less its margins, in CSS pixels


@pytest.fixture(scope="module")
def print_page(tab):
    tab.page.emulate_media(media="print")
    tab.page.set_viewport_size(PAPER)
    tab.open("print.html")
    return tab.page


@pytest.fixture(scope="module")
def pdf(site, root, tmp_path_factory, browser_program):
    """The PDF that `make pdf` prints."""
    target = tmp_path_factory.mktemp("pdf") / "book.pdf"
    command = [sys.executable, root / "tools/print_pdf.py", site / "print.html", target]
    subprocess.run(command, check=True, timeout=SECONDS, capture_output=True)
    content = target.read_bytes()
    target.unlink()
    return content


@pytest.fixture(scope="module")
def reader(pdf):
    return PdfReader(io.BytesIO(pdf))


@pytest.fixture(scope="module")
def words(reader):
    return squeezed("".join(page.extract_text() for page in reader.pages))


@pytest.fixture(scope="module")
def titles(print_page):
    """The titles of all pages, with their numbers."""
    return print_page.locator("main h1").all_text_contents()


def squeezed(text):
    """Return a text without spaces, which a PDF puts where lines break, and without ligatures."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def test_every_solution_and_hidden_cell_is_shown(print_page):
    assert print_page.locator(".solution").count() >= 3
    assert print_page.evaluate(HIDDEN) == []


def test_every_formula_is_set(print_page):
    assert print_page.locator("mjx-container").count() > 50
    assert print_page.evaluate(UNSET) == []


def test_nothing_is_wider_than_the_paper(print_page):
    assert print_page.evaluate(CUT) == []


def test_paper_is_light_in_the_dark(fresh_tab):
    fresh_tab.page.emulate_media(color_scheme="dark")
    fresh_tab.open("print.html")
    theme = "document.documentElement.dataset.theme"
    assert fresh_tab.page.evaluate(theme) == "dark"
    fresh_tab.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert fresh_tab.page.evaluate(theme) == "light"
    fresh_tab.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert fresh_tab.page.evaluate(theme) == "dark"


def test_pdf_has_the_whole_book(pdf, reader, words, titles):
    assert pdf.startswith(b"%PDF")
    assert len(reader.pages) > 50
    assert len(titles) > 5
    assert [title for title in titles if squeezed(title) not in words] == []


def test_pdf_has_solutions_and_formulas(words):
    assert squeezed("Solution to Exercise 2.1") in words
    assert squeezed("Real epochs resemble each other, so their errors are not") in words
    assert not re.search(r"\\(frac|sum|mathbb|hat|begin|\()", words)


def test_pdf_has_an_outline_numbers_and_a_title(reader, titles):
    outline = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert outline == ["Contents", *titles]
    assert reader.metadata.title == "Train to Generalize: the whole book"
    assert reader.pages[9].extract_text().rstrip().endswith("10")


def test_pdf_links_lead_inside_it_or_to_the_web(reader):
    annotations = [note.get_object() for page in reader.pages for note in page.get("/Annots", ())]
    addresses = [note["/A"]["/URI"] for note in annotations if "/URI" in note.get("/A", ())]
    assert len(annotations) - len(addresses) > 100
    assert [a for a in addresses if not re.match(r"https?://|mailto:", a)] == []
