"""Where links lead: anchors come into view, claims and ledger link both ways, chapters download."""

import re

import pytest
from playwright.sync_api import expect

HEADER = ".bd-header-article"
CONTENTS = "#pst-page-toc-nav .toc-h2 > a"


def expect_in_view(tab, anchor):
    """The address names the anchor, and its place is on the screen, below the header."""
    expect(tab.page).to_have_url(re.compile(f"#{re.escape(anchor)}$"))
    place = tab.page.locator(f"[id='{anchor}']")
    expect(place).to_be_in_viewport()
    below = tab.page.locator(HEADER).bounding_box()
    top = place.bounding_box()["y"]
    assert top >= below["y"] + below["height"] - 1, f"the header covers #{anchor}"


def follow(tab, link):
    """Click a link and return the anchor that it leads to."""
    anchor = link.get_attribute("href").rpartition("#")[2]
    link.click()
    return anchor


def test_contents_lead_to_their_sections(tab, chapter):
    tab.open(f"book/{chapter.name}.html")
    links = tab.page.locator(CONTENTS)
    for number in (links.count() // 2, links.count() - 1, 1):
        expect_in_view(tab, follow(tab, links.nth(number)))


def test_claims_lead_to_the_ledger_and_back(tab, chapter):
    tab.open(f"book/{chapter.name}.html")
    claim = tab.page.locator("div.claim[id]:visible").last
    anchor = claim.get_attribute("id")
    row = follow(tab, claim.locator("a.claim-link"))
    expect_in_view(tab, row)
    assert follow(tab, tab.page.locator(f"[id='{row}'] a").first) == anchor
    expect_in_view(tab, anchor)
    assert f"{chapter.name}.html" in tab.page.url


def test_ledger_leads_to_the_last_claim_of_a_chapter_even_in_a_folded_solution(tab, chapter):
    anchor = "claim-" + chapter.claims()[-1]["id"].replace("/", "-")
    tab.open("book/reference/claims.html")
    tab.page.locator(f".claims-ledger a[href$='#{anchor}']").click()
    expect_in_view(tab, anchor)


def test_a_place_under_the_header_is_found(tab, all_chapters):
    tab.open(f"book/{all_chapters[0].name}.html")
    tab.page.add_style_tag(content="html { scroll-padding: 0 } * { scroll-margin: 0 !important }")
    anchor = follow(tab, tab.page.locator(CONTENTS).nth(1))
    with pytest.raises(AssertionError):
        expect_in_view(tab, anchor)


def test_the_download_is_the_committed_notebook(tab, chapter):
    tab.open(f"book/{chapter.name}.html")
    tab.page.get_by_role("button", name="Download this page").click()
    with tab.page.context.expect_event("download") as started:
        tab.page.locator(".btn-download-source-button").click()
    download = started.value
    assert download.suggested_filename == chapter.path.name
    assert download.path().read_bytes() == chapter.path.read_bytes()


def test_the_first_address_leads_to_the_book(tab):
    tab.page.goto(f"{tab.base}/index.html")
    expect(tab.page).to_have_url(f"{tab.base}/book/index.html")
