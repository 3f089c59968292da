"""The runner: the same runs on any executor, by arm and seed, and none that is there already."""

import pytest

from companion.experiments import InlineExecutor, Study, process_pool, run
from tests.experiments.file_names import file_names, finished_names
from tests.experiments.scripted_executors import Reversed


def test_runs_are_keyed_by_arm_and_seed_and_paired_by_seed(study, trained):
    runs = run(study)
    assert list(runs) == [(arm, seed) for seed in (1, 2, 3) for arm in ("slow", "fast")]
    assert trained() == [f"{arm} {seed}" for arm, seed in runs]
    for (arm, seed), one in runs.items():
        assert (one.arm, one.seed, one.data_source) == (arm, seed, None)
        assert [len(values) for values in one.history.values()] == [3, 3, 3]


def test_values_are_kept_to_seven_digits(study):
    values = run(study)["slow", 1].history["test_accuracy"]
    assert values == [float(f"{value:.7g}") for value in values]
    assert values != [float(f"{value:.6g}") for value in values]


def test_a_pool_makes_the_same_runs_as_this_process(study, check_uninterrupted):
    with process_pool(2, threads=1) as pool:
        check_uninterrupted(run(study.with_seeds((1, 2)), executor=pool))


def test_any_executor_makes_the_same_runs(study, check_uninterrupted):
    check_uninterrupted(run(study, executor=Reversed()))


def test_finished_runs_are_read_and_not_made_again(study, trained):
    first = run(study)
    trained()
    assert run(study) == first
    assert trained() == []
    assert file_names(study) == finished_names(first)


def test_more_seeds_add_runs(study, trained):
    run(study)
    trained()
    assert len(run(study.with_seeds((1, 2, 3, 4)))) == 8
    assert trained() == ["slow 4", "fast 4"]


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"study": "tiny"}, TypeError, "study of run must be a Study. Got study='tiny'."),
        ({"executor": 2}, TypeError, "executor of run must be a concurrent.futures.Executor."),
        ({"work_dir": 3}, TypeError, "work_dir of run must be a path. Got work_dir=3."),
        ({"work_dir": ""}, ValueError, "work_dir of run must be a path that is not blank."),
        ({"allow_stand_in": 1}, TypeError, "allow_stand_in of run must be True or False."),
    ],
)
def test_wrong_arguments(study, trained, arguments, error, sentence):
    with pytest.raises(error) as caught:
        run(**{"study": study, **arguments})
    assert str(caught.value).startswith(sentence)
    assert trained() == []


def test_inline_is_the_default(study, check_uninterrupted):
    check_uninterrupted(run(study, executor=InlineExecutor()))


def test_a_study_without_runs_is_finished(study):
    assert run(Study("empty", "?", study.train, {}, (1,))) == {}
