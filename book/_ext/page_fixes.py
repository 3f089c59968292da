"""Mend what the libraries get wrong in the pages: one fix a function, each with its reason."""

import re
from typing import Any

from sphinx.application import Sphinx


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


def mend_page(
    _app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Apply the fixes to a page's HTML."""
    if "body" in context:
        context["body"] = drop_repeated_ids(name_bibliography_entries(context["body"]))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the fixes."""
    app.connect("builder-inited", share_html_handlers)
    app.connect("html-page-context", mend_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
