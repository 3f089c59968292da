"""Shrinkage of a quadratic's minimum: by hand, by other ways to the same minimum, and by Keras."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from scipy import optimize

from companion.from_scratch import l2_gradient, l2_penalty, ridge_minimum, shrinkage_factors

STRENGTHS = [0.001, 0.25, 3]
UNITS = arrays(np.float64, (6, 3), elements=st.floats(-1, 1))
POSITIVE = st.floats(1e-3, 1e3)


def bowl(seed=0, num_weights=5):
    """Return the Hessian and the minimum of a quadratic with eigenvalues from 0.01 to 10."""
    rng = np.random.default_rng(seed)
    basis = np.linalg.qr(rng.normal(size=(num_weights, num_weights)))[0]
    eigenvalues = np.geomspace(0.01, 10, num_weights)
    return (basis * eigenvalues) @ basis.T, rng.normal(size=num_weights)


def test_factors_by_hand():
    """6 / (6 + 2), 2 / (2 + 2), 0 / (0 + 2): the penalty without 1/2 puts a 2 below."""
    assert shrinkage_factors([6, 2, 0], 1).tolist() == [0.75, 0.5, 0.0]
    assert shrinkage_factors(np.float32([0.5]), 0.25).tolist() == [0.5]


def test_minimum_by_hand():
    """In the basis (1, 1), (1, -1) the Hessian is diag(6, 2), and w* = 3 (1, 1) + 1 (1, -1)."""
    hessian = np.array([[4.0, 2.0], [2.0, 4.0]])
    assert_allclose(ridge_minimum(hessian, np.array([4.0, 2.0]), 1.0), [2.75, 1.75], rtol=1e-14)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_solves_the_normal_equations(strength):
    hessian, minimum = bowl()
    expected = np.linalg.solve(hessian + 2 * strength * np.eye(5), hessian @ minimum)
    assert_allclose(ridge_minimum(hessian, minimum, strength), expected, rtol=1e-10)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_equals_least_squares_on_data_with_rows_for_the_penalty(strength):
    """The mean square of y - x w plus the penalty is one least-squares problem with more rows."""
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(40, 4)), rng.normal(size=40)
    rows = np.vstack([x / np.sqrt(40), np.sqrt(strength) * np.eye(4)])
    expected = np.linalg.lstsq(rows, np.append(y / np.sqrt(40), np.zeros(4)))[0]
    least_squares = np.linalg.lstsq(x, y)[0]
    assert_allclose(ridge_minimum(2 * x.T @ x / 40, least_squares, strength), expected, rtol=1e-10)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_equals_what_a_general_optimizer_finds(strength):
    hessian, minimum = bowl(seed=3)

    def penalized(w):
        return 0.5 * (w - minimum) @ hessian @ (w - minimum) + l2_penalty(w, strength)

    found = optimize.minimize(penalized, np.zeros(5), tol=1e-12)
    assert_allclose(ridge_minimum(hessian, minimum, strength), found.x, atol=1e-4)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_gradient_descent_with_the_books_l2_gradient_stays_there(strength):
    hessian, minimum = bowl()
    there = ridge_minimum(hessian, minimum, strength)
    gradient = hessian @ (there - minimum) + l2_gradient(there, strength)
    assert_allclose(gradient, 0, atol=1e-12)


@pytest.fixture
def double_precision():
    for dtype in ("float64", "float32"):
        keras.config.set_floatx(dtype)
        keras.config.set_dtype_policy(dtype)
        if dtype == "float64":
            yield


def test_keras_with_l2_converges_to_it(double_precision):
    """Keras' mean squared error has the Hessian 2 x.T x / n."""
    rng = np.random.default_rng(4)
    x, true_weights = rng.normal(size=(64, 3)), rng.normal(size=(3, 1))
    penalty = keras.regularizers.L2(0.125)
    dense = keras.layers.Dense(1, use_bias=False, kernel_regularizer=penalty)
    model = keras.Sequential([keras.Input((3,)), dense])
    model.compile(keras.optimizers.SGD(0.125), "mse", jit_compile=False)
    batches = np.tile(x, (200, 1))
    model.fit(batches, batches @ true_weights, batch_size=64, shuffle=False, verbose=0)
    expected = ridge_minimum(2 * x.T @ x / 64, true_weights[:, 0], 0.125)
    assert_allclose(dense.kernel.numpy()[:, 0], expected, rtol=1e-12)


@given(x=UNITS, minimum=arrays(np.float64, 3, elements=st.floats(-9, 9)), strength=POSITIVE)
def test_never_longer_than_the_minimum_and_shorter_the_stronger(x, minimum, strength):
    norms = [
        np.linalg.norm(ridge_minimum(x.T @ x, minimum, factor * strength)) for factor in (1, 2)
    ]
    assert norms[1] <= norms[0] + 1e-12
    assert norms[0] <= np.linalg.norm(minimum) + 1e-9


@given(h=arrays(np.float64, 4, elements=st.floats(0, 1e6)), strength=POSITIVE)
def test_factors_are_ordered_as_the_eigenvalues(h, strength):
    factors = shrinkage_factors(np.sort(h), strength)
    assert (np.diff(factors) >= 0).all()
    assert (factors >= 0).all()
    assert (factors <= 1).all()
    assert_allclose(shrinkage_factors(h * 8, strength * 8), shrinkage_factors(h, strength))


def test_a_flat_direction_goes_to_zero_and_float32_is_enough():
    x = np.array([[1.0, 1.0], [2.0, 2.0]], np.float32)  # no data along (1, -1)
    result = ridge_minimum(x.T @ x, np.array([3.0, 1.0], np.float32), 1e-3)
    assert_allclose(result, [2, 2], rtol=1e-3)


@pytest.mark.parametrize(
    ("changed", "error", "sentence"),
    [
        ({"strength": 0}, ValueError, r"strength of ridge_minimum must be in \(0, inf\). Got"),
        ({"strength": None}, TypeError, "strength of ridge_minimum must be a number"),
        ({"minimum": np.ones(3)}, ValueError, r"minimum of .* must be an array of shape \(2\)"),
        ({"minimum": [1.0, 2.0]}, TypeError, "minimum of ridge_minimum must be an array"),
        ({"hessian": np.ones((2, 3))}, ValueError, "hessian of .* must be symmetric, with no neg"),
        ({"hessian": np.array([[1.0, 0.1], [0, 1]])}, ValueError, "hessian .* must be symmetric"),
        (
            {"hessian": np.diag([1.0, -0.1])},
            ValueError,
            r"no negative eigenvalue.*Try 2 \* x.T @ x",
        ),
        ({"hessian": np.diag([1.0, np.nan])}, ValueError, "hessian of .* must be finite"),
        ({"hessian": np.eye(2, dtype=int)}, TypeError, "hessian of .* floating-point"),
    ],
)
def test_wrong_arguments(changed, error, sentence):
    good = {"hessian": np.eye(2), "minimum": np.ones(2), "strength": 0.1}
    with pytest.raises(error, match=sentence):
        ridge_minimum(**{**good, **changed})


@pytest.mark.parametrize(
    ("eigenvalues", "strength", "error", "sentence"),
    [
        ([1.0, -0.1], 0.1, ValueError, "eigenvalues of .* must be finite numbers of at least 0"),
        ([1.0, np.nan], 0.1, ValueError, "eigenvalues of shrinkage_factors must be finite numbers"),
        (np.eye(2), 0.1, ValueError, "eigenvalues of shrinkage_factors must be finite numbers"),
        ("steep", 0.1, TypeError, "eigenvalues of shrinkage_factors must be finite numbers"),
        ([1.0], -0.1, ValueError, r"strength of shrinkage_factors must be in \(0, inf\)"),
        ([1.0], True, TypeError, "strength of shrinkage_factors must be a number"),
    ],
)
def test_wrong_arguments_of_the_factors(eigenvalues, strength, error, sentence):
    with pytest.raises(error, match=sentence):
        shrinkage_factors(eigenvalues, strength)
