"""Mend what the libraries get wrong in the pages: one fix a function, each with its reason."""

import re
from typing import Any

from sphinx.application import Sphinx

SIGNATURE_LIST = re.compile(
    r'(?<=<span class="sig-paren">\(</span>)\s*<dl>(.*?)</dl>\s*', re.DOTALL
)

# The theme writes every script twice, so these do no harm when they run twice.
UNFOLD = """{
  const unfold = () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = place?.closest(".toggle-hidden");
    folded?.querySelector("button.toggle-button").click();
    if (folded) place.scrollIntoView();
  };
  addEventListener("load", unfold);
  addEventListener("hashchange", unfold);
}"""
EXCERPTS = """
addEventListener("DOMContentLoaded", () => {
  Search.htmlToText = (html, anchor) => {
    const article = new DOMParser().parseFromString(html, "text/html").querySelector("article");
    const part = (anchor && article?.querySelector(anchor)) || article;
    part?.querySelectorAll(".headerlink, script, style").forEach((each) => each.remove());
    part?.querySelectorAll(".math").forEach((each) => each.replaceWith("…"));
    return part?.textContent.replace(/\\s+/g, " ") ?? "";
  };
});
"""


def share_html_handlers(app: Sphinx) -> None:
    """Let the one-page build render every node that the many-page build can.

    MyST-NB registers its hidden cells for `html` alone; sphinx-exercise registers for `singlehtml`
    too, which makes Sphinx ignore the `html` handlers there: a hidden cell would end the build.
    """
    handlers = app.registry.translation_handlers
    handlers["singlehtml"] = {**handlers.get("html", {}), **handlers.get("singlehtml", {})}


def name_bibliography_entries(body: str) -> str:
    """Give bibliography entries the role that the list around them requires of its children.

    `doc-biblioentry` is deprecated in ARIA 1.3, and screen readers count the entries of a list only
    if each is a `listitem`.
    """
    return body.replace('role="doc-biblioentry"', 'role="listitem"')


def drop_repeated_ids(body: str) -> str:
    """Remove the id that sphinx-exercise and sphinx-proof give to every box; an id is unique."""
    return re.sub(r' id="(exercise|solution|proof)-content"', "", body)


def group_parameters(body: str) -> str:
    """Set the parameters of a long signature as a plain group of lines.

    Sphinx writes them as a list of definitions in which nothing is defined, which screen readers
    announce as broken.
    """

    def as_group(match: re.Match[str]) -> str:
        lines = match[1].replace("<dd>", '<span class="sig-line">').replace("</dd>", "</span>")
        return f'<span class="sig-lines">{lines}</span>'

    return SIGNATURE_LIST.sub(as_group, body)


def name_hidden_cells(body: str) -> str:
    """Let the words on the button of a hidden cell, "Show code cell source", be its name.

    MyST-NB names all of them "Toggle hidden content", which says neither what opens nor what a
    reader who steers by voice sees.
    """
    return body.replace('<summary aria-label="Toggle hidden content">', "<summary>")


def empty_corners(body: str) -> str:
    """Make the empty corner of a table of pandas a plain cell: an empty header names nothing."""
    return re.sub(r"<th( [^>]*)?></th>", r"<td\1></td>", body)


def unfold_places(app: Sphinx) -> None:
    """Open the solution that holds the place a link leads to, such as a claim.

    Browsers do so for their own foldable parts, but not for those of sphinx-togglebutton.
    """
    app.add_js_file(None, body=UNFOLD)


def quote_articles(
    app: Sphinx, pagename: str, _template: str, _context: dict[str, Any], _doctree: object
) -> None:
    """Take the excerpts of search results from the text of the pages.

    Sphinx takes them from all of the page, whose first words are on its buttons, and shows the
    source of formulas.
    """
    if pagename == "search":
        app.add_js_file(None, body=EXCERPTS)


FIXES = (
    name_bibliography_entries,
    drop_repeated_ids,
    group_parameters,
    name_hidden_cells,
    empty_corners,
)


def mend_page(
    _app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Apply the fixes to a page's HTML."""
    if "body" in context:
        for fix in FIXES:
            context["body"] = fix(context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the fixes."""
    app.connect("builder-inited", share_html_handlers)
    app.connect("builder-inited", unfold_places)
    app.connect("html-page-context", mend_page)
    app.connect("html-page-context", quote_articles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
