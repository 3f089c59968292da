"""The whole book on one page: every page in order, every link and image inside the site."""

import re
from collections import Counter
from types import SimpleNamespace

import pytest
import yaml
from bs4 import BeautifulSoup
from print_page import head, write_print_page
from printed_article import page_anchor


@pytest.fixture(scope="module")
def printed(site):
    return BeautifulSoup((site / "print.html").read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def anchors(printed):
    """Every element that a link can lead to, by its anchor."""
    return {element["id"]: element for element in printed.select("[id]")}


@pytest.fixture(scope="module")
def toc(root):
    return yaml.safe_load((root / "_toc.yml").read_text("utf-8"))


def in_order(toc):
    chapters = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    return [page_anchor(name) for name in (toc["root"], *chapters)]


def test_every_page_is_there_in_order(printed, toc):
    assert [article["id"] for article in printed.select("main > article")] == in_order(toc)


def test_every_page_is_whole(printed, site, toc):
    """The words of an article are those of its page; only hints for the screen are gone."""
    for name in (entry["file"] for part in toc["parts"] for entry in part["chapters"]):
        page = BeautifulSoup((site / f"{name}.html").read_text("utf-8"), "html.parser")
        article = page.select_one("article.bd-article")
        for hint in article.select(".headerlink, .viewcode-link, .hide > summary, script"):
            hint.decompose()
        shown = printed.select_one(f"#{page_anchor(name)}").get_text()
        assert shown.split() == article.get_text().split()


def test_contents_list_every_page_and_part_in_order(printed, toc):
    links = [link["href"] for link in printed.select(".book-contents .contents-page > a")]
    assert links == [f"#{anchor}" for anchor in in_order(toc)]
    parts = [heading.get_text() for heading in printed.select(".book-contents h2")]
    assert parts == [part["caption"] for part in toc["parts"]]


def test_contents_list_the_sections_of_a_chapter(printed):
    shown = printed.select('.book-contents ul a[href^="#start-overfitting--"]')
    sections = printed.select("#start-overfitting h2")
    assert len(sections) > 8
    assert [link.get_text() for link in shown] == [heading.get_text() for heading in sections]


def test_every_link_stays_on_the_page_or_leads_to_the_web(printed, anchors):
    targets = {link["href"] for link in printed.select("a[href]")}
    inside = {target for target in targets if target.startswith("#")}
    assert len(inside) > 100
    assert {target for target in inside if target[1:] not in anchors} == set()
    assert {t for t in targets - inside if not re.match(r"https?://|mailto:", t)} == set()


def test_anchors_are_unique(printed):
    counts = Counter(element["id"] for element in printed.select("[id]"))
    assert [anchor for anchor, count in counts.items() if count > 1] == []


def test_claims_and_ledger_link_both_ways(printed, anchors, all_chapters):
    badges = {badge["data-claim"]: badge for badge in printed.select(".claim[data-claim]")}
    claims = [claim["id"] for chapter in all_chapters for claim in chapter.claims()]
    assert sorted(badges) == sorted(claims)
    for badge in badges.values():
        row = badge.select_one("a.claim-link")["href"].removeprefix("#")
        assert row.startswith("reference-claims--ledger-")
        assert anchors[row].select(f'a[href="#{badge["id"]}"]')


def test_every_image_and_style_sheet_is_in_the_site(printed, site):
    images = [image["src"] for image in printed.select("img")]
    sheets = [link["href"].partition("?")[0] for link in printed.select("link[rel=stylesheet]")]
    assert len(images) > 10
    assert "_static/print.css" in sheets
    assert [name for name in images + sheets if not (site / name).is_file()] == []


def test_nothing_is_closed(printed):
    assert printed.select("details:not([open]), .toggle-hidden") == []
    assert len(printed.select(".solution")) >= 3
    scripts = [script["src"].partition("?")[0] for script in printed.select("script[src]")]
    assert scripts == ["_static/mathjax/tex-chtml.js"]  # not the one that closes solutions


def test_every_page_links_it(site, page):
    html = (site / f"book/{page.name}.html").read_text("utf-8")
    up = "../" * f"book/{page.name}".count("/")
    assert f'<a href="{up}print.html">Print or save the whole book</a>' in html


def test_head_keeps_style_and_formulas():
    page = BeautifulSoup(
        "<head><link rel=stylesheet href=../_static/a.css?v=1><link rel=next href=b.html>"
        "<script>window.MathJax = {}</script><script src=../_static/mathjax/tex.js></script>"
        "<script src=../_static/togglebutton.js></script></head>",
        "html.parser",
    )
    assert head(page, "book/index.html") == [
        '<link href="_static/a.css?v=1" rel="stylesheet"/>',
        "<script>window.MathJax = {}</script>",
        '<script src="_static/mathjax/tex.js"></script>',
    ]


@pytest.mark.parametrize(("builder", "error"), [("latex", None), ("html", ValueError("broken"))])
def test_only_a_finished_site_gets_it(builder, error, tmp_path):
    app = SimpleNamespace(builder=SimpleNamespace(name=builder), outdir=tmp_path)
    write_print_page(app, error)
    assert list(tmp_path.iterdir()) == []
