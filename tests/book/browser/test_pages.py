"""What must hold on every page, whatever it says; `rules.js` looks, and names what it finds."""

from pathlib import Path

import pytest

RULES = Path(__file__).with_name("rules.js").read_text("utf-8")
CHECK = f"rule => ({RULES})[rule]()"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
READ = ("math", "raw TeX", "images", "alternative text")
NAMES = (*READ, "sideways scroll", "errors", "requests to elsewhere")

BREAK = {
    "math": "add('<span class=math>\\\\(\\\\nosuchmacro{x}\\\\)</span>'); MathJax.typesetPromise()",
    "raw TeX": "add('The rate $\\\\eta$ is small.')",
    "images": "add('<img src=missing.png alt=\"Words that say what it shows\">')",
    "alternative text": 'add(\'<img src="/_static/logo.svg" alt="../_images/a.png">\')',
    "sideways scroll": "add('<div style=\"width: 500px\">wide</div>')",
    "errors": "console.error('broken')",
    "requests to elsewhere": "fetch('http://example.org/').catch(() => null)",
}


def look(tab):
    """Return what breaks each rule on the page that is open."""
    found = {rule: tab.page.evaluate(CHECK, rule) for rule in READ}
    tab.page.set_viewport_size(PHONE)
    found["sideways scroll"] = tab.page.evaluate(CHECK, "sideways scroll")
    tab.page.set_viewport_size(DESKTOP)
    return found | {"errors": list(tab.errors), "requests to elsewhere": list(tab.outside)}


@pytest.fixture(scope="module")
def visit(tab):
    """Open each page once and keep what was found there."""
    seen = {}

    def found_on(address):
        if address not in seen:
            tab.open(address)
            seen[address] = look(tab)
        return seen[address]

    return found_on


@pytest.mark.parametrize("rule", NAMES)
def test_page_holds(visit, page, rule):
    found = visit(f"book/{page.name}.html")[rule]
    assert not found, "\n".join(found)


def test_pages_that_no_source_is_named_after_hold_too(visit, sourceless):
    broken = [
        f"{address}: {rule}: {each}"
        for address in sourceless
        for rule, found in visit(address).items()
        for each in found
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("rule", NAMES)
def test_what_is_broken_is_found(tab, rule):
    tab.open("book/reference/notation.html")
    tab.page.evaluate(
        "async script => { const add = html => document.querySelector('article')"
        ".insertAdjacentHTML('beforeend', html); await eval(script); }",
        BREAK[rule],
    )
    broken = [name for name, found in look(tab).items() if found]
    assert rule in broken
    assert set(broken) - {rule} <= {"errors"}  # a missing image is an error, too
