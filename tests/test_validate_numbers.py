"""Numbers and whole numbers as arguments: inside their interval or refused, one or several."""

from fractions import Fraction

import numpy as np
import pytest

from companion import _validate as validate
from tests.refusal import INF, NAN, refused


@pytest.mark.parametrize(
    ("value", "interval"),
    [
        (0, "[0, 1)"),
        (0.5, "(0, 1)"),
        (1, "(0, 1]"),
        (-3.5, "(-inf, inf)"),
        (np.float32(0.25), "[0, 1]"),
        (np.float64(0.25), "[0, 1]"),
        (np.int16(7), "[0, inf)"),
        (Fraction(1, 2), "[0, 1]"),
    ],
)
def test_number_inside_its_interval_becomes_a_float(value, interval):
    checked = validate.check_number(value, "rate", "Dropout", interval, 0.5)
    assert type(checked) is float
    assert checked == value


@pytest.mark.parametrize("value", [-0.001, 1, 1.5, NAN, INF, -INF, np.float32("nan")])
def test_number_outside_its_interval(value):
    sentence = f"rate of Dropout must be in [0, 1). Got rate={value!r}. Try 0.5."
    with refused(ValueError, sentence):
        validate.check_number(value, "rate", "Dropout", "[0, 1)", 0.5)


@pytest.mark.parametrize(
    ("interval", "end"), [("(0, 1)", 0), ("(0, 1)", 1), ("[0, 1)", 1), ("(0, 1]", 0)]
)
def test_open_ends_are_outside(interval, end):
    with refused(ValueError, f"p of f must be in {interval}. Got p={end}. Try 0.5."):
        validate.check_number(end, "p", "f", interval, 0.5)


@pytest.mark.parametrize(("interval", "beyond"), [("(0, 1)", -1), ("[0, 1]", -1), ("(0, 1]", 2)])
def test_numbers_beyond_the_ends_are_outside(interval, beyond):
    with refused(ValueError, f"p of f must be in {interval}. Got p={beyond}. Try 0.5."):
        validate.check_number(beyond, "p", "f", interval, 0.5)


@pytest.mark.parametrize("interval", ["[0, inf)", "(-inf, inf)"])
def test_infinity_is_never_inside(interval):
    with refused(ValueError, f"x of f must be in {interval}. Got x=inf. Try 1."):
        validate.check_number(INF, "x", "f", interval, 1)


@pytest.mark.parametrize("value", [10**400, -(10**400), Fraction(10**400)])
def test_number_beyond_all_floats(value):
    with pytest.raises(ValueError, match=r"^x of f must be in \(-inf, inf\)\. Got x="):
        validate.check_number(value, "x", "f", "(-inf, inf)", 1)


@pytest.mark.parametrize("value", [True, np.bool_(1), "0.5", None, 1j, [0.5], np.array(0.5)])
def test_number_of_another_type(value):
    shown = "array(shape=(), dtype=float64)" if isinstance(value, np.ndarray) else repr(value)
    with refused(TypeError, f"rate of f must be a number in [0, 1). Got rate={shown}. Try 0.5."):
        validate.check_number(value, "rate", "f", "[0, 1)", 0.5)


@pytest.mark.parametrize("value", [1, 64, np.int64(3), np.uint8(255), 10**400])
def test_integer_inside_its_interval(value):
    checked = validate.check_integer(value, "epochs", "fit", "[1, inf)", 10)
    assert type(checked) is int
    assert checked == value


@pytest.mark.parametrize("value", [0, -1, np.int8(-3)])
def test_integer_outside_its_interval(value):
    with refused(ValueError, f"epochs of fit must be in [1, inf). Got epochs={value!r}. Try 10."):
        validate.check_integer(value, "epochs", "fit", "[1, inf)", 10)


@pytest.mark.parametrize("value", [3.0, True, np.bool_(1), np.float32(3), "3", None])
def test_integer_of_another_type(value):
    sentence = f"epochs of fit must be a whole number in [1, inf). Got epochs={value!r}. Try 10."
    with refused(TypeError, sentence):
        validate.check_integer(value, "epochs", "fit", "[1, inf)", 10)


def test_ends_are_exact_beyond_what_a_float_holds():
    end = 2**53 + 1
    interval = f"[0, {end}]"
    assert validate.check_integer(end, "n", "f", interval, 1) == end
    with pytest.raises(ValueError, match=r"^n of f must be in \[0, 9007199254740993\]\."):
        validate.check_integer(end + 1, "n", "f", interval, 1)


@pytest.mark.parametrize("values", [[1, 2], (1, np.int32(2)), np.array([1, 2]), range(1, 3)])
def test_each_integer(values):
    assert validate.check_each_integer(values, "seeds", "run", "[1, inf)", (1, 2, 3)) == (1, 2)


@pytest.mark.parametrize(
    ("values", "error"),
    [([], ValueError), ("12", TypeError), (b"12", TypeError), (3, TypeError), ({1}, TypeError)],
)
def test_each_integer_that_is_no_sequence_or_empty(values, error):
    sentence = (
        "seeds of run must be a non-empty sequence of whole numbers in [1, inf). "
        f"Got seeds={values!r}. Try (1, 2)."
    )
    with refused(error, sentence):
        validate.check_each_integer(values, "seeds", "run", "[1, inf)", (1, 2))


@pytest.mark.parametrize("values", [np.array(3), np.zeros((2, 2), int)])
def test_each_integer_of_an_array_that_is_no_row(values):
    with pytest.raises(TypeError, match=r"of run must be a .*whole number"):
        validate.check_each_integer(values, "seeds", "run", "[1, inf)", (1, 2))


def test_each_integer_names_the_wrong_one():
    with refused(ValueError, "seeds[1] of run must be in [1, inf). Got seeds[1]=0. Try 1."):
        validate.check_each_integer([5, 0], "seeds", "run", "[1, inf)", (1, 2))
