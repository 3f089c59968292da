"""The search finds each chapter by a word that no other page has."""

import re
from collections import Counter

from playwright.sync_api import expect

WORD = re.compile(r"(?<![\w{(`$\\:/-])[a-z]{7,}(?![\w}`$:/=-])")
RESULTS = "#search-results li"


def own_word(chapter, pages):
    """Return the word that is most frequent in a chapter's prose among those only it has."""
    others = {word for page in pages if page != chapter for word in WORD.findall(page.prose)}
    counts = Counter(word for word in WORD.findall(chapter.prose) if word not in others)
    return max(counts, key=counts.__getitem__)


def search(tab, words):
    """Type words into the search field of a page; wait for the results."""
    tab.open("book/index.html")
    tab.page.locator(".search-button__button:visible").first.click()
    tab.page.locator("dialog input[type=search]").fill(words)
    tab.page.keyboard.press("Enter")
    done = re.compile("Search finished|did not match")
    expect(tab.page.locator("#search-results .search-summary")).to_contain_text(done)


def test_a_chapter_is_found_by_its_own_word(tab, chapter, all_pages):
    search(tab, own_word(chapter, all_pages))
    link = tab.page.locator(f"{RESULTS} a[href*='book/{chapter.name}.html']").first
    link.click()
    expect(tab.page).to_have_url(re.compile(f"book/{chapter.name}.html"))
    assert tab.errors == []


def test_what_no_page_has_is_not_found(tab):
    search(tab, "xylophonist")
    expect(tab.page.locator(RESULTS)).to_have_count(0)


def test_excerpts_are_words_of_the_pages(tab):
    search(tab, "entropy")
    excerpts = tab.page.locator(f"{RESULTS} .context")
    expect(excerpts).not_to_have_count(0)
    texts = excerpts.all_inner_texts()
    assert [text for text in texts if "\\" in text or len(text.split()) < 5] == []
