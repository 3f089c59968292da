"""Every study of the catalogue still runs, and its published record is what it would give.

A study without a record fails here: run and publish it.
"""

import json
import math
from dataclasses import replace

import pytest

from companion.datasets._spec import CIFAR10, IMDB
from companion.experiments import STUDIES, load, run
from companion.experiments.provenance import describe_machine

FULL_SCALE = 40_000  # training images
GRID = 20  # arms: what has more is a grid
DATA = {spec.name: spec for spec in (CIFAR10, IMDB)}
# One run a candidate: what counts is the best of many learning rates drawn at random, so that
# chance is in the draw, and a second seed would cost half of the draws. A search only chooses
# settings; its finals measure what they are worth, with as many seeds as any other study.
SEARCHES = {"optimizer-search": "optimizer-finals"}
DRAWS = 16  # of each optimizer, at least

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
def test_code_and_record_have_not_drifted_apart(study, tmp_path):
    rehearsal = enough_arms(study).rehearsal()
    runs = run(rehearsal, work_dir=tmp_path, allow_stand_in=True)
    assert list(runs) == [(arm, study.seeds[0]) for arm in rehearsal.arms]
    lengths, *others = [
        {metric: len(values) for metric, values in one.history.items()} for one in runs.values()
    ]
    assert all(other == lengths for other in others)
    for recorded in load(study.name).content["runs"]:
        epochs = study.arms[recorded["arm"]]["epochs"]  # a rehearsal has one
        assert {metric: len(values) for metric, values in recorded["history"].items()} == {
            metric: epochs * length for metric, length in lengths.items()
        }


@each_study
def test_its_record_is_complete_and_real(study):
    record = load(study.name)
    assert record.name == study.name
    assert record.question == study.question
    assert record.arms == tuple(study.arms)
    assert record.seeds == study.seeds
    assert record.content["arms"] == study.arms
    data = DATA[study.dataset]
    assert record.content["data"] == {"source": data.name, "fingerprint": data.fingerprint}
    runs = [(one["arm"], one["seed"]) for one in record.content["runs"]]
    assert runs == list(study.runs)


@each_study
def test_its_runs_say_where_they_were_made(study):
    for one in load(study.name).content["runs"]:
        provenance = one["provenance"]
        assert set(provenance) == {*describe_machine(), "started", "seconds"}
        assert {"python", "companion", "tensorflow", "keras", "numpy"} == set(
            provenance["versions"]
        )
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
    full = all(config["train_size"] == FULL_SCALE for config in study.arms.values())
    enough = 1 if study.name in SEARCHES else 3 if full or len(study.arms) > GRID else 5
    assert len(study.seeds) >= enough
    assert study.dataset in DATA


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_draws_many_learning_rates_and_nothing_else(name):
    """Else its single seed would compare arms; that is what its finals are for."""
    assert SEARCHES[name] in STUDIES.keys() - SEARCHES.keys()
    rates = {}
    for config in STUDIES[name].arms.values():
        options = dict(config["optimizer"]["config"])
        rate = options.pop("learning_rate")
        optimizer = {**config["optimizer"], "config": options}
        contender = json.dumps({**config, "optimizer": optimizer}, sort_keys=True)
        rates.setdefault(contender, []).append(rate)
    assert min(map(len, rates.values())) >= DRAWS
    assert all(len(set(drawn)) == len(drawn) for drawn in rates.values())


def test_names_are_those_of_the_studies():
    assert list(STUDIES) == [study.name for study in STUDIES.values()]
