"""Argument checks: whatever comes, the one sentence that refuses it stays short."""

import numpy as np
import pytest

from companion import _validate as validate
from tests.refusal import refused


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


def test_long_values_are_cut():
    with pytest.raises(TypeError) as caught:
        validate.check_flag("x" * 500, "shuffle", "fit")
    assert "Got shuffle='xxx" in str(caught.value)
    assert "xxx...xxx" in str(caught.value)
    assert "xxx'. Try True." in str(caught.value)
    assert len(str(caught.value)) < 160
