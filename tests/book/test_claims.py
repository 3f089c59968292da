"""Claims: sources, outputs and ledger hold the same ones, and each id is unique."""

import ast
import re
from collections import Counter

from claims_ledger import read_claims, read_title

ROLE = re.compile(r"\{claim\}`(?:[^`<]*<)?([^`>]+)>?`")


def claimed_ids(chapter):
    """Return the first argument of every call of `claim` in a chapter's code."""
    calls = [
        node for tree in chapter.trees for node in ast.walk(tree) if isinstance(node, ast.Call)
    ]
    return [call.args[0] for call in calls if ast.unparse(call.func).split(".")[-1] == "claim"]


def test_ids_are_literal(chapter):
    ids = claimed_ids(chapter)
    assert ids, "a chapter without a claim"
    loose = [ast.unparse(node) for node in ids if not isinstance(node, ast.Constant)]
    assert loose == [], "a claim's id must be a string, so that the ledger can be checked"


def test_sources_and_outputs_hold_the_same_claims(chapter):
    written = [node.value for node in claimed_ids(chapter)]
    assert written == [claim["id"] for claim in chapter.claims()]


def test_ledger_holds_every_claim_of_the_sources(all_chapters):
    ledger = [c.id for each in all_chapters for c in read_claims(each.notebook, each.name)]
    assert ledger == [node.value for each in all_chapters for node in claimed_ids(each)]


def test_ids_are_unique_in_the_book_and_name_their_chapter(all_chapters):
    ids = Counter(claim["id"] for each in all_chapters for claim in each.claims())
    assert [id_ for id_, count in ids.items() if count > 1] == []
    strays = [c["id"] for e in all_chapters for c in e.claims() if c["id"].split("/")[0] != e.stem]
    assert strays == []


def test_committed_claims_hold(chapter):
    assert [claim["id"] for claim in chapter.claims() if claim["holds"] is not True] == []


def test_prose_refers_to_claims_that_exist(all_chapters, all_pages):
    known = {claim["id"] for each in all_chapters for claim in each.claims()}
    named = {(page.name, id_) for page in all_pages for id_ in ROLE.findall(page.prose)}
    assert {(page, id_) for page, id_ in named if id_ not in known} == set()


def test_ledger_names_chapters_by_their_titles(chapter):
    assert f"# {read_title(chapter.notebook)}" in chapter.prose
