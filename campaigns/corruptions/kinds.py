"""The register of the kinds of corruption, by name."""

from collections.abc import Callable
from dataclasses import dataclass

from campaigns.corruptions.case import LAYOUTS, Case, Layout

Corrupt = Callable[[Case], None]


@dataclass(frozen=True)
class Kind:
    """A kind of corruption.

    Args:
        name: What it is, in words.
        corrupt: Spoils a case on the disk.
        layouts: The layouts that it fits.
        harmless: Whether the images must still be loaded; otherwise either outcome will do, as the
            loader only ever gives the published images.
    """

    name: str
    corrupt: Corrupt
    layouts: tuple[Layout, ...]
    harmless: bool


KINDS: dict[str, Kind] = {}


def kind(
    name: str, applies: Callable[[Layout], bool] = lambda _: True, *, harmless: bool = False
) -> Callable[[Corrupt], Corrupt]:
    """Register the function below as a kind of corruption."""

    def register(corrupt: Corrupt) -> Corrupt:
        layouts = tuple(layout for layout in LAYOUTS if applies(layout))
        KINDS[name] = Kind(name, corrupt, layouts, harmless)
        return corrupt

    return register


def packed(layout: Layout) -> bool:
    """Return whether the layout is an archive."""
    return layout.packed


def unpacked(layout: Layout) -> bool:
    """Return whether the layout is a folder."""
    return not layout.packed


def pickled(layout: Layout) -> bool:
    """Return whether the batch files are pickles."""
    return layout.version == "python"
