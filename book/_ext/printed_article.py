"""Turn the content of a page of the site into a part of the printed page.

Every anchor gets the name of its page in front, so that it is unique. A link to a page of the book
becomes a link inside the printed page; one to another file of the site becomes plain text, since
paper does not carry it. What a reader would have to open stands open.
"""

import posixpath
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

ANCHORS = ("id", "aria-labelledby", "aria-describedby", "for")
USELESS_ON_PAPER = "a.headerlink, .viewcode-link, .hide > summary, script, .toctree-wrapper"


def page_anchor(docname: str) -> str:
    """Return the anchor of a page inside the printed one.

    Example:
        >>> page_anchor("book/start/baseline")
        'start-baseline'
    """
    return docname.removeprefix("book/").replace("/", "-")


def find_article(page: BeautifulSoup, uri: str) -> Tag:
    """Return the content of a page without the navigation around it."""
    article = page.select_one("article.bd-article")
    if article is None:
        raise ValueError(f"{uri} has no article.bd-article. Look at how the theme names it now.")
    return article


def prepare(article: Tag, uri: str, anchors: Mapping[str, str]) -> None:
    """Make an article ready for print, in place; `anchors` maps every page's address to its own."""
    for useless in article.select(USELESS_ON_PAPER):
        useless.decompose()
    open_all(article)
    for picture in article.select("img[src]"):
        picture["src"] = site_path(uri, str(picture["src"]))
    for link in article.select("a[href]"):
        relink(link, uri, anchors)
    rename_anchors(article, anchors[uri])


def open_all(article: Tag) -> None:
    """Show hidden cells like any other, and open what else can be closed."""
    for cell in article.select("details.hide"):
        cell.unwrap()
    for closed in article.select("details"):
        closed["open"] = ""


def site_path(uri: str, target: str) -> str:
    """Return the path in the site of what a link or an image on a page leads to.

    Example:
        >>> site_path("book/start/baseline.html", "../../_images/a.png")
        '_images/a.png'
    """
    return posixpath.normpath(posixpath.join(posixpath.dirname(uri), unquote(target)))


def relink(link: Tag, uri: str, anchors: Mapping[str, str]) -> None:
    """Lead a link to the same place inside the printed page; leave addresses on the web alone."""
    parts = urlsplit(str(link["href"]))
    if parts.scheme or parts.netloc:
        return
    page = anchors.get(site_path(uri, parts.path) if parts.path else uri)
    if page is None:
        link.unwrap()
    else:
        link["href"] = f"#{page}--{unquote(parts.fragment)}" if parts.fragment else f"#{page}"


def rename_anchors(article: Tag, page: str) -> None:
    """Put the page's own anchor in front of every anchor on it."""
    for name in ANCHORS:
        for element in article.select(f"[{name}]"):
            element[name] = " ".join(f"{page}--{each}" for each in str(element[name]).split())


def sections(article: Tag) -> Iterator[tuple[str, str]]:
    """Yield anchor and title of every section below the page's title."""
    for heading in article.select("section[id] > h2"):
        if heading.parent is not None:
            yield str(heading.parent["id"]), heading.get_text()
