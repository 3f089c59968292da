"""Every study of the catalogue still runs, and its published record is what it would give.

A study without a record fails here: run and publish it.
"""

import json
import math
from dataclasses import replace

import pytest

from companion.datasets._spec import CIFAR10, IMDB
from companion.experiments import STUDIES, load, run
from companion.experiments.batch_training import evaluation_points
from companion.experiments.provenance import describe_machine
from companion.experiments.tables import FINGERPRINT, TABLES
from companion.experiments.tuning_training import planned_epochs

FULL_SCALE = 40_000  # training images
GRID = 20  # arms: what has more is a grid
DATA = {**{spec.name: spec.fingerprint for spec in (CIFAR10, IMDB)}, TABLES: FINGERPRINT}
# One run a candidate: what counts is the best of many learning rates, so that chance is in which of
# them wins, and a second seed would cost half of them. A search only chooses settings; its finals
# measure what they are worth, with as many seeds as any other study.
SEARCHES = {"optimizer-search": "optimizer-finals", "schedule-search": "schedules"}
RATES = {"optimizer-search": 16, "schedule-search": 6}  # of each contender, at least
VALUES = {  # of each metric, where it is not one for every epoch
    "train_by_updates": lambda config: len(evaluation_points(config)),
    "search_regularization": lambda config: len(planned_epochs(config)),
    "cross_validate_classifier": lambda _: 1,  # of a fold, one for each, whatever the epochs
    "score_candidates": lambda config: config["candidates"],
}

each_study = pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)


def parts(config, path=()):
    """Yield what decides which code a configuration runs: every key, and whether a number is 0."""
    for key, value in config.items():
        if isinstance(value, dict):
            yield from parts(value, (*path, key))
        else:
            yield (*path, key), value if isinstance(value, str | bool) else value != 0


def enough_arms(study):
    """Return the study with few arms that together have every part that any arm has."""
    seen, arms = set(), {}
    for arm, config in sorted(study.arms.items(), key=lambda item: -len(set(parts(item[1])))):
        if not seen.issuperset(parts(config)):
            arms[arm] = config
            seen.update(parts(config))
    return replace(study, arms=arms)


def lengths_per_evaluation(study, config, history):
    """Return how many values each metric has for every time that a run is evaluated."""
    _, function = study.train.split(":")
    evaluations = VALUES[function](config) if function in VALUES else config["epochs"]
    return {metric: len(values) / evaluations for metric, values in history.items()}


@pytest.mark.parametrize(
    "other",
    [
        {"l2": 0.0},
        {"l1": 0.1},
        {"l2": 0.1, "dropout": 0.5},
        {"l2": 0.1, "flip": True},
        {"l2": 0.1, "optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.1}}},
        {"l2": 0.1, "optimizer": {"class_name": "Adam", "config": {"weight_decay": 0.1}}},
    ],
)
def test_parts_are_keys_names_and_zeros(other):
    adam = {"class_name": "Adam", "config": {"learning_rate": 0.1}}
    known = {"optimizer": adam, "flip": False, "l2": 0.1}
    assert set(parts({**known, "l2": 0.2})) == set(parts(known))
    assert not set(parts({**known, **other})) <= set(parts(known))


@each_study
def test_every_part_of_a_study_is_rehearsed(study):
    rehearsed = {part for config in enough_arms(study).arms.values() for part in parts(config)}
    assert rehearsed == {part for config in study.arms.values() for part in parts(config)}


@each_study
@pytest.mark.usefixtures("op_determinism", "eagerly")
@pytest.mark.filterwarnings("ignore::companion.datasets.StandInWarning")
@pytest.mark.filterwarnings("ignore:Even though the `tf.config.experimental_run_functions_eagerly`")
@pytest.mark.filterwarnings("ignore:currentThread|getName:DeprecationWarning")  # in KerasTuner
def test_code_and_record_have_not_drifted_apart(study, tmp_path):
    rehearsal = enough_arms(study).rehearsal()
    runs = run(rehearsal, work_dir=tmp_path, allow_stand_in=True)
    assert list(runs) == [(arm, study.seeds[0]) for arm in rehearsal.arms]
    lengths, *others = [
        lengths_per_evaluation(study, rehearsal.arms[arm], one.history)
        for (arm, _), one in runs.items()
    ]
    assert all(other == lengths for other in others)
    for recorded in load(study.name).content["runs"]:
        config = study.arms[recorded["arm"]]
        assert lengths_per_evaluation(study, config, recorded["history"]) == lengths


@each_study
def test_its_record_is_complete_and_real(study):
    record = load(study.name)
    assert record.name == study.name
    assert record.question == study.question
    assert record.arms == tuple(study.arms)
    assert record.seeds == study.seeds
    assert record.content["arms"] == study.arms
    expected = {"source": study.dataset, "fingerprint": DATA[study.dataset]}
    assert record.content["data"] == expected
    runs = [(one["arm"], one["seed"]) for one in record.content["runs"]]
    assert runs == list(study.runs)


@each_study
def test_its_runs_say_where_they_were_made(study):
    for one in load(study.name).content["runs"]:
        provenance = one["provenance"]
        assert set(provenance) == {*describe_machine(), "started", "seconds"}
        usual = {"python", "companion", "tensorflow", "keras", "numpy"}
        assert set(provenance["versions"]) == usual.union(study.libraries)
        assert "not installed" not in provenance["versions"].values()
        assert provenance["seconds"] > 0
        assert provenance["threads"] >= 1


@each_study
def test_its_values_are_numbers_and_its_accuracies_fractions(study):
    for one in load(study.name).content["runs"]:
        for metric, values in one["history"].items():
            assert all(map(math.isfinite, values))
            assert "accuracy" not in metric or all(0 <= value <= 1 for value in values)


@each_study
def test_it_has_the_seeds_that_its_scale_asks_for(study):
    """Three at full scale and for grids, five otherwise, one for a search."""
    full = all(config.get("train_size") == FULL_SCALE for config in study.arms.values())
    enough = 1 if study.name in SEARCHES else 3 if full or num_settings(study) > GRID else 5
    assert len(study.seeds) >= enough
    assert study.dataset in DATA


def num_settings(study):
    """Return how many settings are trained with a seed: one an arm, or an arm's many trials."""
    if study.train.endswith(":search_regularization"):
        return sum(len(planned_epochs(config)) for config in study.arms.values())
    return len(study.arms)


def test_tuners_have_the_same_budget_and_as_many_trials_as_a_grid_has_cells():
    study = STUDIES["tuning"]
    budgets = {arm: planned_epochs(config) for arm, config in study.arms.items()}
    assert {sum(epochs) for epochs in budgets.values()} == {300}
    assert {arm: len(epochs) for arm, epochs in budgets.items()} == {
        "random": 30,
        "bayesian": 30,
        "hyperband": 92,
    }
    for one in load(study.name).content["runs"]:
        assert one["history"]["epochs"] == budgets[one["arm"]]


def test_racing_is_measured_on_many_searches():
    study = STUDIES["racing"]
    assert len(study.seeds) >= 20
    assert min(config["candidates"] for config in study.arms.values()) >= 16


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_tries_many_learning_rates_and_nothing_else(name):
    """Else its single seed would compare arms; that is what its finals are for."""
    assert SEARCHES[name] in STUDIES.keys() - SEARCHES.keys()
    rates = {}
    for config in STUDIES[name].arms.values():
        options = dict(config["optimizer"]["config"])
        rate = options.pop("learning_rate")
        optimizer = {**config["optimizer"], "config": options}
        contender = json.dumps({**config, "optimizer": optimizer}, sort_keys=True)
        rates.setdefault(contender, []).append(rate)
    assert min(map(len, rates.values())) >= RATES[name]
    assert len(set(map(len, rates.values()))) == 1
    assert all(len(set(tried)) == len(tried) for tried in rates.values())


def test_names_are_those_of_the_studies():
    assert list(STUDIES) == [study.name for study in STUDIES.values()]
