"""companion.from_scratch: the stopping rule and the filter that stopping is."""

import numpy as np
from hypothesis import strategies as st

from companion.from_scratch import StoppingRule, StoppingState, stopping_factors
from tests.arguments.arrays import wrong_sample
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    anything_but,
    number_in,
    only,
    optional,
    whole_in,
    wrong_choice,
    wrong_number,
    wrong_whole,
)

MODE = only("min", "max")
RULES = st.builds(StoppingRule, mode=MODE, patience=st.integers(0, 5))
VALUES = st.floats(-100, 100)
EIGENVALUES = st.lists(st.floats(0, 1), min_size=1, max_size=5)


def options(rule: StoppingRule, given: Given) -> object:
    return rule


def starts_with_nothing(state: StoppingState, given: Given) -> StoppingState:
    assert (state.best_epoch, state.stop) == (-1, False)
    return state


def is_at_the_epoch(state: StoppingState, given: Given) -> StoppingState:
    assert state.epoch == given["epoch"]
    return state


def keeps_one_of_the_values(state: StoppingState, given: Given) -> StoppingState:
    assert state.best == given["values"][state.best_epoch]
    return state


def factors(result: np.ndarray, given: Given) -> bytes:
    assert ((result >= 0) & (result <= 1)).all()
    return result.tobytes()


CASES = [
    Case(
        StoppingRule,
        st.fixed_dictionaries(
            {"mode": MODE, "patience": whole_in("[0, inf)")},
            optional={
                "min_delta": number_in("[0, inf)"),
                "baseline": st.none() | number_in("(-inf, inf)"),
                "start_from_epoch": whole_in("[0, inf)"),
            },
        ),
        {
            "mode": wrong_choice("min", "max"),
            "patience": wrong_whole("[0, inf)"),
            "min_delta": wrong_number("[0, inf)"),
            "baseline": optional(wrong_number("(-inf, inf)")),
            "start_from_epoch": wrong_whole("[0, inf)"),
        },
        options,
        ranges={"min_delta": "[0, inf)"},
        whole_ranges={"patience": "[0, inf)", "start_from_epoch": "[0, inf)"},
    ),
    Case(StoppingRule.init, st.fixed_dictionaries({"self": RULES}), promise=starts_with_nothing),
    Case(
        StoppingRule.update,
        RULES.flatmap(
            lambda rule: st.fixed_dictionaries(
                {
                    "self": st.just(rule),
                    "epoch": whole_in("[0, inf)"),
                    "value": number_in("(-inf, inf)"),
                    "state": st.lists(VALUES, min_size=1, max_size=4).map(
                        lambda values: rule.run(values)._replace(epoch=-1)
                    ),
                }
            )
        ),
        {
            "epoch": wrong_whole("[0, inf)"),
            "value": wrong_number("(-inf, inf)"),
            "state": anything_but(StoppingState) | only((0, 0.5, 0, 0, False)),
        },
        is_at_the_epoch,
        ranges={"value": "(-inf, inf)"},
        whole_ranges={"epoch": "[0, inf)"},
    ),
    Case(
        StoppingRule.run,
        st.fixed_dictionaries({"self": RULES, "values": st.lists(VALUES, min_size=1, max_size=6)}),
        {"values": wrong_sample(1, (1,))},
        keeps_one_of_the_values,
    ),
    Case(
        stopping_factors,
        st.fixed_dictionaries(
            {
                "eigenvalues": EIGENVALUES | EIGENVALUES.map(np.array),
                "learning_rate": number_in("(0, inf)", largest=1.0),
                "num_steps": whole_in("[0, inf)"),
            }
        ),
        {
            "eigenvalues": wrong_sample(1, (1,)) | only([-1.0], [1.0, -1e-9], np.array([-5e-324])),
            "learning_rate": wrong_number("(0, inf)"),
            "num_steps": wrong_whole("[0, inf)"),
        },
        factors,
        whole_ranges={"num_steps": "[0, inf)"},
    ),
]
