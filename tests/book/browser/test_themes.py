"""Light and dark: the switch works and is remembered, and figures look the same in both."""

import pytest

SWITCH = ".theme-switch-button:visible"
STATE = "() => ['mode', 'theme'].map(name => document.documentElement.dataset[name])"
EDGE = 5  # rounded corners show the page, which is dark there
FIGURE = """image => {
  image.scrollIntoView({block: "center"});
  const box = image.getBoundingClientRect();
  const style = getComputedStyle(image);
  return {
    clip: {x: box.x + EDGE, y: box.y + EDGE,
           width: box.width - 2 * EDGE, height: box.height - 2 * EDGE},
    style: [style.filter, style.opacity, style.mixBlendMode],
    size: [box.width, box.height],
  };
}""".replace("EDGE", str(EDGE))


def switch(tab):
    """Click the switch; return the mode and the theme that it leads to."""
    tab.page.locator(SWITCH).click()
    return tab.page.evaluate(STATE)


def figures(tab):
    """Return how Chromium paints each figure of the page that is open."""
    painted = []
    for image in tab.page.locator("article img").all():
        found = image.evaluate(FIGURE)
        pixels = tab.page.screenshot(clip=found.pop("clip"))
        painted.append((found, pixels))
    return painted


def changed(before, after):
    """Return the numbers of the figures that are not painted as before."""
    pairs = zip(before, after, strict=True)
    return [number for number, (one, other) in enumerate(pairs, start=1) if one != other]


def test_theme_switch_goes_through_its_modes_and_is_remembered(fresh_tab, page):
    fresh_tab.open(f"book/{page.name}.html")
    assert fresh_tab.page.evaluate(STATE) == ["auto", "light"]
    assert switch(fresh_tab) == ["dark", "dark"]
    fresh_tab.page.reload()
    assert fresh_tab.page.evaluate(STATE) == ["dark", "dark"]
    assert switch(fresh_tab) == ["light", "light"]
    assert switch(fresh_tab) == ["auto", "light"]


def test_figures_look_the_same_in_the_dark(fresh_tab, chapter):
    fresh_tab.open(f"book/{chapter.name}.html")
    light = figures(fresh_tab)
    assert light, "the chapter shows no figure"
    assert switch(fresh_tab) == ["dark", "dark"]
    assert changed(light, figures(fresh_tab)) == []


@pytest.mark.parametrize("rule", ["filter: invert(1)", "padding: 4px", "opacity: 0.9"])
def test_a_figure_that_changes_in_the_dark_is_found(fresh_tab, all_chapters, rule):
    fresh_tab.open(f"book/{all_chapters[0].name}.html")
    light = figures(fresh_tab)
    dim = f'html[data-theme="dark"] .bd-content figure img {{ {rule} !important }}'
    fresh_tab.page.add_style_tag(content=dim)
    switch(fresh_tab)
    assert changed(light, figures(fresh_tab)) == list(range(1, len(light) + 1))


def test_the_system_setting_decides_first(fresh_tab):
    fresh_tab.page.emulate_media(color_scheme="dark")
    fresh_tab.open("book/index.html")
    assert fresh_tab.page.evaluate(STATE) == ["auto", "dark"]
