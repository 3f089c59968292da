"""A page of the site becomes a part of the printed one: anchors, links, what was closed."""

import pytest
from bs4 import BeautifulSoup
from printed_article import find_article, page_anchor, prepare, rename_anchors, sections, site_path

URI = "book/start/baseline.html"
ANCHORS = {URI: "start-baseline", "book/reference/claims.html": "reference-claims"}


def printed(html):
    article = BeautifulSoup(f"<article>{html}</article>", "html.parser").article
    prepare(article, URI, ANCHORS)
    return article.decode_contents()


@pytest.mark.parametrize(
    ("docname", "anchor"),
    [("book/index", "index"), ("book/start/baseline", "start-baseline")],
)
def test_page_has_an_anchor_of_its_own(docname, anchor):
    assert page_anchor(docname) == anchor


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("#data", "#start-baseline--data"),
        ("baseline.html", "#start-baseline"),
        ("../reference/claims.html", "#reference-claims"),
        ("../reference/claims.html#ledger-a", "#reference-claims--ledger-a"),
        ("../reference/claims.html#a%20b", "#reference-claims--a b"),
        ("https://example.org/#data", "https://example.org/#data"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_links_lead_into_the_printed_page(href, target):
    assert printed(f'<a href="{href}">x</a>') == f'<a href="{target}">x</a>'


@pytest.mark.parametrize("href", ["../../downloads/all.zip", "../../_modules/a.html#b", "x.html"])
def test_what_paper_does_not_carry_is_not_linked(href):
    assert printed(f'see <a href="{href}"><em>x</em></a>') == "see <em>x</em>"


def test_anchors_are_renamed_wherever_they_are_named():
    html = '<p id="a" aria-labelledby="b c">x</p><label for="d">y</label>'
    article = BeautifulSoup(html, "html.parser")
    rename_anchors(article, "page")
    assert article.p["id"] == "page--a"
    assert article.p["aria-labelledby"] == "page--b page--c"
    assert article.label["for"] == "page--d"


def test_images_are_found_from_the_top_of_the_site():
    assert printed('<img src="../../_images/a.png"/>') == '<img src="_images/a.png"/>'
    assert site_path("index.html", "_images/a%20b.png") == "_images/a b.png"


def test_hidden_cells_are_shown_like_any_other():
    hidden = (
        '<details class="admonition hide above-input"><summary>Show</summary><p>1</p></details>'
    )
    assert printed(hidden) == "<p>1</p>"


def test_what_can_be_closed_is_open_and_keeps_its_title():
    closed = "<details><summary>More</summary><p>1</p></details>"
    assert printed(closed) == '<details open=""><summary>More</summary><p>1</p></details>'


def test_what_only_a_screen_needs_goes():
    assert printed('a<a class="headerlink" href="#a">#</a><script>1</script>') == "a"


def test_sections_are_those_below_the_title():
    html = '<section id="t"><h1>T</h1><section id="s"><h2>1. S</h2><h3>U</h3></section></section>'
    assert list(sections(BeautifulSoup(html, "html.parser"))) == [("s", "1. S")]


def test_a_theme_that_names_the_article_otherwise_is_an_error():
    with pytest.raises(ValueError, match=r"^a\.html has no article"):
        find_article(BeautifulSoup("<article></article>", "html.parser"), "a.html")
