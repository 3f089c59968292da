"""Exponential: both ends exact, the same factor at every step between."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.schedules import Exponential
from tests.schedules.rates import rates


def test_by_hand():
    schedule = Exponential(0.5, 0.03125, 5)
    assert rates(schedule, range(7)) == [0.5, 0.25, 0.125, 0.0625, 0.03125, 0.03125, 0.03125]
    assert rates(Exponential(0.5, 0.25, 2), range(3)) == [0.5, 0.25, 0.25]


@pytest.mark.parametrize("final", [1e-30, 1e-7, 0.0007, 0.3, 0.7])
def test_ends_are_exact_in_float32(final):
    values = rates(Exponential(0.7, final, 12), range(14))
    assert values[0] == np.float32(0.7)
    assert values[11:] == [np.float32(final)] * 3


def test_every_step_has_the_same_factor():
    values = np.array(rates(Exponential(0.3, 0.003, 30), range(30)))
    assert_allclose(values[1:] / values[:-1], 0.01 ** (1 / 29), rtol=1e-6)


def test_equals_keras_up_to_the_last_step():
    theirs = keras.optimizers.schedules.ExponentialDecay(0.3, 29, 0.003 / 0.3)
    assert_allclose(rates(Exponential(0.3, 0.003, 30), range(30)), rates(theirs, range(30)), 1e-6)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"final": 0.6}, r"final of Exponential must be in \(0, 0.5\]. Got final=0.6. Try 0.5."),
        ({"final": 0}, r"final of Exponential must be in \(0, 0.5\]"),
        ({"total_steps": 1}, r"total_steps of Exponential must be in \[2, inf\)"),
        ({"initial": 0}, r"initial of Exponential must be in \(0, inf\)"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Exponential(**{"initial": 0.5, "final": 0.1, "total_steps": 10, **arguments})
