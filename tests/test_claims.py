"""Claims: one that holds displays itself, one that does not raises, and its data goes with it."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from companion import ClaimError, claim
from companion.claims import MIME_KEY

GOOD = {"id": "a/b", "sentence": "It holds.", "holds": True, "evidence": "exact"}


@dataclass(frozen=True)
class Named:
    """What a record and a data set have in common."""

    evidence: str


@pytest.fixture
def shell():
    """A notebook's IPython without the notebook."""
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_outside_a_notebook_it_prints_one_line(capsys):
    claim("sums/two", "Two and two is four.", 2 + 2 == 4, "exact", numbers={"sum": 4, "x": 1 / 3})
    assert capsys.readouterr().out == "✓ Two and two is four. (sum 4; x 0.3333; exact)\n"


@pytest.mark.parametrize("holds", [False, np.bool_(False)])
def test_a_claim_that_does_not_hold_raises_and_shows_nothing(capsys, holds):
    with pytest.raises(ClaimError) as caught:
        claim("sums/two", "Two and two is five.", holds, "exact", numbers={"sum": 4})
    assert str(caught.value) == "sums/two does not hold: Two and two is five. (sum 4; exact)"
    assert isinstance(caught.value, AssertionError)
    assert capsys.readouterr().out == ""


def test_in_a_notebook_it_displays_text_html_and_data(shell):
    sentence = 'A <b>small</b> & "simple" one\'s gap.'
    with capture_output() as captured:
        claim("over/gap", sentence, np.bool_(True), "x < y", numbers={"gap": np.float32(0.25)})
    (output,) = captured.outputs
    assert set(output.data) == {"text/plain", "text/html"}
    assert output.data["text/plain"] == f"✓ {sentence} (gap 0.25; x < y)"
    assert output.data["text/html"] == (
        '<div class="claim" id="claim-over-gap" data-claim="over/gap">'
        '<span class="claim-mark">✓</span> '
        '<span class="claim-sentence">A &lt;b&gt;small&lt;/b&gt; &amp; &quot;simple&quot; '
        "one&#x27;s gap.</span> "
        '<span class="claim-evidence">gap 0.25; x &lt; y</span></div>'
    )
    assert output.metadata == {
        MIME_KEY: {
            "id": "over/gap",
            "sentence": sentence,
            "holds": True,
            "evidence": "x < y",
            "numbers": {"gap": 0.25},
        }
    }
    assert captured.stdout == ""
    json.dumps(output.metadata)  # a notebook stores it


def test_several_claims_fit_in_one_cell(shell):
    with capture_output() as captured:
        for slug in ("one", "two"):
            claim(f"a/{slug}", "It holds.", True, "exact")
    ids = [output.metadata[MIME_KEY]["id"] for output in captured.outputs]
    assert ids == ["a/one", "a/two"]


@pytest.mark.parametrize(
    ("evidence", "text"),
    [
        ("exact", "exact"),
        (Named("record a, 3 runs"), "record a, 3 runs"),
        ([Named("record a"), Named("record b")], "record a and record b"),
        (
            (Named("record a"), Named("data b"), Named("record c")),
            "record a and data b and record c",
        ),
    ],
)
def test_evidence_names_itself(capsys, evidence, text):
    claim("a/b", "It holds.", True, evidence)
    assert capsys.readouterr().out == f"✓ It holds. ({text})\n"


@pytest.mark.parametrize(
    ("changed", "error", "sentence"),
    [
        ({"id": 3}, TypeError, "id of claim must be a string. Got id=3."),
        ({"id": " "}, ValueError, "id of claim must be a string that is not blank."),
        (
            {"id": "slug"},
            ValueError,
            "id of claim must be chapter/slug in lowercase. Got id='slug'",
        ),
        ({"id": "A/b"}, ValueError, "id of claim must be chapter/slug in lowercase."),
        ({"id": "a/b/c"}, ValueError, "id of claim must be chapter/slug in lowercase."),
        ({"id": "a/b-"}, ValueError, "id of claim must be chapter/slug in lowercase."),
        ({"id": "a/b\n"}, ValueError, "id of claim must be chapter/slug in lowercase."),
        ({"id": 'a/"x'}, ValueError, "id of claim must be chapter/slug in lowercase."),
        ({"sentence": None}, TypeError, "sentence of claim must be a string. Got sentence=None."),
        ({"sentence": ""}, ValueError, "sentence of claim must be a string that is not blank."),
        ({"sentence": "So"}, ValueError, "ends in a full stop. Got sentence='So'. Try 'So.'."),
        ({"holds": 1}, TypeError, "holds of claim must be True or False. Got holds=1."),
        ({"holds": np.array([True])}, TypeError, "Got holds=array(shape=(1,), dtype=bool)."),
        ({"evidence": ""}, ValueError, "evidence of claim must be a string that is not blank."),
        ({"evidence": 3}, TypeError, "evidence of claim must be records, data sets or a string."),
        ({"evidence": ()}, TypeError, "Got evidence=()."),
        ({"evidence": [Named("a"), "b"]}, TypeError, "Got evidence='b'."),
        ({"numbers": [0.1]}, TypeError, "numbers of claim must be a mapping of name to number."),
        ({"numbers": {"gap": "0.1"}}, TypeError, "numbers['gap'] of claim must be a number"),
        ({"numbers": {"gap": True}}, TypeError, "Got numbers['gap']=True."),
        ({"numbers": {"gap": np.zeros(2)}}, TypeError, "array(shape=(2,), dtype=float64)"),
        ({"numbers": {"gap": np.nan}}, ValueError, "Got numbers['gap']=nan."),
        ({"numbers": {"gap": np.inf}}, ValueError, "Got numbers['gap']=inf."),
        ({"numbers": {3: 0.1}}, TypeError, "a name in numbers of claim must be a string."),
    ],
)
def test_a_wrong_argument_gives_one_sentence(capsys, changed, error, sentence):
    with pytest.raises(error) as caught:
        claim(**{**GOOD, **changed})
    assert sentence in str(caught.value)
    assert not isinstance(caught.value, ClaimError)
    assert capsys.readouterr().out == ""
