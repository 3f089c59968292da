"""companion.from_scratch.shrinkage: quadratic losses, in their eigenbasis and in any other."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from companion.from_scratch import ridge_minimum, shrinkage_factors
from tests.arguments.arrays import elements, wrong_array, wrong_sample
from tests.arguments.case import Case, Given
from tests.arguments.strategies import number_in, only, wrong_number

EIGENVALUES = st.lists(st.floats(0, 1e6), min_size=1, max_size=5)
NOT_CONVEX = only(np.diag([1.0, -0.5]), -np.eye(2), np.array([[1.0, 0.5], [0.0, 1.0]]))


def quadratic(size: int) -> st.SearchStrategy:
    """The Hessian of least squares, and a minimum of as many weights."""
    rows = st.sampled_from([np.float32, np.float64]).flatmap(
        lambda dtype: arrays(dtype, (size + 1, size), elements=elements(-100, 100, dtype))
    )
    return st.fixed_dictionaries(
        {
            "hessian": rows.map(lambda x: x.T @ x),
            "minimum": arrays(np.float64, size, elements=elements(-100, 100, np.float64)),
            "strength": number_in("(0, inf)").filter(lambda strength: strength > 1e-9),
        }
    )


def factors(result: np.ndarray, given: Given) -> bytes:
    assert result.shape == (len(given["eigenvalues"]),)
    assert ((result >= 0) & (result <= 1)).all()
    return result.tobytes()


def no_longer_than_before(result: np.ndarray, given: Given) -> bytes:
    assert np.linalg.norm(result) <= np.linalg.norm(given["minimum"]) * (1 + 1e-9)
    return result.tobytes()


CASES = [
    Case(
        shrinkage_factors,
        st.fixed_dictionaries(
            {
                "eigenvalues": EIGENVALUES | EIGENVALUES.map(np.array),
                "strength": number_in("(0, inf)"),
            }
        ),
        {
            "eigenvalues": wrong_sample(1, (1,)) | only([-1.0], [1.0, -1e-9], np.array([-5e-324])),
            "strength": wrong_number("(0, inf)"),
        },
        factors,
        ranges={"strength": "(0, inf)"},
    ),
    Case(
        ridge_minimum,
        st.integers(1, 4).flatmap(quadratic),
        {
            "hessian": wrong_array((2, 2), "f") | NOT_CONVEX | only(np.ones((2, 3))),
            "minimum": lambda given: wrong_array(given["minimum"].shape, "f"),
            "strength": wrong_number("(0, inf)"),
        },
        no_longer_than_before,
        ranges={"strength": "(0, inf)"},
    ),
]
