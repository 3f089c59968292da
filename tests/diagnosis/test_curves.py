"""Levels, pace and scatter of curves, by hand."""

import math

import numpy as np
import pytest

from companion.diagnosis.curves import Curves, gain_to_come, gains, quarter_means
from tests.diagnosis.scripted import T


def test_quarters_gains_and_pace_by_hand():
    curve = np.array([8.0, 7.0, 6.0, 5.0, 4.0, 4.0, 3.0, 3.0])
    assert quarter_means(curve).tolist() == [7.5, 6.5, 5.5, 4.5, 4.0, 3.5, 3.0]
    assert gains(curve) == (1.5, 1.0)
    assert gain_to_come(curve) == 4.0


def test_scatter_ignores_a_straight_trend_and_measures_noise():
    straight = Curves("loss", 5 - 0.1 * T, 5 - 0.1 * T, inference=True)
    assert straight.scatter == pytest.approx(0, abs=1e-12)
    noise = np.random.default_rng(1).normal(0, 0.3, 4000)
    noisy = Curves("loss", noise, noise + np.linspace(9, 2, 4000), inference=True)
    assert noisy.scatter == pytest.approx(0.3, rel=0.06)
    assert noisy.noise == pytest.approx(0.3 * math.sqrt(2 / 1000), rel=0.06)
