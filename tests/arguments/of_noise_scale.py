"""companion.from_scratch.noise_scale."""

import numpy as np
from hypothesis import strategies as st

from companion.from_scratch import noise_scale
from tests.arguments.arrays import wrong_sample
from tests.arguments.case import Case, Given
from tests.arguments.strategies import only, wrong_wholes

NORMS = st.lists(st.floats(0, 1e6), min_size=2, max_size=2)
SIZES = st.lists(st.integers(1, 1000), min_size=2, max_size=2, unique=True).map(sorted)


def not_negative(result: float, given: Given) -> float:
    assert type(result) is float
    assert result >= 0
    return result


CASES = [
    Case(
        noise_scale,
        st.fixed_dictionaries(
            {
                "squared_norms": NORMS | NORMS.map(np.array) | NORMS.map(tuple),
                "batch_sizes": SIZES | SIZES.map(tuple),
            }
        ),
        {
            "squared_norms": wrong_sample(2, (1,)) | only([-1.0, 2.0], [1.0], [1.0, 2.0, 3.0]),
            "batch_sizes": wrong_wholes("[1, 1e9]") | only([4, 1], (4, 4), [1, 2, 3], [7]),
        },
        not_negative,
    ),
]
