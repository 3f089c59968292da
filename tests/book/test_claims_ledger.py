"""The ledger's own logic, on notebooks of a few lines."""

import pytest
from claims_ledger import Claim, link_badges, link_records, read_claims, read_title, repeated

DATA = {
    "id": "baseline/accuracy",
    "sentence": "It learns.",
    "holds": True,
    "evidence": "record baseline, 3 runs",
    "numbers": {"accuracy": 0.739},
}


def code(*outputs):
    return {"cell_type": "code", "source": [], "outputs": list(outputs)}


def shown(data):
    return {"output_type": "display_data", "metadata": {"companion_claim": data}, "data": {}}


def markdown(text):
    return {"cell_type": "markdown", "source": text.splitlines(keepends=True)}


def badge(claim_id):
    anchor = "claim-" + claim_id.replace("/", "-")
    inner = '<span class="claim-mark">✓</span> <span class="claim-sentence">It <b>.</span>'
    return f'<div class="claim" id="{anchor}" data-claim="{claim_id}">{inner}</div>'


def test_claims_are_read_in_order_and_other_outputs_are_passed_over():
    second = DATA | {"id": "baseline/gap"}
    stream = {"output_type": "stream", "name": "stdout", "text": "x"}
    cells = [
        markdown("(label)=\n# How good?\n\n# no"),
        code(stream, shown(DATA)),
        code(shown(second)),
    ]
    claims = list(read_claims({"cells": cells}, "book/start/baseline"))
    assert [claim.id for claim in claims] == ["baseline/accuracy", "baseline/gap"]
    assert claims[0] == Claim(
        "baseline/accuracy",
        "It learns.",
        "record baseline, 3 runs",
        {"accuracy": 0.739},
        "book/start/baseline",
        "How good?",
    )
    assert (claims[0].anchor, claims[0].row) == (
        "claim-baseline-accuracy",
        "ledger-baseline-accuracy",
    )


def test_title_is_the_first_heading_of_level_one():
    assert (
        read_title({"cells": [markdown("## Not this"), markdown("# This one  \ntext")]})
        == "This one"
    )
    assert read_title({"cells": [code()]}) == ""


def test_claims_with_the_same_anchor_are_reported():
    def claim(claim_id):
        return Claim(claim_id, "It learns.", "exact", {}, "book/start/baseline", "How good?")

    assert repeated([claim("a/b"), claim("a/c")]) == []
    assert repeated([claim("a/b"), claim("a/c"), claim("a/b")]) == ["claim-a-b"]


def test_every_badge_gets_a_link_to_its_row():
    body = f"<p>before</p>{badge('baseline/accuracy')}<div>between</div>{badge('baseline/gap')}"
    linked = link_badges(body, lambda row: f"../claims.html#{row}")
    assert linked.count("<a ") == 2
    for name in ("accuracy", "gap"):
        link = (
            f'<a class="claim-link" href="../claims.html#ledger-baseline-{name}" '
            f'aria-label="Claim baseline/{name} in the ledger">ledger</a></div>'
        )
        assert link in linked


def test_every_record_in_the_evidence_is_a_link():
    evidence = "record a, 3 runs, cifar-10 1a2b and record wide-b, 5 runs"
    linked = link_records(evidence)
    assert "".join(node.astext() for node in linked) == evidence
    targets = [
        node["reftarget"] for node in linked if "reftarget" in getattr(node, "attributes", ())
    ]
    assert targets == ["record-a", "record-wide-b"]
    assert [node.astext() for node in link_records("for the record in words")] == [
        "for the record in words"
    ]


@pytest.mark.parametrize("body", ["<p>no claim</p>", '<div class="claims-ledger">x</div>'])
def test_other_html_stays_as_it_is(body):
    assert link_badges(body, lambda row: row) == body


def test_reader_of_the_ledger_understands_what_a_claim_displays(monkeypatch):
    """`companion.claim` writes what the ledger reads: the same metadata, a badge that is found."""
    from companion import claims

    output = {}

    def display(bundle, *, raw, metadata):
        output.update(data=bundle, metadata=metadata, raw=raw)

    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr("IPython.get_ipython", lambda: "a notebook's shell")
    claims.claim("baseline/gap", "A < B.", True, "exact", numbers={"gap": 0.1})
    (claim,) = read_claims({"cells": [markdown("# Title"), code(output)]}, "book/start/baseline")
    assert (claim.id, claim.sentence, claim.numbers) == ("baseline/gap", "A < B.", {"gap": 0.1})
    assert "#ledger-baseline-gap" in link_badges(output["data"]["text/html"], lambda row: f"#{row}")
    assert f'id="{claim.anchor}"' in output["data"]["text/html"]
