"""Each fix of a page, on the HTML it is for."""

from types import SimpleNamespace

from page_fixes import (
    drop_repeated_ids,
    empty_corners,
    group_parameters,
    name_bibliography_entries,
    name_hidden_cells,
    share_html_handlers,
)


def test_entries_of_the_bibliography_are_items_of_its_list():
    entry = '<div class="citation" role="doc-biblioentry">Kingma</div>'
    assert name_bibliography_entries(entry) == '<div class="citation" role="listitem">Kingma</div>'


def test_boxes_keep_their_own_ids_and_lose_the_shared_one():
    box = (
        '<div id="ex-1"><section id="exercise-content">a</section></div><p id="proof-content">b</p>'
    )
    assert drop_repeated_ids(box) == '<div id="ex-1"><section>a</section></div><p>b</p>'


def test_parameters_of_a_signature_are_lines_and_other_definitions_stay():
    other = "<dl><dt>a</dt><dd>b</dd></dl>"
    paren = '<span class="sig-paren">(</span>'
    signature = f"{paren}\n\n<dl>\n<dd>x,</dd>\n<dd>y,</dd>\n</dl>\n\n)"
    assert group_parameters(signature + other) == (
        f'{paren}<span class="sig-lines">\n<span class="sig-line">x,</span>\n'
        f'<span class="sig-line">y,</span>\n</span>){other}'
    )


def test_the_button_of_a_hidden_cell_is_named_by_its_words():
    button = '<summary aria-label="Toggle hidden content"><p>Show code cell source</p></summary>'
    assert name_hidden_cells(button) == "<summary><p>Show code cell source</p></summary>"


def test_an_empty_header_of_a_table_is_a_plain_cell():
    row = '<tr>\n<th></th><th class="head"></th><th>score</th>\n</tr>'
    plain = '<tr>\n<td></td><td class="head"></td><th>score</th>\n</tr>'
    assert empty_corners(row) == plain


def test_one_page_build_keeps_its_own_handlers_and_gets_the_others():
    handlers = {"html": {"a": 1, "b": 1}, "singlehtml": {"b": 2}}
    share_html_handlers(SimpleNamespace(registry=SimpleNamespace(translation_handlers=handlers)))
    assert handlers["singlehtml"] == {"a": 1, "b": 2}
