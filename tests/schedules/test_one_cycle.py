"""OneCycle: a triangle with exact corners."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.schedules import OneCycle
from tests.schedules.rates import rates


def test_by_hand():
    schedule = OneCycle(1.0, 9, warmup_fraction=0.5, initial=0.5, final=0.25)
    assert rates(schedule, range(5)) == [0.5, 0.625, 0.75, 0.875, 1.0]
    assert rates(schedule, range(5, 11)) == [0.8125, 0.625, 0.4375, 0.25, 0.25, 0.25]
    assert schedule.peak_step == 4


def test_defaults_begin_at_a_25th_and_end_at_zero():
    schedule = OneCycle(0.5, 101)
    assert_allclose(rates(schedule, [0, 24, 25, 26]), [0.02, 0.4808, 0.5, 0.5 * 74 / 75], rtol=1e-6)
    assert_allclose(rates(schedule, [99, 100, 101]), [0.5 / 75, 0, 0], rtol=1e-5)
    assert schedule.initial == 0.02


def test_is_linear_between_its_corners():
    schedule = OneCycle(0.7, 40, warmup_fraction=0.3, final=0.007)
    corners = [0, schedule.peak_step, 39]
    steps = np.arange(45)
    expected = np.interp(steps, corners, [0.7 / 25, 0.7, 0.007])
    assert_allclose(rates(schedule, steps), expected, rtol=2e-6)


@pytest.mark.parametrize(
    ("total_steps", "fraction", "peak_step"),
    [
        (3, 0.001, 1),
        (3, 0.999, 1),
        (100, 0.001, 1),
        (100, 0.999, 98),
        (11, 0.25, 2),
        (12, 0.25, 3),
        (101, 0.3, 30),
    ],
)
def test_the_peak_is_never_the_first_or_last_step(total_steps, fraction, peak_step):
    schedule = OneCycle(0.5, total_steps, fraction)
    assert schedule.peak_step == peak_step
    values = rates(schedule, range(total_steps))
    assert values.index(max(values)) == peak_step
    assert values[peak_step] == 0.5


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"initial": 0.0}, r"initial of OneCycle must be in \(0, 0.5\]. Got initial=0.0. Try 0.5."),
        ({"initial": 0.6}, r"initial of OneCycle must be in \(0, 0.5\]"),
        ({"final": 0.6}, r"final of OneCycle must be in \[0, 0.5\]"),
        ({"total_steps": 2}, r"total_steps of OneCycle must be in \[3, inf\)"),
        ({"warmup_fraction": 1}, r"warmup_fraction of OneCycle must be in \(0, 1\)"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        OneCycle(**{"peak": 0.5, "total_steps": 10, **arguments})
