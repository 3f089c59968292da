"""The schedules run at the peaks that their search chose, and at no others."""

import pytest

from companion.experiments import STUDIES, load
from companion.experiments.catalogue.practice import PEAK_RATES, SCHEDULE_PEAKS, SCHEDULES
from companion.experiments.catalogue.settings import slug


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_peak_is_the_best_of_the_search_by_validation(name):
    """After the last epoch; and it is none of the extremes, so that a better one is not beyond."""
    search = load("schedule-search")
    scores = {
        rate: search.final(f"{name}-{slug(rate)}", "validation_accuracy").item()
        for rate in PEAK_RATES
    }
    assert SCHEDULE_PEAKS[name] == max(scores, key=lambda rate: (scores[rate], rate))
    assert SCHEDULE_PEAKS[name] in PEAK_RATES[1:-1]


def test_finals_change_the_scale_and_nothing_else():
    search, finals = STUDIES["schedule-search"].arms, STUDIES["schedules"].arms
    candidates = {name: f"{name}-{slug(SCHEDULE_PEAKS[name])}" for name in SCHEDULES}
    candidates |= {f"constant-{rate}": f"constant-{rate}" for rate in ("0-0005", "0-00025")}
    assert list(finals) == list(candidates)
    for name, final in finals.items():
        candidate = search[candidates[name]]
        changed = {key for key in final if final[key] != candidate[key]}
        assert changed == {"train_size", "evaluation_size"}
        assert final.keys() == candidate.keys()
