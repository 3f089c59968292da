"""Argument checks: what is right passes unchanged, what is wrong gives exactly the one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from companion import _validate as validate

INF, NAN = float("inf"), float("nan")


@contextmanager
def refused(error: type[Exception], sentence: str) -> Iterator[None]:
    """Expect `error` with this sentence, word for word."""
    with pytest.raises(error) as caught:
        yield
    assert str(caught.value) == sentence


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


@pytest.mark.parametrize("value", [True, False, np.True_, np.False_])
def test_flag(value):
    assert validate.check_flag(value, "nesterov", "SGD") is bool(value)


@pytest.mark.parametrize("value", [0, 1, None, "True", [True], np.array([True])])
def test_flag_of_another_type(value):
    with pytest.raises(
        TypeError, match=r"^nesterov of SGD must be True or False\. Got .* Try True"
    ):
        validate.check_flag(value, "nesterov", "SGD")


def test_text():
    assert validate.check_text(" a ", "name", "f", "'x'") == " a "
    with refused(TypeError, "name of f must be a string. Got name=3. Try 'x'."):
        validate.check_text(3, "name", "f", "'x'")
    with refused(
        ValueError, "name of f must be a string that is not blank. Got name=' '. Try 'x'."
    ):
        validate.check_text(" ", "name", "f", "'x'")
    with refused(
        ValueError,
        r"name of f must be a string without lone surrogates. Got name='\ud800'. Try 'x'.",
    ):
        validate.check_text("\ud800", "name", "f", "'x'")


def test_choice():
    assert validate.check_choice("b", "mode", "f", ("a", "b")) == "b"
    with refused(ValueError, "mode of f must be one of 'a', 'b'. Got mode='c'. Try 'a'."):
        validate.check_choice("c", "mode", "f", ("a", "b"))
    with refused(TypeError, "mode of f must be one of 'a', 'b'. Got mode=['a']. Try 'a'."):
        validate.check_choice(["a"], "mode", "f", ("a", "b"))


def test_path(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert validate.check_path("~/data", "data_dir", "f", "'data'") == tmp_path / "data"
    assert validate.check_path(Path("data"), "data_dir", "f", "'data'") == tmp_path / "data"
    with refused(TypeError, "data_dir of f must be a path. Got data_dir=3. Try 'data'."):
        validate.check_path(3, "data_dir", "f", "'data'")
    with refused(
        ValueError, "data_dir of f must be a path that is not blank. Got data_dir=''. Try 'data'."
    ):
        validate.check_path("", "data_dir", "f", "'data'")


@pytest.mark.parametrize("value", ["a" * 300, "a\0b", "\ud800", "~nobody-has-this-name/data"])
def test_path_that_cannot_be(value):
    with pytest.raises(ValueError, match=r"^data_dir of f must be a path that can be looked up\."):
        validate.check_path(value, "data_dir", "f", "'data'")


def test_folder(tmp_path):
    file = tmp_path / "file"
    file.touch()
    for folder in (tmp_path, tmp_path / "not" / "yet"):
        assert validate.check_folder(str(folder), "work_dir", "f", "'work'") == folder
    for wrong in (file, file / "below"):
        with pytest.raises(ValueError, match=r"^work_dir of f must be a folder, and no file\."):
            validate.check_folder(wrong, "work_dir", "f", "'work'")


def test_instance():
    value = [1]
    assert validate.check_instance(value, "x", "f", (list, tuple), "a list", "[1]") is value
    with refused(TypeError, "x of f must be a list. Got x=3. Try [1]."):
        validate.check_instance(3, "x", "f", list, "a list", "[1]")


def test_callable():
    assert validate.check_callable(len, "build", "f", "build_cnn") is len
    with refused(TypeError, "build of f must be callable. Got build=3. Try build_cnn."):
        validate.check_callable(3, "build", "f", "build_cnn")


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


class Silent:
    """What has no representation."""

    def __repr__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Silent(), "<Silent instance at 0x"),
        ([np.zeros((2, 2))], "[array([[0., 0.], [0., 0.]])]"),
        ([1] * 10**6, "[1, 1, 1, 1, 1, 1, ...]"),
    ],
)
def test_whatever_comes_is_shown_in_one_short_line(value, shown):
    with pytest.raises(TypeError) as caught:
        validate.check_flag(value, "shuffle", "fit")
    assert f"Got shuffle={shown}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_number_too_long_to_be_written():
    with refused(TypeError, "shuffle of fit must be True or False. Got shuffle=<int>. Try True."):
        validate.check_flag(10**5000, "shuffle", "fit")


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


def test_long_values_are_cut():
    with pytest.raises(TypeError) as caught:
        validate.check_flag("x" * 500, "shuffle", "fit")
    assert "Got shuffle='xxx" in str(caught.value)
    assert "xxx...xxx" in str(caught.value)
    assert "xxx'. Try True." in str(caught.value)
    assert len(str(caught.value)) < 160
