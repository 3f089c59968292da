"""companion.tuning: cross-validation of a closed form, and comparisons of its results."""

import threading

import keras
import numpy as np
from hypothesis import strategies as st
from sklearn.model_selection import KFold, ShuffleSplit

from companion.intervals import Interval
from companion.tuning import CrossValidation, compare_folds, corrected_interval, cross_validate
from companion.tuning.folds import FoldResult
from tests.arguments.arrays import wrong_array, wrong_sample
from tests.arguments.case import Case, Given
from tests.arguments.of_intervals import CONFIDENCE, samples
from tests.arguments.strategies import (
    anything_but,
    number_in,
    only,
    optional,
    whole_in,
    wrong_choice,
    wrong_number,
    wrong_text,
    wrong_whole,
)
from tests.tuning.ridge import FIT, ridge, ridge_problem

X, Y = ridge_problem(8)
GROUPS = np.repeat([0, 1], 4)
HOLD_OUT = ShuffleSplit(1, test_size=0.5, random_state=0)
COUNTS = {"num_train": "[1, 1e15]", "num_test": "[1, 1e15]"}


class Uncopyable(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.lock = threading.Lock()


def used():
    callback = keras.callbacks.TerminateOnNaN()
    callback.set_model(object())
    return callback


def standardize(train):
    return lambda inputs: inputs - train.mean(axis=0)


def result(*scores: float, pairing: str = "0") -> CrossValidation:
    metrics = [dict.fromkeys(("loss", "mae"), float(score)) for score in scores]
    folds = tuple(FoldResult(each, 1, 1, 0.0, 8, 2) for each in metrics)
    return CrossValidation(folds, pairing)


def has_every_fold(found: CrossValidation, given: Given) -> object:
    assert len(found.folds) == given["splitter"].get_n_splits()
    return found.scores("mse").tolist()


def holds_its_mean(interval: Interval, given: Given) -> Interval:
    assert interval.low <= interval.mean <= interval.high
    return interval


def is_one_number(value: float, given: Given) -> float:
    assert type(value) is float
    return value


WRONG_SPLITTER = anything_but() | only(KFold, ShuffleSplit(2), KFold(2, shuffle=True))
WRONG_FIT = optional(anything_but(dict)).filter(lambda value: value != {}) | only(
    {"epochs": 0},
    {"epochs": 1.5},
    {"epoch": 1},
    {"batch_size": True},
    {1: 1},
    {"validation_data": (X, Y)},
    {"validation_split": 0.2},
    {"sample_weight": Y},
    {"x": X},
    {"callbacks": "stop"},
    {"callbacks": [None]},
    {"callbacks": [used()]},
    {"callbacks": [Uncopyable()]},
    {"callbacks": keras.callbacks.ReduceLROnPlateau()},
)
WRONG_RESULT = anything_but(CrossValidation)
RESULTS = st.lists(number_in("[0, 1]"), min_size=2, max_size=4).map(lambda row: result(*row))

CASES = [
    Case(
        cross_validate,
        st.fixed_dictionaries(
            {
                "build": only(ridge(1.0)),
                "x": only(X, X.astype("float32")),
                "y": only(Y, Y.round().astype(int)),
                "splitter": only(KFold(2)),
                "seed": whole_in("[0, inf)"),
            },
            optional={
                "fit": only({**FIT}, {**FIT, "callbacks": [keras.callbacks.TerminateOnNaN()]}),
                "preprocess": only(None, standardize),
                "groups": st.none(),
                "inner": only(None, HOLD_OUT),
            },
        ),
        {
            "build": anything_but(type, type(len), type(lambda: 0)),
            "x": wrong_array((8, 3), "uif", ranks=False) | only(X[:1], X[:5]),
            "y": wrong_array((8,), "uif", ranks=False) | only(Y[:7], np.array(1.0)),
            "splitter": WRONG_SPLITTER | only(KFold(99)),
            "fit": WRONG_FIT,
            "preprocess": optional(anything_but(type, type(len), type(lambda: 0))),
            "groups": optional(anything_but()) | only(GROUPS[:7], GROUPS[:, None], GROUPS * 0.5),
            "seed": wrong_whole("[0, inf)"),
            "inner": optional(WRONG_SPLITTER),
        },
        has_every_fold,
        whole_ranges={"seed": "[0, inf)"},
        summed_up=frozenset({"fit", "y", "splitter", "groups"}),
        share=0.1,
    ),
    Case(
        corrected_interval,
        st.integers(2, 6).flatmap(
            lambda n: st.fixed_dictionaries(
                {
                    "first": samples(n),
                    "second": samples(n),
                    "num_train": whole_in("[1, 1e15]"),
                    "num_test": whole_in("[1, 1e15]"),
                },
                optional=CONFIDENCE,
            )
        ),
        {
            "first": wrong_sample(2, (1,)),  # the second is told to fit its length
            "second": wrong_sample(2, (1,)) | only([0.5] * 9),
            **{name: wrong_whole(interval) for name, interval in COUNTS.items()},
            "confidence": wrong_number("(0, 1)"),
        },
        holds_its_mean,
        ranges={"confidence": "(0, 1)"},
        whole_ranges=COUNTS,
        summed_up=frozenset({"first"}),  # the second is told to fit it
    ),
    Case(
        compare_folds,
        st.integers(2, 4).flatmap(
            lambda n: st.fixed_dictionaries(
                {
                    "first": samples(n).map(lambda row: result(*map(float, row))),
                    "second": samples(n).map(lambda row: result(*map(float, row))),
                    "metric": only("loss", "mae"),
                },
                optional=CONFIDENCE,
            )
        ),
        {
            "first": WRONG_RESULT | only(result(0.5), result(0.5, np.nan)),
            "second": WRONG_RESULT | only(result(0.5, 0.6, pairing="1")),
            "metric": wrong_choice("loss", "mae"),
            "confidence": wrong_number("(0, 1)"),
        },
        holds_its_mean,
        ranges={"confidence": "(0, 1)"},
        summed_up=frozenset({"first", "second"}),  # their scores
    ),
    *(
        Case(
            method,
            st.fixed_dictionaries({"self": RESULTS, "metric": only("loss", "mae")}),
            {"metric": wrong_choice("loss", "mae") | wrong_text},
            promise,
            owner="CrossValidation",
        )
        for method, promise in (
            (CrossValidation.scores, lambda scores, _: scores.tolist()),
            (CrossValidation.mean, is_one_number),
            (CrossValidation.standard_error, is_one_number),
        )
    ),
    Case(
        CrossValidation.to_dataframe,
        st.fixed_dictionaries({"self": RESULTS}),
        promise=lambda table, _: len(table),
    ),
]
