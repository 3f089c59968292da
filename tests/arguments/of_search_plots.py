"""companion.plotting: the figures of a search."""

from collections.abc import Sequence

import pandas as pd
from hypothesis import strategies as st
from matplotlib.axes import Axes

from companion.plotting import plot_best_so_far, plot_parallel_coordinates, plot_search
from tests.arguments.case import Case, Given
from tests.arguments.of_plotting import OPTIONAL, WRONG, draws_on
from tests.arguments.strategies import anything_but, only
from tests.plotting.search_tables import table_of

TABLES = st.sampled_from(["max", "min"]).map(table_of)
WRONG_TABLE = anything_but(pd.DataFrame) | only(
    pd.DataFrame(), table_of().iloc[:0], table_of().drop(columns="score"), table_of(status="FAILED")
)


def draws_panels(panels: Sequence[Axes], given: Given) -> object:
    marks = [panel.get_title("right") for panel in panels]
    assert ("stand-in data" in marks) is (given.get("source") == "stand-in")
    return [panel.get_xlabel() for panel in panels]


CASES = [
    Case(
        plot_search,
        st.fixed_dictionaries({"table": TABLES}, optional={"source": OPTIONAL["source"]}),
        {"table": WRONG_TABLE, "source": WRONG["source"]},
        draws_panels,
        share=0.1,
    ),
    *(
        Case(
            plot,
            st.fixed_dictionaries({"table": TABLES}, optional=OPTIONAL),
            {"table": WRONG_TABLE, **WRONG},
            draws_on,
            share=0.2,
        )
        for plot in (plot_best_so_far, plot_parallel_coordinates)
    ),
]
