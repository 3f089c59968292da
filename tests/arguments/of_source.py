"""companion and companion.source."""

from pathlib import Path
from types import FunctionType

from hypothesis import strategies as st

import companion
from companion import models, show_source
from companion.callbacks import WeightNorms
from companion.source import read_source
from tests.arguments.case import Case, Given
from tests.arguments.strategies import anything_but, only

THINGS = only(
    show_source, WeightNorms, WeightNorms.table, companion.claim, models.build_cnn, Path(__file__)
)
NEITHER = [int, len, print, type("Made", (), {}), WeightNorms().table, "companion/source.py"]
# A path is refused as a path: whether it can be looked up, then whether it is a file of text.
WRONG = (
    anything_but(Path, FunctionType)
    | only(*NEITHER)
    | only(Path("a" * 300), Path("a\0b"), Path("\ud800"))
)


def is_python(source: str | None, given: Given) -> str | None:
    assert source is None or source.endswith("\n")
    return source


CASES = [
    Case(show_source, st.fixed_dictionaries({"thing": THINGS}), {"thing": WRONG}, is_python),
    Case(
        read_source,
        st.fixed_dictionaries({"thing": THINGS}),
        {"thing": WRONG},
        is_python,
        owner="show_source",
    ),
    Case(companion.quiet_tensorflow, st.just({})),
]
