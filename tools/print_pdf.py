"""Print one page of the built site as a PDF, with page numbers and an outline.

Usage: python tools/print_pdf.py _build/html/print.html _build/train-to-generalize.pdf

It needs Chromium or Chrome on the PATH, which it opens with the network off.
"""

import argparse
import io
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import ProxySettings, sync_playwright
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
NOWHERE = ProxySettings(server="http://127.0.0.1:9")  # the book loads nothing from elsewhere
READY = """async () => {
  await document.fonts.ready;
  await window.MathJax.startup.promise;
  await Promise.all([...document.images].map((image) => image.decode()));
}"""
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .map((heading) => heading.textContent.replace(/\\s+/g, " ").trim())"""
NUMBER = (
    '<div style="width: 100%; text-align: center; font: 8pt sans-serif; color: #555">'
    '<span class="pageNumber"></span></div>'
)
MILLISECONDS = 180_000  # to set the formulas of a whole book


def main() -> int:
    """Print the page of the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path, help="an HTML file, such as _build/html/print.html")
    parser.add_argument("target", type=Path, help="the PDF to write")
    options = parser.parse_args()
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        print(f"There is no browser: none of {', '.join(PROGRAMS)} is on the PATH.")
        return 1
    options.target.write_bytes(print_pdf(options.page.resolve().as_uri(), program))
    print(f"{options.target} ({options.target.stat().st_size / 1e6:.1f} MB)")
    return 0


def print_pdf(address: str, program: str) -> bytes:
    """Return the PDF of a page, printed once formulas, fonts and images are there."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, proxy=NOWHERE)
        page = browser.new_page()
        page.set_default_timeout(MILLISECONDS)
        page.goto(address)
        page.evaluate(READY)
        pdf = page.pdf(
            prefer_css_page_size=True,
            print_background=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=NUMBER,
            outline=True,
            tagged=True,
        )
        titles = page.evaluate(HEADINGS)
        browser.close()
    return name_outline(pdf, titles)


def name_outline(pdf: bytes, titles: Sequence[str]) -> bytes:
    """Return a PDF with these titles in its outline, one for each entry, in order.

    Chromium drops the spaces where a heading wraps, and repeats one that opens a page.
    """
    writer, target = PdfWriter(clone_from=io.BytesIO(pdf)), io.BytesIO()
    entries = outline_entries(writer.get_outline_root())
    for entry, title in zip(entries, titles, strict=True):
        entry[NameObject("/Title")] = TextStringObject(title)
    writer.write(target)
    return target.getvalue()


def outline_entries(parent: DictionaryObject) -> Iterator[DictionaryObject]:
    """Yield every entry below one of a PDF's outline, in reading order."""
    reference = parent.get("/First")
    while reference is not None:
        entry = reference.get_object()
        yield entry
        yield from outline_entries(entry)
        reference = entry.get("/Next")


if __name__ == "__main__":
    sys.exit(main())
