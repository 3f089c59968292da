"""The book as its checks see it: chapters (notebooks) and pages (all that readers read)."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
BUILD_SECONDS = 300
sys.path.insert(0, str(BOOK / "_ext"))  # the local Sphinx extensions, imported by their tests


@dataclass(frozen=True)
class Page:
    """A page of the book: `start/baseline` and its Markdown."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(BOOK).with_suffix(""))

    @property
    def stem(self) -> str:
        return self.path.stem

    @cached_property
    def prose(self) -> str:
        return self.path.read_text("utf-8")


@dataclass(frozen=True)
class Chapter(Page):
    """A page that is a notebook with committed outputs."""

    @cached_property
    def notebook(self) -> dict[str, Any]:
        return json.loads(self.path.read_text("utf-8"))

    @property
    def cells(self) -> list[dict[str, Any]]:
        return self.notebook["cells"]

    @cached_property
    def code_cells(self) -> list[dict[str, Any]]:
        return [cell for cell in self.cells if cell["cell_type"] == "code"]

    @cached_property
    def prose(self) -> str:  # type: ignore[override]
        markdown = (cell for cell in self.cells if cell["cell_type"] == "markdown")
        return "\n\n".join(source_of(cell) for cell in markdown)

    @cached_property
    def sources(self) -> list[str]:
        return [source_of(cell) for cell in self.code_cells]

    @cached_property
    def trees(self) -> list[ast.Module]:
        return [ast.parse(without_magics(source)) for source in self.sources]

    def outputs(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield every output with the number of its code cell."""
        for number, cell in enumerate(self.code_cells, start=1):
            for output in cell["outputs"]:
                yield number, output

    def claims(self) -> list[dict[str, Any]]:
        """Return the data of the claims in the committed outputs."""
        found = (output.get("metadata", {}).get("companion_claim") for _, output in self.outputs())
        return [claim for claim in found if claim]


def source_of(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def without_magics(source: str) -> str:
    return re.sub(r"^([ \t]*)[%!].*$", r"\1pass", source, flags=re.MULTILINE)


def chapters() -> list[Chapter]:
    return [Chapter(path) for path in sorted(BOOK.glob("[!._]*/[!.]*.ipynb"))]


def pages() -> list[Page]:
    texts = [path for pattern in ("*.md", "[!._]*/*.md") for path in sorted(BOOK.glob(pattern))]
    return [*chapters(), *map(Page, texts)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `chapter` or `page` once for each."""
    for argument, found in (("chapter", chapters), ("page", pages)):
        if argument in metafunc.fixturenames:
            values = found()
            metafunc.parametrize(argument, values, ids=[value.name for value in values])


@pytest.fixture(scope="session")
def all_chapters() -> list[Chapter]:
    """Every notebook; none at all is an error, so that no check passes on an empty book."""
    found = chapters()
    assert len(found) >= 2, f"{BOOK} holds {len(found)} notebooks; the book has more. Restore them."
    return found


@pytest.fixture(scope="session")
def all_pages() -> list[Page]:
    return pages()


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@dataclass(frozen=True)
class Build:
    """The site as readers get it, and what building it said."""

    site: Path
    returncode: int
    stderr: str


@pytest.fixture(scope="session")
def build(all_chapters, tmp_path_factory) -> Iterator[Build]:
    """Build the book from nothing, with every warning an error: once for all of pytest's workers.

    The last worker that uses the site removes it.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if worker else base) / "site"
    lock, user = FileLock(f"{folder}.lock", timeout=2 * BUILD_SECONDS), folder / f"used-by-{worker}"
    with lock:
        built = build_once(folder)
        user.touch()
    yield built
    with lock:
        user.unlink()
        if not any(folder.glob("used-by-*")):
            shutil.rmtree(folder)


def build_once(folder: Path) -> Build:
    """Return the build in a folder; make it first where there is none."""
    outcome = folder / "outcome.json"
    if not outcome.exists():
        folder.mkdir(exist_ok=True)
        start = "from jupyter_book.cli.main import main; main()"
        options = ["--path-output", str(folder), "-W", "-n", "--keep-going", "--quiet"]
        command = [sys.executable, "-c", start, "build", str(ROOT), *options]
        process = subprocess.run(
            command, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False
        )
        outcome.write_text(json.dumps([process.returncode, process.stderr]), "utf-8")
    return Build(folder / "_build" / "html", *json.loads(outcome.read_text("utf-8")))


@pytest.fixture(scope="session")
def site(build) -> Path:
    return build.site
