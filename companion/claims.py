"""Claims: a sentence of the book together with the check that it holds."""

import html
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from companion._validate import check_flag, check_instance, check_number, check_text, refuse

__all__ = ["ClaimError", "Evidence", "claim"]

MIME_KEY = "companion_claim"
_ID = re.compile(r"[a-z0-9_]+/[a-z0-9]+(-[a-z0-9]+)*")
_DIGITS = 4
_WORTH_REPEATING = 40  # characters of a sentence in an error


class ClaimError(AssertionError):
    """A sentence of the book does not hold."""


@runtime_checkable
class Evidence(Protocol):
    """Anything that can name itself as evidence: a record, a data set."""

    @property
    def evidence(self) -> str:
        """Name and fingerprint of what the claim rests on."""


def claim(
    id: str,  # noqa: A002 - the book's name for it
    sentence: str,
    holds: bool,
    evidence: Evidence | Sequence[Evidence] | str,
    *,
    numbers: Mapping[str, float] | None = None,
) -> None:
    """State a sentence that the evidence must support; display it, or raise where it fails.

    Use it above every empirical sentence of a chapter, and in your own notebooks for anything that
    must not silently stop being true.

    Args:
        id: `chapter/slug`, unique in the book, such as `"baseline/accuracy"`.
        sentence: What is claimed, one sentence, ending in a full stop.
        holds: Whether it is true, computed from the evidence.
        evidence: What it rests on: a record or a data set, several of them, or a few words for an
            exact computation. A sentence that compares arms must name the records that hold them: a
            test exchanges the arms and expects the claim to fail.
        numbers: The figures that decide it, by name.

    Raises:
        ClaimError: `holds` is false.
        TypeError: An argument has the wrong type; `holds` must be one bool, not an array.
        ValueError: `id` is not of the form `chapter/slug`, `sentence` is no sentence, or a number
            is not finite.

    Example:
        >>> claim("arithmetic/sum", "Two and two is four.", 2 + 2 == 4, "exact")
        ✓ Two and two is four. (exact)
        >>> claim("arithmetic/sum", "Two and two is five.", 2 + 2 == 5, "exact")
        Traceback (most recent call last):
            ...
        companion.claims.ClaimError: arithmetic/sum does not hold: Two and two is five. (exact)

    Source:
        Book: reference/claims.
    """
    _check_id(id)
    sentence = _check_sentence(sentence)
    holds = check_flag(holds, "holds", "claim")
    name = _name(evidence)
    figures = _check_numbers(numbers)
    data = {"id": id, "sentence": sentence, "holds": holds, "evidence": name, "numbers": figures}
    if not holds:
        raise ClaimError(f"{id} does not hold: {_text(data)}")
    _show(data)


def _show(data: Mapping[str, Any]) -> None:
    shell = sys.modules.get("IPython")
    if shell is None or shell.get_ipython() is None:
        sys.stdout.write(f"✓ {_text(data)}\n")
        return
    from IPython.display import display

    bundle = {"text/plain": f"✓ {_text(data)}", "text/html": _html(data)}
    display(bundle, raw=True, metadata={MIME_KEY: dict(data)})


def _text(data: Mapping[str, Any]) -> str:
    return f"{data['sentence']} ({'; '.join([*_figures(data), data['evidence']])})"


def _figures(data: Mapping[str, Any]) -> list[str]:
    return [f"{name} {value:.{_DIGITS}g}" for name, value in data["numbers"].items()]


def _html(data: Mapping[str, Any]) -> str:
    anchor = "claim-" + data["id"].replace("/", "-")
    evidence = "; ".join([*_figures(data), data["evidence"]])
    return (
        f'<div class="claim" id="{anchor}" data-claim="{data["id"]}">'
        f'<span class="claim-mark">✓</span> '
        f'<span class="claim-sentence">{html.escape(data["sentence"])}</span> '
        f'<span class="claim-evidence">{html.escape(evidence)}</span></div>'
    )


def _check_id(value: str) -> None:
    check_text(value, "id", "claim", "'baseline/accuracy'")
    if not _ID.fullmatch(value):
        refuse(ValueError, value, "id", "claim", "chapter/slug in lowercase", "'baseline/accuracy'")


def _check_sentence(value: str) -> str:
    sentence = check_text(value, "sentence", "claim", "'Two and two is four.'")
    if not sentence.endswith("."):
        mended = repr(sentence[:_WORTH_REPEATING].rstrip() + ".")
        refuse(ValueError, sentence, "sentence", "claim", "one that ends in a full stop", mended)
    return sentence


def _name(evidence: object) -> str:
    if isinstance(evidence, str):
        return check_text(evidence, "evidence", "claim", "'exact'")
    parts = evidence if isinstance(evidence, Sequence) and len(evidence) else [evidence]
    allowed = "records, data sets or a string"
    checked = [
        check_instance(part, "evidence", "claim", Evidence, allowed, "'exact'") for part in parts
    ]
    return " and ".join(
        check_text(part.evidence, "a name in evidence", "claim", "'exact'") for part in checked
    )


def _check_numbers(numbers: Mapping[str, float] | None) -> dict[str, float]:
    if numbers is None:
        return {}
    allowed, remedy = "a mapping of name to number", "{'gap': 0.1}"
    check_instance(numbers, "numbers", "claim", Mapping, allowed, remedy)
    return {
        check_text(name, "a name in numbers", "claim", "'gap'"): check_number(
            value, f"numbers[{name!r}]", "claim", "(-inf, inf)", 0.1
        )
        for name, value in numbers.items()
    }
