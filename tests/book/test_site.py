"""The site as readers get it: built once with every warning an error, then read page by page."""

import json
import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

RESOURCES = {
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("link", "href"),
}
REMOTE = re.compile(r"^(https?:)?//")
CSS_REMOTE = re.compile(r"@import\s+[^;]*//|url\(\s*['\"]?(https?:)?//", re.IGNORECASE)


@dataclass
class Html(HTMLParser):
    """What the checks need to know of one page."""

    file: Path
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self.text = self.file.read_text("utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        self.tags.append((tag, values))
        self.ids += [values["id"]] if "id" in values else []

    def values(self, tag, attribute):
        return [v[attribute] for name, v in self.tags if name == tag and attribute in v]

    def with_class(self, name):
        return [values for _, values in self.tags if name in values.get("class", "").split()]


@pytest.fixture(scope="module")
def html(site):
    return {
        path.relative_to(site).as_posix(): Html(path)
        for path in sorted(site.rglob("*.html"))
        if "_static" not in path.parts
    }


@pytest.fixture(scope="module")
def chapters_html(html, all_chapters):
    return {chapter: html[f"book/{chapter.name}.html"] for chapter in all_chapters}


def test_book_builds_without_a_warning(build):
    assert build.stderr == ""
    assert build.returncode == 0


def test_no_page_loads_anything_from_elsewhere(html):
    remote = [
        (name, values[attribute])
        for name, page in html.items()
        for tag, attribute in RESOURCES
        for tag_found, values in page.tags
        if tag_found == tag
        and REMOTE.match(values.get(attribute, ""))
        and values.get("rel") not in {"canonical", "license"}
    ]
    assert remote == []


def test_no_stylesheet_loads_anything_from_elsewhere(site):
    sheets = [path for path in site.rglob("*.css") if CSS_REMOTE.search(path.read_text("utf-8"))]
    assert sheets == []


def test_no_page_names_a_library_on_a_content_network(html):
    named = re.compile(r"unpkg\.com|jsdelivr|cdnjs|googleapis|colab\.research|mybinder")
    assert [name for name, page in html.items() if named.search(page.text)] == []


def test_every_local_resource_exists(site, html):
    missing = [
        (name, target)
        for name, page in html.items()
        for tag, attribute in RESOURCES
        for target in page.values(tag, attribute)
        if not REMOTE.match(target)
        and not target.startswith("data:")
        and not resolved(site, name, target)[0].exists()
    ]
    assert missing == []


def test_every_internal_link_leads_to_a_page_and_an_anchor(site, html):
    broken = []
    for name, page in html.items():
        for target in page.values("a", "href"):
            if urlsplit(target).scheme or target == "#":
                continue
            file, anchor = resolved(site, name, target)
            other = html.get(file.relative_to(site).as_posix())
            if not file.exists() or (anchor and other and anchor not in other.ids):
                broken.append((name, target))
    assert broken == []


def resolved(site, name, target):
    """Return the file and the anchor that a link on a page leads to."""
    parts = urlsplit(urljoin(f"/{name}", target))
    return site / unquote(parts.path).lstrip("/"), unquote(parts.fragment)


def test_anchors_are_unique_on_each_chapter(chapters_html):
    for page in chapters_html.values():
        assert [anchor for anchor in set(page.ids) if page.ids.count(anchor) > 1] == []


def test_every_image_has_words_for_who_cannot_see_it(chapters_html):
    for chapter, page in chapters_html.items():
        pictures = [v for tag, v in page.tags if tag == "img" and "logo" not in v.get("class", "")]
        assert pictures, chapter.name
        silent = [
            v["src"] for v in pictures if not v.get("alt") or v["alt"].endswith((".png", ".svg"))
        ]
        assert silent == []


def test_formulas_are_set_by_the_sites_own_mathjax(site, html, chapters_html):
    for page in chapters_html.values():
        assert page.with_class("math")
        (script,) = [src for src in page.values("script", "src") if "mathjax" in src]
        name = page.file.relative_to(site).as_posix()
        assert resolved(site, name, script)[0] == site / "_static/mathjax/tex-chtml.js"
    fonts = list((site / "_static/mathjax/output/chtml/fonts/woff-v2").glob("*.woff"))
    assert len(fonts) > 10


def test_claims_and_ledger_link_both_ways(site, html, chapters_html):
    ledger = html["book/reference/claims.html"]
    rows = {anchor for anchor in ledger.ids if anchor.startswith("ledger-")}
    places = {
        resolved(site, "book/reference/claims.html", h)[1] for h in ledger.values("a", "href")
    }
    for chapter, page in chapters_html.items():
        ids = [claim["id"] for claim in chapter.claims()]
        assert [
            values["data-claim"] for values in page.with_class("claim") if "id" in values
        ] == ids
        links = [values["href"] for values in page.with_class("claim-link")]
        assert [link.rpartition("#ledger-")[2] for link in links] == [
            i.replace("/", "-") for i in ids
        ]
        assert {f"ledger-{id_.replace('/', '-')}" for id_ in ids} <= rows
        assert {f"claim-{id_.replace('/', '-')}" for id_ in ids} <= places


def test_records_page_shows_every_record(root, html):
    records = [path.stem for path in (root / "companion/experiments/records").glob("*.json")]
    shown = [i for i in html["book/reference/records.html"].ids if i.startswith("record-")]
    assert sorted(shown) == sorted(f"record-{name}" for name in records)


def test_chapters_can_be_downloaded_as_they_were_committed(site, chapters_html):
    for chapter, page in chapters_html.items():
        name = page.file.relative_to(site).as_posix()
        links = [href for href in page.values("a", "href") if href.endswith(".ipynb")]
        files = [resolved(site, name, link)[0] for link in links if "_sources" in link]
        assert files
        assert {file.read_bytes() for file in files} == {chapter.path.read_bytes()}


def test_search_finds_words_of_each_chapter(site, all_chapters):
    text = (site / "searchindex.js").read_text("utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    known = {word for words in (index["terms"], index["titleterms"]) for word in words}
    for chapter in all_chapters:
        position = index["docnames"].index(f"book/{chapter.name}")
        found = [w for w in known if position in positions(index["terms"].get(w, []))]
        assert len(found) > 50, chapter.name


def positions(entry):
    return entry if isinstance(entry, list) else [entry]


def test_package_page_documents_every_public_name(html):
    import companion

    ids = html["book/reference/api.html"].ids
    assert {f"companion.{name}" for name in companion.__all__ if name[0] != "_"} <= set(ids)
    chapters_linked = [
        h for h in html["book/reference/api.html"].values("a", "href") if "/start/" in h
    ]
    assert chapters_linked


def test_bibliography_is_a_list_that_screen_readers_can_count(html):
    page = html["book/reference/bibliography.html"]
    entries = [values["role"] for values in page.with_class("citation")]
    assert entries
    assert set(entries) == {"listitem"}


def test_every_page_has_the_reading_tools(chapters_html):
    for page in chapters_html.values():
        for tool in ("theme-switch-button", "search-button", "btn-fullscreen-button"):
            assert page.with_class(tool), tool


def test_records_page_shows_every_campaign_with_its_figures(root, html):
    page = html["book/reference/records.html"]
    results = {path.stem: path for path in (root / "campaigns/results").glob("*.json")}
    del results["thousand_workers"]  # which has a page of its own
    assert results
    text = unescape(page.text).replace("’", "'")  # Sphinx sets typographic apostrophes
    for path in results.values():
        content = json.loads(path.read_text("utf-8"))
        assert f"campaign-{content['name']}" in page.ids
        assert all(f">{what}<" in text for what in content["figures"])


def test_chapters_say_how_long_they_run_and_on_what(chapters_html):
    for page in chapters_html.values():
        assert page.with_class("chapter-facts")
        assert all(f">{name}<" in page.text for name in ("Running time", "Data", "Versions"))


def test_displayed_sources_and_api_link_both_ways(site, html, chapters_html):
    name = "book/reference/api.html"
    back = [resolved(site, name, link) for link in html[name].values("a", "href")]
    for chapter, page in chapters_html.items():
        outputs = [o["metadata"] for _, o in chapter.outputs() if "metadata" in o]
        shown = [m["companion_source"] for m in outputs if "companion_source" in m]
        assert page.text.count('class="source-link"') == len(shown)
        places = {(page.file, anchor) for anchor in page.ids if anchor.startswith("source-")}
        assert places <= set(back), chapter.name


def test_api_page_leads_to_the_source_of_every_module(site, html):
    page = html["book/reference/api.html"]
    links = [href for href in page.values("a", "href") if "_modules/" in href]
    assert len(links) > 50
