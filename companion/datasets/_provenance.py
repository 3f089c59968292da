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

    @property
    def validation(self) -> Sized:
        """Examples to choose by."""

    @property
    def test(self) -> Sized:
        """Examples to report on."""


def check_provenance(data: Described, owner: str) -> None:
    """Refuse what is no name, source, fingerprint or tuple of names of classes."""
    for name in ("name", "source", "fingerprint"):
        check_text(getattr(data, name), name, owner, "'toy'")
    check_instance(data.class_names, "class_names", owner, tuple, "a tuple of names", "('cat',)")
    for index, name in enumerate(data.class_names):
        check_text(name, f"class_names[{index}]", owner, "'cat'")


def check_splits(data: Described, owner: str, kind: type, remedy: str) -> None:
    """Refuse splits of another kind."""
    for name in ("train", "validation", "test"):
        check_instance(getattr(data, name), name, owner, kind, f"a {kind.__name__}", remedy)


def evidence_of(data: Described, items: str) -> str:
    """Return source, first digits of the fingerprint and number of training examples."""
    source = data.source if data.source == data.name else f"{data.source} (not {data.name})"
    return f"{source} {data.fingerprint[:8]}, {len(data.train):,} training {items}"


def summary_of(data: Described, items: str) -> str:
    """Return the evidence and the sizes of the other splits."""
    sizes = f"{len(data.validation):,} validation, {len(data.test):,} test"
    return f"{evidence_of(data, items)}, {sizes}"
