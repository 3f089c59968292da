"""How the book cites: (author, year) in the prose, family names first in the bibliography.

The default is square brackets, and entries that open with given names although they are sorted by
family name.
"""

from dataclasses import dataclass, field

from pybtex.plugin import register_plugin as register_pybtex_plugin
from pybtex.style.formatting.alpha import Style as AlphaStyle
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle


def round_brackets() -> BracketStyle:
    """Return the brackets of a citation."""
    return BracketStyle(left="(", right=")")


@dataclass
class RoundAuthorYear(AuthorYearReferenceStyle):
    """Kingma and Ba (2015) as part of a sentence, (Kingma and Ba, 2015) beside it."""

    bracket_textual: BracketStyle = field(default_factory=round_brackets)
    bracket_parenthetical: BracketStyle = field(default_factory=round_brackets)


class FamilyNameFirst(AlphaStyle):
    """Entries that open with what they are sorted by."""

    default_name_style = "lastfirst"

    def __init__(self) -> None:
        super().__init__(abbreviate_names=True)  # full given names would hide where an author ends


def setup(_app: Sphinx) -> dict[str, bool]:
    """Make both styles known by name to `_config.yml`."""
    register_plugin("sphinxcontrib.bibtex.style.referencing", "round_author_year", RoundAuthorYear)
    register_pybtex_plugin("pybtex.style.formatting", "family_name_first", FamilyNameFirst)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
