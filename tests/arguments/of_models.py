"""companion.models: networks are built small, and never trained."""

import keras
import numpy as np
from hypothesis import strategies as st

from companion.models import build_cnn, build_mlp
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    not_a_flag,
    number_in,
    only,
    optional,
    whole_in,
    wrong_number,
    wrong_whole,
    wrong_wholes,
)

RANGES = {"l1": "[0, inf)", "l2": "[0, inf)", "dropout": "[0, 1)"}
WHOLE_RANGES = {"num_classes": "[2, inf)", "seed": "[0, inf)"}
SHARED = {
    "l1": number_in("[0, inf)"),
    "l2": number_in("[0, inf)"),
    "dropout": number_in("[0, 1)"),
    "batch_norm": st.booleans() | st.booleans().map(np.bool_),
    "seed": st.none() | whole_in("[0, inf)") | st.just(2**70),
}
WRONG = {
    "num_classes": wrong_whole("[2, inf)"),
    "l1": wrong_number("[0, inf)"),
    "l2": wrong_number("[0, inf)"),
    "dropout": wrong_number("[0, 1)"),
    "batch_norm": not_a_flag,
    "seed": optional(wrong_whole("[0, inf)")),
}
IMAGES = [(18, 18, 1), [18, 19, 3], np.array([20, 18, 3])]


def is_an_uncompiled_classifier(model: keras.Model, given: Given) -> object:
    assert isinstance(model, keras.Model)
    assert not model.compiled
    assert model.output_shape == (None, int(given["num_classes"]))
    assert model.input_shape == (None, *map(int, given["input_shape"]))
    kinds = [type(layer).__name__ for layer in model.layers]
    assert ("Dropout" in kinds) is bool(given.get("dropout"))
    return kinds, [weight.shape for weight in model.weights]


CASES = [
    Case(
        build_cnn,
        st.fixed_dictionaries(
            {
                "input_shape": st.sampled_from(IMAGES),
                "num_classes": whole_in("[2, inf)", largest=4),
                "filters": only((1, 1, 1), [2, 1, 2], np.array([1, 2, 3])),
            },
            optional=SHARED,
        ),
        {
            "input_shape": wrong_wholes("[1, inf)")
            | only((32, 32), (17, 18, 3), [18, 17, 3], (32, 32, 3, 1), (32,)),
            "filters": wrong_wholes("[1, inf)") | only((1, 2), (1, 2, 3, 4), [1]),
            **WRONG,
        },
        is_an_uncompiled_classifier,
        ranges=RANGES,
        whole_ranges=WHOLE_RANGES,
        share=0.15,
    ),
    Case(
        build_mlp,
        st.fixed_dictionaries(
            {
                "input_shape": only((1,), [2, 3], np.array([4, 1, 1])),
                "num_classes": whole_in("[2, inf)", largest=4),
                "hidden_units": only((1,), [3, 2], np.array([1, 2, 3])),
            },
            optional=SHARED,
        ),
        {
            "input_shape": wrong_wholes("[1, inf)"),
            "hidden_units": wrong_wholes("[1, inf)"),
            **WRONG,
        },
        is_an_uncompiled_classifier,
        ranges=RANGES,
        whole_ranges=WHOLE_RANGES,
        share=0.15,
    ),
]
