"""Arrays and samples as arguments: shape, kind of number, and only what is finite."""

import numpy as np
import pytest

from companion import _validate as validate
from tests.refusal import INF, NAN, refused


@pytest.mark.parametrize(
    ("value", "shape", "kinds"),
    [
        (np.zeros((1, 2)), (None, 2), "f"),  # any length includes 1
        (np.zeros((4, 10)), (None, 10), "f"),
        (np.zeros(3, np.uint8), (3,), "iu"),
        (np.array(1), (), "i"),
        (np.zeros((2, 0)), None, "f"),
    ],
)
def test_array_is_returned_itself(value, shape, kinds):
    assert validate.check_array(value, "x", "f", shape, kinds, "np.zeros(3)") is value


@pytest.mark.parametrize(
    ("value", "error", "got"),
    [
        ([[0.0, 1.0]], TypeError, "[[0.0, 1.0]]"),
        (np.zeros((1, 2), int), TypeError, "array(shape=(1, 2), dtype=int64)"),
        (np.zeros((1, 2), bool), TypeError, "array(shape=(1, 2), dtype=bool)"),
        (np.zeros(2), ValueError, "array(shape=(2,), dtype=float64)"),
        (np.zeros((3, 3)), ValueError, "array(shape=(3, 3), dtype=float64)"),
        (np.zeros((0, 2)), ValueError, "array(shape=(0, 2), dtype=float64)"),
    ],
)
def test_array_of_another_kind_or_shape(value, error, got):
    sentence = (
        "x of f must be an array of shape (n, 2) with floating-point numbers. "
        f"Got x={got}. Try np.zeros((1, 2))."
    )
    with refused(error, sentence):
        validate.check_array(value, "x", "f", (None, 2), "f", "np.zeros((1, 2))")


@pytest.mark.parametrize("value", [NAN, INF, -INF])
def test_array_with_a_number_that_is_not_finite(value):
    sentence = (
        "x of f must be finite. Got x=array(shape=(2,), dtype=float64) with NaN or infinity. "
        "Try np.zeros(2)."
    )
    with refused(ValueError, sentence):
        validate.check_array(np.array([0.0, value]), "x", "f", (2,), "f", "np.zeros(2)")


def test_array_of_any_shape_but_another_kind():
    with refused(
        TypeError,
        "x of f must be an array of any shape with whole numbers. Got x=None. Try [1].",
    ):
        validate.check_array(None, "x", "f", None, "i", "[1]")


@pytest.mark.parametrize(
    "value", [[1, 2], (np.float32(1), 2), np.array([1, 2], np.uint8), range(1, 3)]
)
def test_sample_becomes_floats(value):
    checked = validate.check_sample(value, "x", "f", (1,), 2, "two numbers", "[1, 2]")
    assert checked.dtype == np.float64
    assert checked.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("value", "error", "got"),
    [
        (["1", "2"], TypeError, "['1', '2']"),
        ([True, False], TypeError, "[True, False]"),
        ([1j, 2], TypeError, "[1j, 2]"),
        ([10**400, 1], TypeError, None),
        ([[1, 2], [3]], TypeError, "[[1, 2], [3]]"),
        (None, TypeError, "None"),
        ([1], ValueError, "[1]"),
        ([[1, 2]], ValueError, "[[1, 2]]"),
        ([1, NAN], ValueError, "[1, nan] with NaN or infinity"),
        (np.array([1, INF]), ValueError, "array(shape=(2,), dtype=float64) with NaN or infinity"),
    ],
)
def test_what_is_no_sample(value, error, got):
    with pytest.raises(error) as caught:
        validate.check_sample(value, "x", "f", (1,), 2, "two numbers", "[1, 2]")
    message = str(caught.value)
    assert message.startswith("x of f must be two numbers. Got x=")
    assert got is None or message.endswith(f"Got x={got}. Try [1, 2].")


def test_a_long_double_beyond_all_floats():
    with pytest.raises(ValueError, match="with NaN or infinity"):
        validate.check_sample(np.array(["1e400"], np.longdouble), "x", "f", (1,), 1, "one", "[1]")
