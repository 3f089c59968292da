"""The cluster on paper against hand-computed schedules and a closed form."""

import math
from statistics import mean

import pytest

from campaigns.simulated_cluster import Costs, simulate

FREE = {"start": 0.0, "scheduler": 0.0, "fresh processes": 0.0, "deaths": 0.0, "last runs": 0.0}


@pytest.mark.parametrize(
    ("workers", "costs", "seconds", "lost"),
    [
        (2, {}, 20, {}),
        (3, {}, 20, {"last runs": 20}),
        (2, {"start": 5}, 25, {"start": 10}),
        (2, {"fresh": 1}, 22, {"fresh processes": 4}),
        # The scheduler hands out at 1, 2, 12 and 13; the worker that ends at 22 waits for the last.
        (2, {"task": 1}, 23, {"scheduler": 5, "last runs": 1}),
        # All end at 10; the runner keeps them at 13, 16, 19 and 22.
        (4, {"keep": 3}, 22, {"last runs": 48}),
    ],
)
def test_four_runs_of_ten_seconds(workers, costs, seconds, lost):
    outcome = simulate([10.0] * 4, workers, Costs(**costs), seed=0)
    assert (outcome.seconds, outcome.kept) == (seconds, (1, 1, 1, 1))
    assert outcome.lost == {**FREE, **lost}


def test_a_scheduler_that_is_too_slow_sets_the_pace():
    """Of 100 runs of 1 s on 100 workers the last is handed out at 100 s."""
    assert simulate([1.0] * 100, 100, Costs(task=1.0), seed=0).seconds == 101.0


def test_deaths_cost_what_theory_says_and_lose_no_run():
    """A run of d seconds whose worker dies at rate r takes (exp(rd) - 1) / r in the mean."""
    rate, duration, count = 0.1, 10.0, 4000
    outcome = simulate([duration] * count, 1, Costs(deaths=rate), seed=1)
    assert set(outcome.kept) == {1}
    expected = (math.exp(rate * duration) - 1) / rate
    assert outcome.seconds / count == pytest.approx(expected, rel=0.05)
    assert outcome.lost["deaths"] == pytest.approx(outcome.seconds - duration * count)


def test_a_seed_repeats_a_simulation():
    costs = Costs(deaths=0.05, start=1.0)
    first, again, other = (simulate([10.0] * 50, 7, costs, seed).seconds for seed in (1, 1, 2))
    assert first == again != other


def test_workers_are_never_more_than_their_number():
    costs = Costs(start=3.0, fresh=0.5, task=0.01, keep=0.01, deaths=0.001)
    seconds = [float(30 + run % 60) for run in range(200)]
    alone = simulate(seconds, 1, costs, seed=0).seconds
    for workers in (2, 5, 50):
        several = [simulate(seconds, workers, costs, seed).seconds for seed in range(5)]
        assert 1 < alone / mean(several) <= workers
