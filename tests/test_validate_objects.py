"""Flags, instances and callables as arguments."""

import numpy as np
import pytest

from companion import _validate as validate
from tests.refusal import refused


@pytest.mark.parametrize("value", [True, False, np.True_, np.False_])
def test_flag(value):
    assert validate.check_flag(value, "nesterov", "SGD") is bool(value)


@pytest.mark.parametrize("value", [0, 1, None, "True", [True], np.array([True])])
def test_flag_of_another_type(value):
    with pytest.raises(
        TypeError, match=r"^nesterov of SGD must be True or False\. Got .* Try True"
    ):
        validate.check_flag(value, "nesterov", "SGD")


def test_instance():
    value = [1]
    assert validate.check_instance(value, "x", "f", (list, tuple), "a list", "[1]") is value
    with refused(TypeError, "x of f must be a list. Got x=3. Try [1]."):
        validate.check_instance(3, "x", "f", list, "a list", "[1]")


def test_callable():
    assert validate.check_callable(len, "build", "f", "build_cnn") is len
    with refused(TypeError, "build of f must be callable. Got build=3. Try build_cnn."):
        validate.check_callable(3, "build", "f", "build_cnn")
