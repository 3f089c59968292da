"""The finals of the optimizers run at the rates that the search chose, and at no others."""

import pytest

from companion.experiments import STUDIES, load
from companion.experiments.catalogue.optimizers import (
    CONTENDERS,
    FINAL_RATES,
    SECOND_RATE,
    candidate_rates,
)
from companion.experiments.catalogue.settings import slug


def best_validation(record, name, rate):
    """Return the highest validation accuracy of any epoch; test metrics choose nothing."""
    return record.values(f"{name}-{slug(rate)}", "validation_accuracy").max()


@pytest.mark.parametrize("name", CONTENDERS)
def test_the_rate_is_the_best_of_the_search_by_validation(name):
    search = load("optimizer-search")
    scores = {rate: best_validation(search, name, rate) for rate in candidate_rates(name)}
    assert FINAL_RATES[name] == max(scores, key=scores.__getitem__)


def test_the_second_rate_of_momentum_is_the_second_best_of_the_search():
    search = load("optimizer-search")
    scores = {
        rate: best_validation(search, "momentum", rate) for rate in candidate_rates("momentum")
    }
    assert sorted(scores, key=scores.__getitem__)[-2] == SECOND_RATE


def test_finals_change_images_and_epochs_and_nothing_else():
    search, finals = STUDIES["optimizer-search"].arms, STUDIES["optimizer-finals"].arms
    candidates = {name: f"{name}-{slug(rate)}" for name, rate in FINAL_RATES.items()}
    second = f"momentum-{slug(SECOND_RATE)}"
    assert list(finals) == [*CONTENDERS, second]
    for name, arm in {**candidates, second: second}.items():
        final, candidate = finals[name], search[arm]
        changed = {key for key in final if final[key] != candidate[key]}
        assert changed == {"train_size", "evaluation_size", "epochs"}
        assert final.keys() == candidate.keys()
