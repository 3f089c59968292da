"""companion.tuning: a search by folds of a closed form."""

import functools
import random
import tempfile
from collections.abc import Callable
from typing import TypeVar

import keras_tuner
import numpy as np
import pandas as pd
from hypothesis import strategies as st
from sklearn.model_selection import GroupKFold, KFold

from companion.tuning import CVTuner, RefittedModel
from companion.tuning.racing import RULES
from tests.arguments.arrays import wrong_array
from tests.arguments.case import Case, Given
from tests.arguments.of_cross_validation import (
    GROUPS,
    HOLD_OUT,
    WRONG_FIT,
    WRONG_SPLITTER,
    X,
    Y,
    standardize,
)
from tests.arguments.of_racing import ALPHA, FUNCTIONS, SIMPLICITY, WRONG_CHOOSING
from tests.arguments.strategies import (
    anything_but,
    number_in,
    only,
    optional,
    whole_in,
    wrong_choice,
    wrong_folder,
    wrong_number,
    wrong_text,
    wrong_whole,
)
from tests.tuning.ridge import FIT, ridge

T = TypeVar("T")
SEEDS, TRIALS = "[1, 2147483647]", "[1, inf)"
MSE = keras_tuner.Objective("mse", "min")
WRONG_OBJECTIVE = anything_but() | only(
    keras_tuner.Objective("val_mse", "min"), keras_tuner.Objective("mse", "lowest")
)


def build(hp: keras_tuner.HyperParameters) -> object:
    return ridge(hp.Float("alpha", 0.1, 10.0))()


def without_model(hp: keras_tuner.HyperParameters) -> object:
    return hp.Float("alpha", 0.1, 10.0)


def undisturbed(make: Callable[[], T]) -> Callable[[], T]:
    """Give random numbers back, since strategies must not draw from them, but KerasTuner does."""

    @functools.wraps(make)
    def made() -> T:
        state = random.getstate()
        try:
            return make()
        finally:
            random.setstate(state)

    return made


@undisturbed
def new_tuner() -> CVTuner:
    return CVTuner(
        build,
        objective=MSE,
        splitter=KFold(2),
        directory=tempfile.mkdtemp(),
        max_trials=1,
        preprocess=standardize,
    )


@functools.cache
@undisturbed
def searched() -> CVTuner:
    tuner = new_tuner()
    tuner.search(X, Y, fit=FIT)
    return tuner


def has_found_the_space(tuner: CVTuner, given: Given) -> object:
    assert "alpha" in tuner.oracle.get_space().values
    return tuner.project_name


def has_one_row(_result: None, given: Given) -> object:
    return has_all_folds(given["self"].results(), given)


def has_all_folds(table: pd.DataFrame, given: Given) -> object:
    assert len(table) == 1
    return [table["fold_0"][0], table["fold_1"][0]]


def has_the_values(hp: keras_tuner.HyperParameters, given: Given) -> object:
    assert 0.1 <= hp.get("alpha") <= 10
    return hp.values


def predicts(model: RefittedModel, given: Given) -> object:
    return model.predict(X).tolist()


@functools.cache
@undisturbed
def refitted() -> RefittedModel:
    return searched().refit()


WRONG_DATA = {
    "x": wrong_array((8, 3), "uif", ranks=False) | only(X[:1], X[:5]),
    "y": wrong_array((8,), "uif", ranks=False) | only(Y[:7], np.array(1.0)),
    "groups": optional(anything_but()) | only(GROUPS[:7], GROUPS[:, None], GROUPS * 0.5),
    "fit": WRONG_FIT.filter(lambda fit: not callable(fit)),
}
DATA = {"x": only(X, X.astype("float32")), "y": only(Y, Y.astype("float32"))}
FITS = only(FIT, lambda _: FIT)
TOLD_OTHERWISE = frozenset({"x", "y", "fit", "groups", "outer_splitter"})

CASES = [
    Case(
        CVTuner,
        st.fixed_dictionaries(
            {
                "build": only(without_model),
                "objective": only(MSE, keras_tuner.Objective("loss", "max")),
                "splitter": only(KFold(2), GroupKFold(2)),
                "directory": st.builds(tempfile.mkdtemp),
                "max_trials": whole_in(TRIALS),
            },
            optional={
                "oracle": only("random", "grid", "bayesian"),
                "racing": only(*RULES),
                "alpha": number_in(ALPHA),
                "preprocess": only(None, standardize),
                "inner": only(None, HOLD_OUT),
                "seed": whole_in(SEEDS),
                "project_name": only("search", "l2 and dropout"),
            },
        ),
        {
            "build": anything_but(*FUNCTIONS),
            "objective": WRONG_OBJECTIVE,
            "splitter": WRONG_SPLITTER,
            "directory": wrong_folder,
            "max_trials": wrong_whole(TRIALS).filter(lambda value: value is not None),
            "oracle": wrong_choice("random", "grid", "bayesian") | only("hyperband"),
            "racing": wrong_choice(*RULES),
            "alpha": wrong_number(ALPHA),
            "preprocess": optional(anything_but(*FUNCTIONS)),
            "inner": optional(WRONG_SPLITTER),
            "seed": wrong_whole(SEEDS),
            "project_name": wrong_text | only("a" * 300, "a\0b"),
        },
        has_found_the_space,
        ranges={"alpha": ALPHA},
        whole_ranges={"seed": SEEDS, "max_trials": TRIALS},
        share=0.5,
    ),
    Case(
        CVTuner.search,
        st.fixed_dictionaries(
            {"self": st.builds(new_tuner), **DATA},
            optional={"groups": st.none(), "fit": FITS},
        ),
        WRONG_DATA,
        has_one_row,
        summed_up=TOLD_OTHERWISE,
        share=0.1,
    ),
    Case(
        CVTuner.results,
        st.fixed_dictionaries({"self": st.builds(searched)}),
        promise=has_all_folds,
        share=0.1,
    ),
    Case(
        CVTuner.best,
        st.fixed_dictionaries(
            {"self": st.builds(searched)}, optional={"rule": only("max"), **SIMPLICITY}
        ),
        WRONG_CHOOSING,
        has_the_values,
        summed_up=TOLD_OTHERWISE,
        share=0.1,
    ),
    Case(
        CVTuner.refit,
        st.builds(searched).map(lambda tuner: {"self": tuner, "hyperparameters": tuner.best()}),
        {"hyperparameters": optional(anything_but()) | st.builds(keras_tuner.HyperParameters)},
        predicts,
        summed_up=frozenset({"hyperparameters"}),
        share=0.1,
    ),
    Case(
        CVTuner.nested_score,
        st.fixed_dictionaries(
            {"self": st.builds(new_tuner), "outer_splitter": only(KFold(2)), **DATA},
            optional={"groups": st.none(), "fit": FITS, "rule": only("max"), **SIMPLICITY},
        ),
        {
            "outer_splitter": WRONG_SPLITTER | only(GroupKFold(2), KFold(99)),
            **WRONG_DATA,
            "fit": only("fit", 3, {"validation_data": (X, Y)}, {"callbacks": [None]}, {1: 1}),
            **WRONG_CHOOSING,
        },
        lambda scores, _: scores.tolist(),
        summed_up=TOLD_OTHERWISE,
        share=0.1,
    ),
    Case(
        RefittedModel.predict,
        st.fixed_dictionaries({"self": st.builds(refitted), "x": DATA["x"]}),
        {"x": wrong_array((8, 3), "uif", ranks=False) | only(X[:0])},
        lambda predictions, _: predictions.tolist(),
        owner="RefittedModel",
        share=0.2,
    ),
    Case(
        RefittedModel.evaluate,
        st.fixed_dictionaries({"self": st.builds(refitted), **DATA}),
        {
            "x": wrong_array((8, 3), "uif", ranks=False) | only(X[:0], X[:5]),
            "y": wrong_array((8,), "uif", ranks=False) | only(Y[:7], np.array(1.0)),
        },
        lambda scores, _: scores,
        owner="RefittedModel",
        summed_up=frozenset({"x", "y"}),
        share=0.2,
    ),
]
