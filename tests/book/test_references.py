"""Everything that is referred to exists: works, labels, chapters."""

import ast
import re
from collections import Counter

from api_pages import BOOK_LABEL
from pybtex.database import parse_file

PLACES = {"doi", "eprint", "url", "journal", "booktitle", "institution"}
KEY = re.compile(r"[a-z]+\d{4}[a-z0-9]+")
CITE = re.compile(r"\{cite(?::[a-z]+)?\}`([^`]+)`")
DEFINED = (
    re.compile(r"^\(([\w-]+)\)=", re.MULTILINE),
    re.compile(r"^\$\$ *\(([\w-]+)\)", re.MULTILINE),
    re.compile(r"^:(?:label|name): *([\w-]+)", re.MULTILINE),
)
REFERRED = (
    re.compile(r"\{(?:ref|numref|eq|prf:ref)\}`(?:[^`<]*<)?([\w-]+)>?`"),
    re.compile(r"\{solution(?:-start)?\} +([\w-]+)"),
)
UNDEFINED_LINK = re.compile(r"\]\[[^\]]*\]")
FENCE = re.compile(r"\s*(`{3,})(.*)")
EQUATION = re.compile(r"\bequation ([a-z0-9]+(?:-[a-z0-9]+)+)")
INLINE_CODE = re.compile(r"`[^`\n]*`")


def found(patterns, text):
    return [label for pattern in patterns for label in pattern.findall(text)]


def figure_names(page):
    cells = getattr(page, "code_cells", [])
    options = (cell["metadata"].get("mystnb", {}).get("figure", {}) for cell in cells)
    return [option["name"] for option in options if "name" in option]


def labels(page):
    return found(DEFINED, page.prose) + figure_names(page)


def docstrings(root):
    """Yield every docstring of the package with its module."""
    for path in sorted((root / "companion").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                yield path.name, ast.get_docstring(node) or ""


def without_code(text):
    """Return Markdown less its code; the content of a directive, which is prose, stays."""
    kept, fences = [], []
    for line in text.splitlines():
        fence = FENCE.fullmatch(line)
        if fence and fences and not fence[2].strip():
            fences.pop()
        elif fence:
            fences.append(fence[2].lstrip().startswith("{"))
        elif all(fences):
            kept.append(INLINE_CODE.sub("", line))
    return "\n".join(kept)


def works(root):
    return parse_file(root / "book" / "references.bib").entries


def test_every_cited_work_is_in_the_bibliography(all_pages, root):
    cited = {
        (page.name, key.strip())
        for page in all_pages
        for keys in CITE.findall(page.prose)
        for key in keys.split(",")
    }
    assert cited, "no page cites anything"
    assert {(page, key) for page, key in cited if key not in works(root)} == set()


def test_every_work_has_a_telling_key_and_can_be_found(root):
    for key, work in works(root).items():
        assert KEY.fullmatch(key), key
        assert work.fields["year"] in key
        assert work.persons["author"]
        assert PLACES & set(work.fields), key


def test_every_label_is_defined_once(all_pages):
    counts = Counter(label for page in all_pages for label in labels(page))
    assert [label for label, count in counts.items() if count > 1] == []


def test_labels_of_a_chapter_name_it(chapter):
    stem = chapter.stem.replace("_", "-")
    assert [label for label in labels(chapter) if stem not in label.replace("_", "-")] == []


def test_every_reference_has_its_label(all_pages, root):
    records = (root / "companion" / "experiments" / "records").glob("*.json")
    known = {f"record-{path.stem}" for path in records}
    known |= {label for page in all_pages for label in labels(page)}
    wanted = {(page.name, label) for page in all_pages for label in found(REFERRED, page.prose)}
    assert wanted, "no page refers to anything"
    assert {(page, label) for page, label in wanted if label not in known} == set()


def test_prose_has_no_link_to_an_undefined_name(page):
    assert UNDEFINED_LINK.findall(without_code(page.prose)) == []


def test_code_is_told_from_prose():
    text = (
        "a `x[1][2]` b\n```python\nc[1][2]\n```\n````{note}\n[d][e]\n```{exercise}\nf\n```\n````\ng"
    )
    assert without_code(text) == "a  b\n[d][e]\nf\ng"


def test_back_links_of_docstrings_lead_to_pages(root):
    named, malformed = set(), []
    for module, text in docstrings(root):
        matches = list(BOOK_LABEL.finditer(text))
        named |= {(module, page) for match in matches for page in match["pages"].split(", ")}
        if text.count("Book:") - text.count("`Book:") != len(matches):
            malformed.append(module)
    assert named, "no docstring has a Book: label"
    assert malformed == []
    exists = {page: list((root / "book").glob(f"{page}.*")) for _, page in named}
    assert {(module, page) for module, page in named if not exists[page]} == set()


def test_equations_that_the_source_of_a_formula_names_stand_in_a_chapter(all_chapters, root):
    sources = sorted((root / "companion" / "from_scratch").glob("*.py"))
    named = {
        (path.name, label)
        for path in sources
        for line in path.read_text("utf-8").splitlines()
        for label in EQUATION.findall(line.partition("#")[2])
    }
    assert named, "no comment names an equation"
    shown = {label for chapter in all_chapters for label in found([DEFINED[1]], chapter.prose)}
    assert {(file, label) for file, label in named if label not in shown} == set()
