"""companion.claims."""

import numpy as np
from hypothesis import strategies as st

from companion.claims import claim
from tests.arguments.case import Case
from tests.arguments.strategies import (
    INF,
    NAN,
    anything_but,
    blank,
    good_text,
    not_a_flag,
    only,
    optional,
    unwritable,
    wrong_number,
    wrong_text,
)


class Named:
    """Evidence that names itself."""

    def __init__(self, evidence: object) -> None:
        self.evidence = evidence


IDS = st.from_regex(r"[a-z0-9_]{1,9}/[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True)
NUMBERS = st.floats(-1e6, 1e6) | st.integers(-5, 5) | st.floats(-9, 9, width=32).map(np.float32)
NAMED = good_text().map(Named)

CASES = [
    Case(
        claim,
        st.fixed_dictionaries(
            {
                "id": IDS,
                "sentence": good_text().map(lambda text: text + "."),
                "holds": st.just(True),
                "evidence": good_text() | NAMED | st.lists(NAMED, min_size=1, max_size=3),
            },
            optional={
                "numbers": st.none() | st.dictionaries(good_text(), NUMBERS, max_size=3),
            },
        ),
        {
            "id": wrong_text
            | only("slug", "A/b", "a/b/c", "a/b-", "a/b\n", "a b/c", "ä/b", "a" * 1000, "/", "a/-"),
            "sentence": wrong_text | only("So", "So. ", "So.\n", "So!", "So" * 1000, "…", "_" * 99),
            "holds": not_a_flag | only(np.array([True]), [True], np.array(True)),
            "evidence": anything_but(str)
            | blank
            | unwritable
            | only([], (), ["a"], [Named("a"), 3], Named(""), Named(3), [Named(None)]),
            "numbers": optional(anything_but(dict))
            | wrong_number("(-inf, inf)").map(lambda value: {"fine": 1, "gap": value})
            | wrong_text.filter(lambda name: name.__hash__ is not None).map(lambda name: {name: 1})
            | only({"gap": NAN}, {"gap": INF}, {"gap": np.zeros(2)}, {"a": 1, 3: 1}),
        },
    ),
]
