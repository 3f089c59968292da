"""InverseSquareRoot: warm-up, peak, decay, and the formula of the Transformer."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.schedules import InverseSquareRoot
from tests.schedules.rates import rates


def test_by_hand():
    schedule = InverseSquareRoot(0.5, 4)
    assert rates(schedule, [0, 1, 2, 3]) == [0.125, 0.25, 0.375, 0.5]
    assert_allclose(rates(schedule, [4, 15, 399]), [0.5 * 0.8**0.5, 0.25, 0.05], rtol=2e-7)


def test_without_warmup_the_first_step_is_the_peak():
    assert_allclose(rates(InverseSquareRoot(0.5, 1), range(4)), [0.5, 0.5**1.5, 0.5 / 3**0.5, 0.25])


def test_is_the_formula_of_vaswani_2017_with_steps_from_one():
    width, warmup = 512, 40
    schedule = InverseSquareRoot((width * warmup) ** -0.5, warmup)
    steps = range(1, 80)
    expected = [width**-0.5 * min(n**-0.5, n * warmup**-1.5) for n in steps]
    assert_allclose(rates(schedule, [n - 1 for n in steps]), expected, rtol=5e-7)


def test_rises_to_the_peak_and_falls_for_ever():
    values = rates(InverseSquareRoot(0.3, 10), range(30))
    assert values.index(max(values)) == 9
    assert (np.diff(values[:10]) > 0).all()
    assert (np.diff(values[9:]) < 0).all()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"warmup_steps": 0}, r"warmup_steps of InverseSquareRoot must be in \[1, inf\)"),
        ({"peak": 0}, r"peak of InverseSquareRoot must be in \(0, inf\)"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        InverseSquareRoot(**{"peak": 0.5, "warmup_steps": 10, **arguments})
