"""companion.schedules, companion.learning_rate_finder, and their figures."""

import keras
import numpy as np
from hypothesis import strategies as st

from companion import plotting
from companion.learning_rate_finder import RangeTest, find_learning_rate
from companion.schedules import (
    Exponential,
    InverseSquareRoot,
    OneCycle,
    StepDecay,
    WarmupCosine,
)
from tests.arguments.case import Case, Given
from tests.arguments.of_plotting import LABELS, OPTIONAL, WRONG, draws_on, wrong_labeled
from tests.arguments.strategies import (
    HUGE,
    INF,
    NAN,
    anything_but,
    not_a_number,
    number_in,
    only,
    optional,
    whole_in,
    wrong_number,
    wrong_whole,
)

RATES = only(0.5, 1, 2.0, np.float32(3), np.float64(0.75))  # ends are at most 0.5
ENDS = only(0.5, 1e-3, np.float64(0.25))
LONG = whole_in("[3, inf)")
NO_RATE = wrong_number("(0, inf)")
ABOVE = only(5.0, 3.1, INF, NAN, HUGE) | not_a_number  # no end is above its peak
AX = {"ax": OPTIONAL["ax"]}


def is_a_schedule(
    schedule: keras.optimizers.schedules.LearningRateSchedule, given: Given
) -> object:
    again = type(schedule).from_config(schedule.get_config())
    assert float(again(1)) == float(schedule(1)) > 0
    return schedule.get_config()


def small_model() -> keras.Model:
    """A model that nothing can train: its inputs are zeros."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, use_bias=False)])
    model.compile("sgd", "mse", run_eagerly=True)
    return model


MODEL = small_model()
NOT_COMPILED = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
SCHEDULED = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
SCHEDULED.compile(keras.optimizers.SGD(StepDecay(0.1, 10)), "mse")
X, Y = np.zeros((4, 2)), np.ones((4, 1))
NO_EXAMPLES = anything_but(np.ndarray) | only([1.0, 2.0], [X, X[:1]], X[:0], (), {}, np.array(1.0))


def made_all_steps(test: RangeTest, given: Given) -> object:
    assert len(test.learning_rates) == len(test.losses) == given.get("num_steps", 100)
    assert (test.losses == 1).all()
    assert (test.steepest, test.divergence) == (None, None)
    return test.learning_rates.tolist()


CASES = [
    Case(
        Exponential,
        st.fixed_dictionaries({"initial": RATES, "final": ENDS, "total_steps": LONG}),
        {
            "initial": NO_RATE,
            "final": NO_RATE | ABOVE,
            "total_steps": wrong_whole("[2, inf)"),
        },
        is_a_schedule,
        whole_ranges={"total_steps": "[2, inf)"},
    ),
    Case(
        InverseSquareRoot,
        st.fixed_dictionaries({"peak": RATES, "warmup_steps": whole_in("[1, inf)")}),
        {"peak": NO_RATE, "warmup_steps": wrong_whole("[1, inf)")},
        is_a_schedule,
        ranges={"peak": "(0, inf)"},
        whole_ranges={"warmup_steps": "[1, inf)"},
    ),
    Case(
        OneCycle,
        st.fixed_dictionaries(
            {"peak": RATES, "total_steps": LONG},
            optional={
                "warmup_fraction": number_in("(0, 1)"),
                "initial": st.none() | ENDS,
                "final": ENDS | only(0, -0.0),
            },
        ),
        {
            "peak": NO_RATE,
            "total_steps": wrong_whole("[3, inf)"),
            "warmup_fraction": wrong_number("(0, 1)"),
            "initial": optional(NO_RATE | ABOVE),
            "final": wrong_number("[0, inf)") | ABOVE,
        },
        is_a_schedule,
        ranges={"warmup_fraction": "(0, 1)"},
        whole_ranges={"total_steps": "[3, inf)"},
    ),
    Case(
        StepDecay,
        st.fixed_dictionaries(
            {"initial": RATES, "step_size": whole_in("[1, inf)")},
            optional={"factor": ENDS | only(1, 1.0)},
        ),
        {
            "initial": NO_RATE,
            "step_size": wrong_whole("[1, inf)"),
            "factor": wrong_number("(0, 1]"),
        },
        is_a_schedule,
        ranges={"initial": "(0, inf)", "factor": "(0, 1]"},
        whole_ranges={"step_size": "[1, inf)"},
    ),
    Case(
        WarmupCosine,
        st.fixed_dictionaries(
            {"peak": RATES, "total_steps": LONG},
            optional={"warmup_steps": whole_in("[0, 1]"), "final": ENDS | only(0, -0.0)},
        ),
        {
            "peak": NO_RATE,
            "total_steps": wrong_whole("[2, inf)"),
            "warmup_steps": lambda given: wrong_whole(f"[0, {int(given['total_steps']) - 1}]"),
            "final": wrong_number("[0, inf)") | ABOVE,
        },
        is_a_schedule,
        whole_ranges={"total_steps": "[2, inf)"},
    ),
    Case(
        find_learning_rate,
        st.fixed_dictionaries(
            {
                "model": st.just(MODEL),
                "x": only(X, np.zeros((4, 2), "float32")),
                "y": st.just(Y),
                "num_steps": whole_in("[3, 5]"),
            },
            optional={
                "lowest": number_in("(0, inf)", largest=1.0),
                "highest": only(2, 10.0, np.float32(3)),
                "batch_size": whole_in("[1, inf)"),
                "seed": whole_in("[0, inf)"),
            },
        ),
        {
            "model": anything_but(keras.Model) | only(NOT_COMPILED, SCHEDULED, keras.Sequential()),
            "x": NO_EXAMPLES,
            "y": NO_EXAMPLES | only(Y[:3], [Y, Y[:3]]),
            "lowest": NO_RATE,
            "highest": not_a_number | only(NAN, INF, HUGE, 0, -1.0),
            "num_steps": wrong_whole("[3, inf)"),
            "batch_size": wrong_whole("[1, inf)"),
            "seed": wrong_whole("[0, inf)"),
        },
        made_all_steps,
        ranges={"lowest": "(0, inf)"},
        whole_ranges={"num_steps": "[3, inf)", "batch_size": "[1, inf)", "seed": "[0, inf)"},
        summed_up=frozenset({"model", "x", "y"}),  # names and shapes
        share=0.2,
    ),
    Case(
        plotting.plot_range_test,
        st.fixed_dictionaries(
            {"test": only(RangeTest(np.array([0.1, 1.0]), X[0], X[0], 0.1, None))},
            optional=OPTIONAL,
        ),
        {"test": anything_but(RangeTest), **WRONG},
        draws_on,
        share=0.25,
    ),
    Case(
        plotting.plot_schedules,
        st.fixed_dictionaries(
            {
                "schedules": st.dictionaries(
                    LABELS, only(StepDecay(0.5, 2), lambda step: 0.5**step), min_size=1, max_size=7
                ),
                "total_steps": whole_in("[1, inf)", largest=9),
            },
            optional=AX,
        ),
        {
            "schedules": wrong_labeled(
                anything_but().filter(lambda value: not callable(value)), StepDecay(0.5, 2)
            ),
            "total_steps": wrong_whole("[1, inf)"),
            "ax": WRONG["ax"],
        },
        draws_on,
        whole_ranges={"total_steps": "[1, inf)"},
        summed_up=frozenset({"schedules"}),  # the number of labels
        share=0.25,
    ),
]
