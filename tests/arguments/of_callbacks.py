"""companion.callbacks: made, and those with options tried in a fit of one batch."""

import keras
import numpy as np
from hypothesis import strategies as st

from companion.callbacks import (
    EvaluateSplits,
    GeneralizationGap,
    LearningRateLog,
    ProgressBar,
    ProximalL1,
    StopEarly,
    WeightNorms,
)
from companion.from_scratch import StoppingRule
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    anything_but,
    good_text,
    number_in,
    only,
    optional,
    whole_in,
    wrong_number,
    wrong_text,
    wrong_texts,
    wrong_whole,
)

X, Y = np.zeros((4, 2)), np.ones((4, 1))
PAIRS = only((X, Y), [X[:1], Y[:1]], (X, Y[:, 0]), ({"a": X, "b": X}, [Y, Y]))
WRONG_PAIR = anything_but(list, tuple) | only(
    (X,), (X, Y, Y), (X, Y[:3]), (X[:0], Y[:0]), ([1, 2], [3, 4]), [], (X, None), (X, "y"), "xy"
)
BATCH_SIZE = {"batch_size": whole_in("[1, inf)")}
IN_BATCHES = {"batch_size": "[1, inf)"}


def is_ready(callback: keras.callbacks.Callback, given: Given) -> object:
    assert isinstance(callback, keras.callbacks.Callback)
    return {name: value for name, value in vars(callback).items() if isinstance(value, int | float)}


def after_a_fit(callback: keras.callbacks.Callback) -> np.ndarray:
    """Return the kernel of a model, ones before, after an update without a gradient."""
    dense = keras.layers.Dense(1, kernel_initializer="ones", name="d")
    model = keras.Sequential([keras.Input((2,)), dense])
    model.compile(keras.optimizers.SGD(0.5), "mse", run_eagerly=True)
    model.fit(X, Y, callbacks=[callback], verbose=0)
    return dense.kernel.numpy()


def follows_a_fit(callback: WeightNorms, given: Given) -> object:
    after_a_fit(callback)
    assert 0 <= callback.table()["sparsity_d"][0] <= 1
    return is_ready(callback, given)


def shrinks_the_kernel(callback: ProximalL1, given: Given) -> object:
    expected = max(1 - 0.5 * float(given["strength"]), 0)
    np.testing.assert_allclose(after_a_fit(callback), expected, rtol=1e-6, atol=1e-7)
    return is_ready(callback, given)


CASES = [
    Case(
        EvaluateSplits,
        st.fixed_dictionaries(
            {"splits": st.dictionaries(good_text(), PAIRS, min_size=1, max_size=2)},
            optional=BATCH_SIZE,
        ),
        {
            "splits": anything_but(dict)
            | only({})
            | WRONG_PAIR.map(lambda pair: {"test": pair})
            | wrong_text.filter(lambda name: name.__hash__ is not None).map(
                lambda name: {name: (X, Y)}
            ),
            "batch_size": wrong_whole("[1, inf)"),
        },
        is_ready,
        whole_ranges=IN_BATCHES,
        summed_up=frozenset({"splits"}),  # the shapes of its arrays
    ),
    Case(
        GeneralizationGap,
        st.fixed_dictionaries({"train": PAIRS, "validation": PAIRS}, optional=BATCH_SIZE),
        {
            "train": WRONG_PAIR,
            "validation": WRONG_PAIR,
            "batch_size": wrong_whole("[1, inf)"),
        },
        is_ready,
        whole_ranges=IN_BATCHES,
        summed_up=frozenset({"train", "validation"}),
    ),
    Case(LearningRateLog, st.just({}), promise=is_ready),
    Case(
        ProgressBar,
        st.fixed_dictionaries(
            {}, optional={"metrics": st.none() | st.lists(good_text(), max_size=3)}
        ),
        {"metrics": optional(wrong_texts(list, tuple))},
        is_ready,
    ),
    Case(
        ProximalL1,
        st.fixed_dictionaries({"strength": number_in("[0, inf)")}),
        {"strength": wrong_number("[0, inf)")},
        shrinks_the_kernel,
        ranges={"strength": "[0, inf)"},
        share=0.1,
    ),
    Case(
        StopEarly,
        st.fixed_dictionaries(
            {
                "monitor": good_text(),
                "rule": st.builds(StoppingRule, mode=only("min", "max"), patience=only(0, 3)),
            }
        ),
        {"monitor": wrong_text, "rule": anything_but(StoppingRule)},
        is_ready,
    ),
    Case(
        WeightNorms,
        st.fixed_dictionaries({}, optional={"threshold": number_in("(0, inf)")}),
        {"threshold": wrong_number("(0, inf)")},
        follows_a_fit,
        ranges={"threshold": "(0, inf)"},
        share=0.1,
    ),
    Case(
        WeightNorms.table,
        st.fixed_dictionaries({"self": st.builds(WeightNorms)}),
        promise=lambda table, _: table,
    ),
]
