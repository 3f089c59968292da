"""Every study of the catalogue still runs, and its published record is what it would give.

A study without a record fails here: run and publish it.
"""

import math

import pytest

from companion.datasets._spec import CIFAR10
from companion.experiments import STUDIES, load, run
from companion.experiments.provenance import describe_machine

SEEDS = {40_000: 3, 5_000: 5}  # training images: fewest seeds

each_study = pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)


@each_study
@pytest.mark.usefixtures("op_determinism", "eagerly")
@pytest.mark.filterwarnings("ignore::companion.datasets.StandInWarning")
@pytest.mark.filterwarnings("ignore:Even though the `tf.config.experimental_run_functions_eagerly`")
def test_code_and_record_have_not_drifted_apart(study, tmp_path):
    rehearsal = study.rehearsal()
    runs = run(rehearsal, work_dir=tmp_path, allow_stand_in=True)
    assert list(runs) == [(arm, study.seeds[0]) for arm in study.arms]
    record = load(study.name)
    for recorded in record.content["runs"]:
        arm, history = recorded["arm"], recorded["history"]
        rehearsed = runs[arm, study.seeds[0]].history
        times = study.arms[arm]["epochs"] / rehearsal.arms[arm]["epochs"]
        assert {metric: len(values) for metric, values in history.items()} == {
            metric: times * len(values) for metric, values in rehearsed.items()
        }


@each_study
def test_its_record_is_complete_and_real(study):
    record = load(study.name)
    assert record.name == study.name
    assert record.question == study.question
    assert record.arms == tuple(study.arms)
    assert record.seeds == study.seeds
    assert record.content["arms"] == study.arms
    assert record.content["data"] == {"source": "cifar-10", "fingerprint": CIFAR10.fingerprint}
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
    for config in study.arms.values():
        assert len(study.seeds) >= SEEDS[config["train_size"]]
        assert study.dataset == "cifar-10"


def test_names_are_those_of_the_studies():
    assert list(STUDIES) == [study.name for study in STUDIES.values()]
