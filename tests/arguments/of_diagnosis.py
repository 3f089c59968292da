"""companion.diagnosis: histories of a few epochs, some of them diverged."""

from types import SimpleNamespace

import numpy as np
from hypothesis import strategies as st

from companion.diagnosis import Diagnosis, compare, diagnose
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    INF,
    NAN,
    anything_but,
    only,
    optional,
    whole_in,
    wrong_text,
    wrong_whole,
)

PREFIXES = only(("", "val_"), ("train_", "validation_"), ("train_", "val_"))
LOSSES = st.floats(-1e6, 1e6) | st.integers(-9, 9) | only(NAN, INF)


def rows(elements: st.SearchStrategy, epochs: int) -> st.SearchStrategy:
    values = st.lists(elements, min_size=epochs, max_size=epochs)
    return values | values.map(tuple) | values.map(np.array)


def history_of(epochs: int, elements: st.SearchStrategy, metric: str) -> st.SearchStrategy:
    return PREFIXES.flatmap(
        lambda prefixes: st.fixed_dictionaries(
            {prefix + metric: rows(elements, epochs) for prefix in prefixes}
        )
    )


def accurate(epochs: int) -> st.SearchStrategy:
    return history_of(epochs, st.floats(0, 1), "accuracy")


EPOCHS = st.integers(1, 12)
HISTORIES = EPOCHS.flatmap(accurate) | EPOCHS.flatmap(lambda n: history_of(n, LOSSES, "loss"))
WRONG_HISTORIES = anything_but(dict) | only(
    {},
    {"loss": [1.0]},
    {"val_loss": [1.0]},
    {"loss": [1.0], "test_loss": [1.0]},
    {"loss": [1.0, 2.0], "val_loss": [1.0]},
    {"accuracy": [73.0], "val_accuracy": [70.0]},
    *({"loss": wrong, "val_loss": [1.0]} for wrong in ([], [[1.0]], ["1"], [True], None, 1.0, "1")),
)
ONE = {"accuracy": [0.5], "val_accuracy": [0.5]}
THREE = [ONE] * 3
TWO_EPOCHS = {"accuracy": [0.5, 0.5], "val_accuracy": [0.5, 0.5]}
DIVERGED = {"loss": [1.0], "val_loss": [NAN]}


def is_in_words(diagnosis: Diagnosis, given: Given) -> str:
    assert str(diagnosis).startswith(f"{diagnosis.verdict}: ")
    return str(diagnosis)


CASES = [
    Case(
        diagnose,
        st.fixed_dictionaries(
            {"history": HISTORIES | HISTORIES.map(lambda values: SimpleNamespace(history=values))},
            optional={"num_validation": st.none() | whole_in("[1, 1e15]")},
        ),
        {"history": WRONG_HISTORIES, "num_validation": optional(wrong_whole("[1, 1e15]"))},
        is_in_words,
        whole_ranges={"num_validation": "[1, 1e15]"},
        summed_up=frozenset({"history"}),  # the numbers of its values, where these differ
    ),
    Case(
        compare,
        st.tuples(st.integers(3, 4), EPOCHS).flatmap(
            lambda sizes: st.fixed_dictionaries(
                {
                    "arms": st.dictionaries(
                        only("plain", "dropout", "l2"),
                        st.lists(accurate(sizes[1]), min_size=sizes[0], max_size=sizes[0]),
                        min_size=2,
                    )
                }
            )
        ),
        {
            "arms": anything_but(dict)
            | only(
                {},
                {"a": THREE},
                {"a": [ONE, ONE], "b": [ONE, ONE]},
                {"a": THREE, "b": [ONE] * 4},
                {"a": THREE, "b": [ONE, ONE, TWO_EPOCHS]},
            )
            | only({"a": [DIVERGED] * 3, "b": [DIVERGED] * 3})
            | anything_but(list, tuple).map(lambda runs: {"a": THREE, "b": runs})
            | WRONG_HISTORIES.map(lambda wrong: {"a": THREE, "b": [ONE, ONE, wrong]})
            | wrong_text.filter(lambda name: name.__hash__ is not None).map(
                lambda name: {"a": THREE, name: THREE}
            )
        },
        is_in_words,
        summed_up=frozenset({"arms"}),
    ),
]
