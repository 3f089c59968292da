"""The finals of the optimizers run at the rates that the search chose, and at no others."""

import pytest

from companion.experiments import STUDIES, load
from companion.experiments.catalogue.optimizers import CONTENDERS, FINAL_RATES, candidate_rates
from companion.experiments.catalogue.settings import slug


def best_validation(record, name, rate):
    """Return the highest validation accuracy of any epoch; test metrics choose nothing."""
    return record.values(f"{name}-{slug(rate)}", "validation_accuracy").max()


@pytest.mark.parametrize("name", CONTENDERS)
def test_the_rate_is_the_best_of_the_search_by_validation(name):
    search = load("optimizer-search")
    scores = {rate: best_validation(search, name, rate) for rate in candidate_rates(name)}
    assert FINAL_RATES[name] == max(scores, key=scores.__getitem__)


def test_finals_change_the_scale_and_nothing_else():
    search, finals = STUDIES["optimizer-search"].arms, STUDIES["optimizer-finals"].arms
    assert list(finals) == list(CONTENDERS)
    for name, final in finals.items():
        candidate = search[f"{name}-{slug(FINAL_RATES[name])}"]
        changed = {key for key in final if final[key] != candidate[key]}
        assert changed == {"train_size", "evaluation_size"}
        assert final.keys() == candidate.keys()
