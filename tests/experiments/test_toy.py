"""The toy: a training function without framework or data."""

from companion.experiments import Study, run
from companion.experiments.toy import count


def test_it_counts_from_the_seed_and_reports():
    fractions = []
    assert count({"epochs": 4}, 2, fractions.append) == {"count": [3.0, 4.0, 5.0, 6.0]}
    assert fractions == [0.25, 0.5, 0.75, 1.0]


def test_it_runs_as_a_study():
    study = Study("toy", "?", "companion.experiments.toy:count", {"up": {"epochs": 2}}, (1, 5))
    histories = [one.history for one in run(study).values()]
    assert histories == [{"count": [2.0, 3.0]}, {"count": [6.0, 7.0]}]
