"""Each fix of a page, on the HTML it is for."""

from types import SimpleNamespace

from page_fixes import drop_repeated_ids, name_bibliography_entries, share_html_handlers


def test_entries_of_the_bibliography_are_items_of_its_list():
    entry = '<div class="citation" role="doc-biblioentry">Kingma</div>'
    assert name_bibliography_entries(entry) == '<div class="citation" role="listitem">Kingma</div>'


def test_boxes_keep_their_own_ids_and_lose_the_shared_one():
    box = (
        '<div id="ex-1"><section id="exercise-content">a</section></div><p id="proof-content">b</p>'
    )
    assert drop_repeated_ids(box) == '<div id="ex-1"><section>a</section></div><p>b</p>'


def test_one_page_build_keeps_its_own_handlers_and_gets_the_others():
    handlers = {"html": {"a": 1, "b": 1}, "singlehtml": {"b": 2}}
    share_html_handlers(SimpleNamespace(registry=SimpleNamespace(translation_handlers=handlers)))
    assert handlers["singlehtml"] == {"a": 1, "b": 2}
