"""Displayed sources lead to where they are documented."""

import pytest
from source_links import Shown, api_entry, read_shown


@pytest.mark.parametrize(
    ("address", "entry"),
    [
        ("companion.claims:claim", "companion.claim"),
        ("companion.models:build_cnn", "companion.models.build_cnn"),
        ("companion.from_scratch.cross_entropy:softmax", "companion.from_scratch.softmax"),
        (
            "companion.callbacks.generalization_gap:GeneralizationGap.on_epoch_end",
            "companion.callbacks.GeneralizationGap",
        ),
        ("companion.from_scratch.selection_bias:_binomial", "companion.from_scratch"),
    ],
)
def test_the_entry_stands_where_the_name_is_public(address, entry):
    assert api_entry(address) == entry


def output(metadata, text="def f():\n    return 1\n"):
    return {"metadata": metadata, "data": {"text/plain": text.splitlines(keepends=True)}}


def test_only_the_packages_own_sources_are_linked():
    outputs = [
        output({"companion_source": "companion.claims:claim"}, "def claim():\n    ...\n"),
        output({"companion_source": "__main__:mine"}),
        output({}),
        {"name": "stdout"},
    ]
    notebook = {"cells": [{"cell_type": "markdown"}, {"outputs": outputs}]}
    (shown,) = read_shown(notebook, "book/start/baseline")
    assert shown == Shown(
        "companion.claims:claim", "def claim():\n    ...\n", "book/start/baseline"
    )
    assert shown.label == "source-start-baseline-companion-claim"
    assert shown.is_public


@pytest.mark.parametrize(
    ("name", "is_public"), [("cross_entropy", True), ("Model.fit", True), ("_hidden", False)]
)
def test_what_is_private_has_no_entry_of_its_own(monkeypatch, name, is_public):
    """`companion.from_scratch.cross_entropy` is both a module and a function in it."""
    entry = "companion.from_scratch" + f".{name.partition('.')[0]}" * is_public
    monkeypatch.setattr("source_links.api_entry", lambda _: entry)
    shown = Shown(f"companion.from_scratch.cross_entropy:{name}", "", "book/start/baseline")
    assert shown.is_public == is_public


def test_every_function_that_a_chapter_shows_is_linked(chapter):
    """A source without an address was displayed by something else than `show_source`."""
    shown = [
        output
        for _, output in chapter.outputs()
        if "".join(output.get("data", {}).get("text/markdown", "")).startswith("```python\ndef ")
    ]
    assert [o for o in shown if "companion_source" not in o["metadata"]] == []
