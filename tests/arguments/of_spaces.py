"""companion.tuning: spaces, what is built from them, and what a search leaves behind."""

import tempfile
from types import BuiltinFunctionType, FunctionType

import keras
import keras_tuner
import numpy as np
from hypothesis import strategies as st
from keras_tuner.engine.base_tuner import BaseTuner

from companion.tuning import (
    batch_size_space,
    build_optimizer,
    check_knobs,
    optimism,
    optimizer_space,
    regularization_space,
    schedule_space,
    to_dataframe,
)
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

OPTIMIZERS = ("sgd", "adagrad", "rmsprop", "adam")
SCHEDULES = ("constant", "warmup_cosine", "one_cycle", "exponential")
RANGES = {
    "learning_rate": "[1e-10, 1e10]",
    "warmup_fraction": "(0, 1)",
    "final_fraction": "[1e-6, 1]",
}
SEEDS = "[0, 4294967295]"


def without_knobs(_hp: keras_tuner.HyperParameters) -> keras.Model:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    return model


def with_one_knob(hp: keras_tuner.HyperParameters) -> keras.Model:
    hp.Fixed("units", 1)
    model = without_knobs(hp)
    model.compile(keras.optimizers.SGD(hp.Float("learning_rate", 0.1, 1.0)), "mse")
    return model


def batches(rows: int) -> st.SearchStrategy:
    whole = only(np.ones((rows, 1), int), np.ones((rows, 1), np.uint8))
    return st.fixed_dictionaries(
        {
            "build": only(without_knobs, with_one_knob),
            "x": only(np.ones((rows, 2)), np.ones((rows, 2), np.float32)),
            "y": whole | whole.map(np.float64),
        },
        optional={"seed": whole_in(SEEDS)},
    )


def wrong_rows(*others: np.ndarray) -> st.SearchStrategy:
    wrong = [np.ones((0, 2)), np.array(1.0), np.full((2, 2), np.nan), np.array(["a"])]
    return anything_but(np.ndarray) | only(*wrong, np.array([True]), np.array([1j]), *others)


def a_tuner() -> BaseTuner:
    oracle = keras_tuner.oracles.RandomSearchOracle("val_loss", max_trials=3, seed=1)
    return BaseTuner(oracle, directory=tempfile.mkdtemp())


def settings_of(optimizer: keras.optimizers.Optimizer, given: Given) -> object:
    assert type(optimizer).__name__.lower() == given["optimizer"]
    settings = optimizer.get_config()
    is_constant = given.get("schedule", "constant") == "constant"
    assert isinstance(settings["learning_rate"], float) is is_constant
    return {name: value for name, value in settings.items() if name != "name"}


def is_a_lead(lead: float, given: Given) -> float:
    assert 0 <= lead <= 1 - given["accuracy"] + 1e-9
    return lead


CASES = [
    *(
        Case(
            space,
            st.fixed_dictionaries({"hp": st.builds(keras_tuner.HyperParameters)}),
            {"hp": anything_but(keras_tuner.HyperParameters)},
            lambda config, _given: config,
            share=0.2,
        )
        for space in (regularization_space, optimizer_space, schedule_space, batch_size_space)
    ),
    Case(
        build_optimizer,
        st.fixed_dictionaries(
            {
                "optimizer": only(*OPTIMIZERS),
                "learning_rate": number_in(RANGES["learning_rate"]),
                "schedule": only(*SCHEDULES),
                "total_steps": whole_in("[3, inf)"),
            },
            optional={name: number_in(RANGES[name]) for name in list(RANGES)[1:]},
        ),
        {
            "optimizer": wrong_choice(*OPTIMIZERS),
            "schedule": wrong_choice(*SCHEDULES),
            **{name: wrong_number(interval) for name, interval in RANGES.items()},
            "total_steps": optional(wrong_whole("[3, inf)")),
        },
        settings_of,
        ranges=RANGES,
        whole_ranges={"total_steps": "[3, inf)"},
        share=0.5,
    ),
    Case(
        check_knobs,
        st.integers(1, 3).flatmap(batches),
        {
            "build": anything_but(type, FunctionType, BuiltinFunctionType),
            "x": wrong_rows(),
            "y": wrong_rows(np.ones((9, 1))),
            "seed": wrong_whole(SEEDS),
        },
        lambda names, _given: names,
        whole_ranges={"seed": SEEDS},
        share=0.1,
    ),
    Case(
        optimism,
        st.fixed_dictionaries(
            {
                "n_validation": whole_in("[1, inf)"),
                "k": whole_in("[1, inf)"),
                "accuracy": number_in("(0, 1)"),
            }
        ),
        {
            "n_validation": wrong_whole("[1, inf)"),
            "k": wrong_whole("[1, inf)"),
            "accuracy": wrong_number("(0, 1)"),
        },
        is_a_lead,
        ranges={"accuracy": "(0, 1)"},
        whole_ranges={"n_validation": "[1, inf)", "k": "[1, inf)"},
    ),
    Case(
        to_dataframe,
        st.fixed_dictionaries({"tuner": st.builds(a_tuner)}),
        {"tuner": anything_but(BaseTuner)},
        lambda table, _given: table.to_dict(),
        share=0.2,
    ),
]
