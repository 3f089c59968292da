"""What a diagnosis consists of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from companion.intervals import Interval

Verdict = Literal[
    "unstable",
    "too short",
    "overfits",
    "underfits",
    "fine",
    "inside the noise",
    "different",
]


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """A verdict on learning curves with its reason; printing it shows all of it in words.

    Attributes:
        verdict: `"unstable"`, `"too short"`, `"overfits"`, `"underfits"` or `"fine"` for one run;
            `"inside the noise"` or `"different"` for arms that were compared.
        reason: The sentence that led to it, with its numbers.
        evidence: The numbers by name. Accuracies and gaps are fractions, epochs count from 1.
        advice: What to try, the most promising first.

    Example:
        >>> print(Diagnosis("fine", "The curves have settled.", {}, ("Repeat it.", "Compare it.")))
        fine: The curves have settled.
        - Repeat it.
        - Compare it.
    """

    verdict: Verdict
    reason: str
    evidence: Mapping[str, float | Interval]
    advice: tuple[str, ...]

    def __str__(self) -> str:
        return "\n- ".join([f"{self.verdict}: {self.reason}", *self.advice])

    __repr__ = __str__  # a notebook shows a last line by its repr
