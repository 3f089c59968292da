"""What every data set says about itself: its name, where it comes from, what its classes are."""

from collections.abc import Sized
from typing import Protocol

from companion._validate import check_instance, check_text


class Described(Protocol):
    """A data set of any kind."""

    @property
    def name(self) -> str:
        """Name of the data set that was asked for."""

    @property
    def source(self) -> str:
        """What was found."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) over the content."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """Name of each class."""

    @property
    def train(self) -> Sized:
        """Examples to fit on."""


def check_provenance(data: Described, owner: str) -> None:
    """Refuse what is no name, source, fingerprint or tuple of names of classes."""
    for name in ("name", "source", "fingerprint"):
        check_text(getattr(data, name), name, owner, "'toy'")
    check_instance(data.class_names, "class_names", owner, tuple, "a tuple of names", "('cat',)")
    for index, name in enumerate(data.class_names):
        check_text(name, f"class_names[{index}]", owner, "'cat'")


def evidence_of(data: Described, items: str) -> str:
    """Return source, first digits of the fingerprint and number of training examples."""
    source = data.source if data.source == data.name else f"{data.source} (not {data.name})"
    return f"{source} {data.fingerprint[:8]}, {len(data.train):,} training {items}"
