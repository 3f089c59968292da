"""A study: its runs, its smaller relatives, and names that are safe as names of files."""

import math
from dataclasses import replace

import numpy as np
import pytest

from companion.experiments import Study
from companion.experiments.study import load_function

FIELDS = {
    "name": "tiny",
    "question": "Does it run?",
    "train": "math:sqrt",
    "arms": {"slow": {"epochs": 9}, "fast": {"epochs": 9}},
    "seeds": (1, 2),
}


def test_every_arm_meets_every_seed_seed_by_seed():
    runs = Study(**FIELDS).runs
    assert runs == (("slow", 1), ("fast", 1), ("slow", 2), ("fast", 2))


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "..",
        "../up",
        "/etc",
        "a/b",
        "a\\b",
        "A",
        "a_b",
        "a b",
        "-a",
        "a-",
        "a\n",
        "a.b",
        "a" * 81,
        3,
    ],
)
def test_names_cannot_leave_the_folder(name):
    with pytest.raises((TypeError, ValueError), match=r"^name of Study must be"):
        Study(**{**FIELDS, "name": name})
    with pytest.raises((TypeError, ValueError), match=r"^a name in arms of Study must be"):
        Study(**{**FIELDS, "arms": {"slow": {}, name: {}}})


@pytest.mark.parametrize(
    ("changed", "error", "sentence"),
    [
        ({"arms": ["slow"]}, TypeError, "arms of Study must be a mapping of name to config"),
        ({"seeds": ()}, ValueError, "seeds of Study must be a non-empty sequence"),
        ({"seeds": 3}, TypeError, "seeds of Study must be a non-empty sequence"),
        ({"seeds": (1, 0)}, ValueError, r"seeds\[1\] of Study must be in \[1, 2147483647\]"),
        ({"seeds": (1.0,)}, TypeError, r"seeds\[0\] of Study must be a whole number"),
        ({"seeds": (2**31,)}, ValueError, r"seeds\[0\] of Study must be in \[1, 2147483647\]"),
        ({"question": ""}, ValueError, "question of Study must be a string that is not blank"),
        ({"train": "math"}, ValueError, "train of Study must be module:function"),
        ({"train": math.sqrt}, TypeError, "train of Study must be a string"),
        ({"dataset": 3}, TypeError, "dataset of Study must be a string"),
        ({"libraries": "keras-tuner"}, TypeError, "libraries of Study must be a tuple of names"),
        ({"libraries": ("a", "")}, ValueError, r"libraries\[1\] of Study must be a string that is"),
        ({"arms": {"a": 3}}, TypeError, r"arms\['a'\] of Study must be a mapping of plain JSON"),
        ({"arms": {"a": {"x": np.float32(1)}}}, ValueError, r"arms\['a'\] of Study must be a map"),
        ({"arms": {"a": {"x": math.nan}}}, ValueError, r"arms\['a'\] of Study must be a mapping"),
    ],
)
def test_what_could_not_run_is_refused(changed, error, sentence):
    with pytest.raises(error, match=sentence):
        Study(**{**FIELDS, **changed})


def test_seeds_become_plain_numbers_once_each():
    """The file of a run holds JSON, which has no NumPy numbers."""
    study = Study(**{**FIELDS, "seeds": np.array([2, 1, 2])})
    assert study.seeds == (2, 1)
    assert [type(seed) for seed in study.seeds] == [int, int]


def test_other_seeds_come_once_each_and_change_nothing_else():
    study = Study(**FIELDS)
    assert study.with_seeds([3, 1, 3]) == replace(study, seeds=(3, 1))


@pytest.mark.parametrize("seeds", [[], [0], [1.5], "12", 3, None])
def test_wrong_seeds(seeds):
    with pytest.raises((TypeError, ValueError), match=r"of study tiny must be"):
        Study(**FIELDS).with_seeds(seeds)


def test_rehearsal_shrinks_what_takes_time_and_keeps_the_rest():
    arms = {
        "big": {"epochs": 50, "train_size": 40_000, "evaluation_size": 10_000, "rate": 0.1},
        "counted": {"epochs": 5, "updates": [150, 300], "batch_size": 16},
        "raced": {"candidates": 24, "folds": 5},
        "searched": {"epochs": 9, "trials": 30, "iterations": 4},
        "odd": {"steps": 7},
    }
    rehearsal = Study(**{**FIELDS, "arms": arms}).rehearsal()
    assert rehearsal.arms == {
        "big": {"epochs": 1, "train_size": 500, "evaluation_size": 500, "rate": 0.1},
        "counted": {"epochs": 1, "updates": [1], "batch_size": 16},
        "raced": {"candidates": 2, "folds": 5},
        "searched": {"epochs": 1, "trials": 2, "iterations": 4},
        "odd": {"steps": 7},
    }
    assert rehearsal.seeds == (1,)
    assert arms["big"]["epochs"] == 50


def test_the_training_function_is_found_by_its_address():
    assert load_function(FIELDS["train"]) is math.sqrt
    assert load_function("math:pi") == math.pi


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("math:nothing", AttributeError),
        ("no_such_module:f", ModuleNotFoundError),
        ("", ValueError),
        (3, TypeError),
    ],
)
def test_an_address_where_nothing_is(address, error):
    with pytest.raises(error):
        load_function(address)
