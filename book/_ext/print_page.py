"""Put the whole book on one page, `print.html`: with contents, in reading order, nothing hidden.

It is put together from the pages of the finished site, so that numbers, figures and words are
theirs. Every page of the site links it at its foot.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.template import SphinxRenderer

from printed_article import find_article, page_anchor, prepare, sections, site_path
from site_files import project_version, site_files

TEMPLATE = Path(__file__).with_name("print_page.html")


@dataclass(frozen=True)
class Printed:
    """A page of the book, ready for print."""

    anchor: str
    part: str
    title: str
    sections: list[tuple[str, str]]
    html: str
    head: list[str]


def reading_order(site_map: Any, docname: str, part: str = "") -> Iterator[tuple[str, str]]:
    """Yield every page below a page, itself first, with the caption of the part that it is in."""
    yield docname, part
    for tree in site_map[docname].subtrees:
        for item in tree.items:
            yield from reading_order(site_map, str(item), tree.caption or part)


def read_page(site: Path, uri: str, part: str, anchors: dict[str, str]) -> Printed:
    """Return a page of the finished site, ready for print."""
    page = BeautifulSoup((site / uri).read_text("utf-8"), "html.parser")
    article = find_article(page, uri)
    prepare(article, uri, anchors)
    title = article.h1.get_text() if article.h1 else anchors[uri]
    html = article.decode_contents()
    return Printed(anchors[uri], part, title, list(sections(article)), html, head(page, uri))


def head(page: BeautifulSoup, uri: str) -> list[str]:
    """Return the style sheets of a page and its scripts for formulas; no others, none opens."""
    elements = page.select("head link[rel=stylesheet], head script")
    for element in elements:
        for name in ("href", "src"):
            if name in element.attrs:
                element[name] = site_path(uri, str(element[name]))
    return [str(each) for each in elements if each.name == "link" or "mathjax" in str(each).lower()]


def write_print_page(app: Sphinx, exception: Exception | None) -> None:
    """Write the printed page beside the pages of the finished site."""
    if app.builder.name != "html" or exception is not None:
        return
    site_map, site = app.config.external_site_map, Path(app.outdir)
    order = {
        app.builder.get_target_uri(docname): (page_anchor(docname), part)
        for docname, part in reading_order(site_map, site_map.root.docname)
    }
    anchors = {uri: anchor for uri, (anchor, _) in order.items()}
    pages = [read_page(site, uri, part, anchors) for uri, (_, part) in order.items()]
    context = {
        "title": app.config.html_title,
        "author": app.config.author,
        "version": project_version(Path(app.srcdir)),
        "head": list(dict.fromkeys(line for page in pages for line in page.head)),
        "parts": [(part, list(group)) for part, group in groupby(pages, lambda page: page.part)],
    }
    text = SphinxRenderer.render_from_file(str(TEMPLATE), context)
    (site / site_files("")["print"]).write_text(text, "utf-8")


def link_print_page(
    app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Link the printed page at the foot of every page."""
    if app.builder.name == "html":
        target = context["pathto"](site_files("")["print"], resource=True)
        link = f'<p><a href="{target}">Print or save the whole book</a></p>'
        context["theme_extra_footer"] = context.get("theme_extra_footer", "") + link


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the events."""
    app.connect("html-page-context", link_print_page)
    app.connect("build-finished", write_print_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
