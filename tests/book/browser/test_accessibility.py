"""No page has an obstacle that axe-core knows, in light or dark, beyond two of the theme's own."""

from itertools import groupby
from pathlib import PurePosixPath

import pytest
from axe_playwright_python.sync_playwright import Axe

# Both are in the theme's templates: the text in two buttons is not their name, and the book's title
# above the sidebar stands in no landmark.
KNOWN = {
    "label-content-name-mismatch": ("search-button", "theme-switch-button"),
    "region": ("logo__title",),
}
OPTIONS = {
    "resultTypes": ["violations"],
    "preload": False,  # it would request style sheets by addresses that are wrong
    "rules": {"label-content-name-mismatch": {"enabled": True}},
}
# Chapters have thousands of colored words of code in a few hundred kinds; one of each will do.
# The page for print repeats the articles of the others; there, the first will do.
THIN_OUT = """() => {
  document.querySelectorAll("article ~ article").forEach(each => each.remove());
  const WORDS = ":is(pre, dt.sig) span:not([id], :has(*), a *)";
  const seen = new Set();
  for (const word of document.querySelectorAll(WORDS)) {
    let kind = "";
    for (let box = word; box; box = box.parentElement) kind += `${box.tagName}.${box.className} `;
    if (seen.has(kind)) word.remove();
    else seen.add(kind);
  }
}"""
ADD = "([parent, html]) => document.querySelector(parent).insertAdjacentHTML('beforeend', html)"
BREAK = {
    "image-alt": ("article", "<img src='/_static/logo.svg'>"),
    "color-contrast": ("article", "<pre><span style='color: #999'>Pale on white</span></pre>"),
    "link-name": ("article", "<a href='index.html'></a>"),
    "region": ("body", "<p>Nowhere</p>"),
    "label-content-name-mismatch": ("article", "<button aria-label='Go'>Show code</button>"),
}


def violations(tab):
    """Return what axe-core finds, less the theme's known two: rule, place, remedy."""
    tab.page.evaluate(THIN_OUT)
    return [
        f"{violation['id']} at {node['target']}: {violation['help']}"
        for violation in Axe().run(tab.page, options=OPTIONS).response["violations"]
        for node in violation["nodes"]
        if not is_known(violation["id"], node["html"])
    ]


def is_known(rule, html):
    """Tell whether the theme's own element breaks the rule."""
    return any(name in html.partition(">")[0] for name in KNOWN.get(rule, ()))


def in_theme(tab, address, theme):
    """Open a page in a theme, as a reader's system asks for it."""
    tab.page.emulate_media(color_scheme=theme)
    tab.open(address)
    assert tab.page.evaluate("document.documentElement.dataset.theme") == theme


def largest_of_each_kind(site, addresses):
    """Return one page for each kind: by the folder that it is in, or alone at the top."""

    def kind(address):
        return PurePosixPath(address).parts[:2]

    groups = groupby(sorted(addresses, key=kind), kind)
    return [max(group, key=lambda each: (site / each).stat().st_size) for _, group in groups]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_has_no_obstacle(tab, page, theme):
    in_theme(tab, f"book/{page.name}.html", theme)
    found = violations(tab)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_generated_pages_have_no_obstacle(tab, site, sourceless, theme):
    found = []
    for address in largest_of_each_kind(site, sourceless):
        in_theme(tab, f"{address}?q=gap", theme)  # the search page shows results
        found += [f"{address}: {each}" for each in violations(tab)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("rule", BREAK)
def test_an_obstacle_is_found(tab, rule):
    in_theme(tab, "book/index.html", "light")
    tab.page.evaluate(ADD, list(BREAK[rule]))
    assert {each.partition(" ")[0] for each in violations(tab)} == {rule}
