"""Fingerprints change with what decides a number, and with nothing else."""

import hashlib
from dataclasses import replace

import pytest

from companion.experiments import STUDIES, Study, fingerprints
from companion.experiments.fingerprints import (
    canonical_json,
    config_fingerprint,
    digest,
    source_fingerprint,
)

TRAIN = '''\
"""A module."""

from written.helpers import scale as scaled

EPOCHS = 3
UNUSED = 1
LIMIT: int = 9


@staticmethod
def train(config, seed, report):
    """Train."""
    total = 0
    for epoch in range(EPOCHS):
        total += scaled(epoch)  # a comment
    return Result(min(total, LIMIT), check_total(total))


class Result:
    """What comes out."""

    def __init__(self, total, checked):
        """Keep the total."""
        self.total = total


def check_total(total):
    return total >= 0


def unused():
    return 1
'''
HELPERS = '''\
"""Another module of the same package."""

FACTOR = 2


def scale(x):
    return FACTOR * x
'''
SAME = {
    "a comment": ("# a comment", "# another"),
    "a comment less": ("  # a comment", ""),
    "a comment line more": ("    total = 0\n", "    # start\n    total = 0\n"),
    "a docstring": ('"""Train."""', '"""Train\n\n    once.\n    """'),
    "the docstring of a class": ('"""What comes out."""', '"""A result."""'),
    "the docstring of a method": ('"""Keep the total."""', '"""Keep."""'),
    "the docstring of the module": ('"""A module."""', '"""The module."""'),
    "a blank line": ("    total = 0\n", "\n    total = 0\n\n"),
    "spaces at a line's end": ("    total = 0\n", "    total = 0   \n"),
    "something unused": ("UNUSED = 1", "UNUSED = 2"),
    "an unused function": ("def unused():\n    return 1", "def unused():\n    return 2"),
    "an argument check": ("return total >= 0", "return total > 0"),
    "the order": ("UNUSED = 1\nLIMIT: int = 9\n", "LIMIT: int = 9\nUNUSED = 1\n"),
}
DIFFERENT = {
    "a constant": ("EPOCHS = 3", "EPOCHS = 4"),
    "an annotated constant": ("LIMIT: int = 9", "LIMIT: int = 8"),
    "a statement": ("total = 0", "total = 1"),
    "a string": ("total = 0", "total = '# 0'"),
    "a decorator": ("@staticmethod\n", ""),
    "the indentation": ("    return Result", "        return Result"),
    "a class": ("self.total = total", "self.total = -total"),
    "which function is imported": ("import scale as", "import scale_twice as"),
}
DIFFERENT_HELPERS = {
    "a helper": ("FACTOR * x", "FACTOR + x"),
    "a helper's constant": ("FACTOR = 2", "FACTOR = 3"),
}


def parametrize(edits: dict[str, tuple[str, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("old", "new"), edits.values(), ids=edits)


@pytest.fixture
def fingerprint_of(monkeypatch, tmp_path):
    """Return the fingerprint of a study whose code is written to files."""
    monkeypatch.syspath_prepend(tmp_path)
    package = tmp_path / "written"
    package.mkdir()
    (package / "__init__.py").touch()

    def compute(train: str = TRAIN, helpers: str = HELPERS) -> str:
        (package / "training.py").write_text(train)
        (package / "helpers.py").write_text(helpers)
        fingerprints._parse.cache_clear()
        study = Study("written", "?", "written.training:train", {"only": {}}, (1,))
        return source_fingerprint(study)

    return compute


def edited(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


@parametrize(SAME)
def test_what_computes_the_same_has_the_same_fingerprint(fingerprint_of, old, new):
    assert fingerprint_of(edited(TRAIN, old, new)) == fingerprint_of()


@parametrize(DIFFERENT)
def test_other_code_has_another_fingerprint(fingerprint_of, old, new):
    assert fingerprint_of(edited(TRAIN, old, new)) != fingerprint_of()


@parametrize(DIFFERENT_HELPERS)
def test_code_of_another_module_counts_too(fingerprint_of, old, new):
    assert fingerprint_of(helpers=edited(HELPERS, old, new)) != fingerprint_of()


def test_a_function_that_a_configuration_names_counts(monkeypatch):
    """The catalogue's studies name their builder only there."""
    study = STUDIES["overfitting"]
    arms = {"unregularized": {**study.arms["unregularized"], "build": "companion.models:build_mlp"}}
    assert source_fingerprint(replace(study, arms=arms)) != source_fingerprint(study)


def test_data_sets_and_checks_are_not_followed():
    followed: dict = {}
    fingerprints._collect("companion.experiments.training", "train_classifier", followed)
    names = {f"{module}:{name}" for module, name in followed}
    assert "companion.callbacks.evaluate_splits:split_metrics" in names
    assert not [name for name in names if "datasets" in name or "check_" in name]


def test_code_that_cannot_be_found():
    with pytest.raises(ValueError, match="source of module no_such_package was not found"):
        source_fingerprint(Study("lost", "?", "no_such_package:train", {"only": {}}, (1,)))


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"name": "other"}, True),
        ({"question": "Why?"}, True),
        ({"seeds": (7,)}, True),
        ({"arms": {"only": {"b": [1, 2], "a": 0.5}}}, True),
        ({"arms": {"only": {"a": 0.5, "b": [2, 1]}}}, False),
        ({"arms": {"only": {"a": 0.25, "b": [1, 2]}}}, False),
        ({"train": "companion.experiments.toy:other"}, False),
        ({"dataset": "cifar-10"}, False),
    ],
)
def test_config_fingerprint(changes, same):
    arms = {"only": {"a": 0.5, "b": [1, 2]}}
    study = Study("toy", "?", "companion.experiments.toy:count", arms, (1,))
    before, after = (config_fingerprint(one, "only") for one in (study, replace(study, **changes)))
    assert (after == before) is same


def test_canonical_json_has_one_form():
    value = {"b": [1, 0.1, None, True], "a": {"z": "ü", "y": -0.0}}
    assert canonical_json(value) == r'{"a":{"y":-0.0,"z":"\u00fc"},"b":[1,0.1,null,true]}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"x": [float("nan")]}])
def test_canonical_json_refuses_what_json_does_not_have(value):
    with pytest.raises(ValueError, match="JSON"):
        canonical_json(value)


def test_digest_is_the_sha_256_of_the_canonical_json():
    assert digest({"b": 1, "a": 2}) == hashlib.sha256(b'{"a":2,"b":1}').hexdigest()
