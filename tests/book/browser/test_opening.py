"""Whatever is folded opens on a click and by keyboard: solutions, hidden cells, dropdowns."""

import pytest

SOLUTION = ".admonition.toggle"
FOLDED = {SOLUTION: "button.toggle-button", "details": "summary"}
# Solutions come first, since hidden cells may be within.
OPEN_ALL = """kinds => {
  const shown = part => [...part.children].slice(1).some(
    each => each.checkVisibility({visibilityProperty: true}) && each.clientHeight > 0);
  const wrong = [];
  for (const [kind, handle] of Object.entries(kinds))
    for (const part of document.querySelectorAll(`article ${kind}`)) {
      const name = part.textContent.trim().slice(0, 60);
      if (shown(part)) wrong.push(`open at first: ${name}`);
      part.querySelector(handle).click();
      if (!shown(part)) wrong.push(`stays folded: ${name}`);
    }
  return wrong;
}"""


def content_of(part):
    """Return what a folded part hides: its last child."""
    return part.locator("> :last-child")


def test_every_folded_part_opens(tab, page):
    tab.open(f"book/{page.name}.html")
    assert tab.page.evaluate(OPEN_ALL, FOLDED) == []


@pytest.mark.parametrize("folded", FOLDED)
def test_mouse_and_keyboard_open_and_close(tab, chapter, folded):
    tab.open(f"book/{chapter.name}.html")
    part = tab.page.locator(f"article {folded}").first
    handle = part.locator(FOLDED[folded]).first
    for act in (handle.click, lambda: handle.press("Enter"), lambda: handle.press("Space")):
        before = content_of(part).is_visible()
        act()
        assert content_of(part).is_visible() is not before


def test_the_title_of_a_solution_opens_it(tab, chapter):
    tab.open(f"book/{chapter.name}.html")
    part = tab.page.locator(SOLUTION).first
    part.locator("> .admonition-title").click(position={"x": 40, "y": 10})
    assert content_of(part).is_visible()


def test_the_focus_on_a_folded_part_can_be_seen(tab, chapter):
    tab.open(f"book/{chapter.name}.html")
    handle = tab.page.locator(f"{SOLUTION} button").first
    handle.focus()
    handle.press("Enter")
    outline = handle.evaluate("each => getComputedStyle(each).outlineStyle")
    assert outline != "none"


@pytest.mark.parametrize(
    ("style", "wrong"),
    [
        (".toggle section { display: none !important }", "stays folded: Solution"),
        (
            ".toggle section { visibility: visible !important; height: auto !important }",
            "open at first: Solution",
        ),
    ],
)
def test_a_part_that_does_not_fold_and_open_is_found(tab, all_chapters, style, wrong):
    tab.open(f"book/{all_chapters[0].name}.html")
    tab.page.add_style_tag(content=style)
    assert [each for each in tab.page.evaluate(OPEN_ALL, FOLDED) if each.startswith(wrong)]
