"""StepDecay: the stairs begin where they should, also after many steps."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.schedules import StepDecay
from tests.schedules.rates import rates


def test_by_hand():
    schedule = StepDecay(0.5, 3, factor=0.5)
    assert rates(schedule, range(8)) == [0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125]


def test_divides_by_ten_unless_told():
    assert_allclose(rates(StepDecay(1, 100), [99, 100, 299, 300]), [1, 0.1, 0.01, 0.001], rtol=3e-7)


def test_boundaries_are_exact_where_float32_no_longer_counts():
    step_size = 2**25 + 1
    schedule = StepDecay(0.5, step_size, factor=0.5)
    around = [step_size - 1, step_size, 2 * step_size - 1, 2 * step_size]
    assert rates(schedule, around) == [0.5, 0.25, 0.25, 0.125]
    assert rates(schedule, np.array(around)) == [0.5, 0.25, 0.25, 0.125]


def test_equals_keras_whose_boundaries_are_inclusive():
    theirs = keras.optimizers.schedules.PiecewiseConstantDecay([9, 19, 29], [0.3, 0.03, 3e-3, 3e-4])
    assert_allclose(rates(StepDecay(0.3, 10), range(40)), rates(theirs, range(40)), rtol=1e-6)


def test_a_factor_of_one_is_a_constant_rate():
    assert rates(StepDecay(0.5, 1, 1), range(3)) == [0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"factor": 1.5}, r"factor of StepDecay must be in \(0, 1\]. Got factor=1.5. Try 0.1."),
        ({"step_size": 0}, r"step_size of StepDecay must be in \[1, inf\)"),
        ({"initial": -1}, r"initial of StepDecay must be in \(0, inf\)"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        StepDecay(**{"initial": 0.5, "step_size": 10, **arguments})
