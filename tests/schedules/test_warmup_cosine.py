"""WarmupCosine: every boundary by hand, and Keras' cosine where both say the same."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.schedules import WarmupCosine
from tests.schedules.rates import rates

CosineDecay = keras.optimizers.schedules.CosineDecay


def test_by_hand_with_warmup():
    schedule = WarmupCosine(0.5, 8, warmup_steps=4, final=0.25)
    assert rates(schedule, range(4)) == [0.125, 0.25, 0.375, 0.5]
    assert_allclose(rates(schedule, [4, 5]), [0.25 + 0.125 * (1 + 0.5**0.5), 0.375], rtol=2e-7)
    assert rates(schedule, [7, 8, 9, 10_000]) == [0.25] * 4
    assert rates(schedule, [6])[0] > 0.25


@pytest.mark.parametrize("warmup_steps", [0, 1])
def test_without_warmup_the_first_step_is_the_peak(warmup_steps):
    schedule = WarmupCosine(0.5, 5, warmup_steps)
    expected = [0.5, 0.25 * (1 + 0.5**0.5), 0.25, 0.25 * (1 - 0.5**0.5), 0.0, 0.0]
    assert_allclose(rates(schedule, range(6)), expected, rtol=1e-6)
    assert rates(schedule, [0, 4]) == [0.5, 0.0]


def test_the_longest_warmup_and_the_shortest_training():
    assert rates(WarmupCosine(0.75, 4, 3, 0.125), range(5)) == [0.25, 0.5, 0.75, 0.125, 0.125]
    assert rates(WarmupCosine(0.5, 2), range(3)) == [0.5, 0.0, 0.0]


def test_the_peak_is_reached_once():
    values = rates(WarmupCosine(0.3, 20, 6, 0.01), range(25))
    assert values.index(max(values)) == 5
    assert (np.diff(values[:6]) > 0).all()
    assert (np.diff(values[5:20]) < 0).all()


def test_equals_keras_with_its_warmup_target():
    """Keras' warm-up begins with its initial rate: peak / w over w - 1 steps is the same line."""
    peak, total, warmup, final = 0.3, 30, 8, 0.03
    theirs = CosineDecay(
        peak / warmup, total - warmup, final / peak, warmup_target=peak, warmup_steps=warmup - 1
    )
    steps = range(35)
    assert_allclose(
        rates(WarmupCosine(peak, total, warmup, final), steps), rates(theirs, steps), 2e-6
    )


def test_equals_keras_without_warmup():
    steps = range(25)
    theirs = CosineDecay(0.3, 19, alpha=0.1)
    assert_allclose(rates(WarmupCosine(0.3, 20, final=0.03), steps), rates(theirs, steps), 2e-6)


def test_a_constant_rate():
    assert set(rates(WarmupCosine(0.1, 9, final=0.1), range(12))) == set(rates(lambda _: 0.1, [0]))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            {"warmup_steps": 10},
            r"warmup_steps of WarmupCosine must be in \[0, 9\]. Got w.*=10. Try 0",
        ),
        ({"final": 0.6}, r"final of WarmupCosine must be in \[0, 0.5\]. Got final=0.6. Try 0.0."),
        ({"total_steps": 1}, r"total_steps of WarmupCosine must be in \[2, inf\)"),
        ({"peak": 0}, r"peak of WarmupCosine must be in \(0, inf\)"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        WarmupCosine(**{"peak": 0.5, "total_steps": 10, **arguments})
