"""Mutation testing on a toy project: an error that its test notices, and one that it does not."""

from pathlib import Path

import pytest

from campaigns import mutants

CODE = """\
def add(a, b):
    return a + b


def forgotten(a, b):
    return b + a
"""
TEST = """\
from companion.toy import add


def test_add():
    assert add(3, 1) == 4
"""
FORGOTTEN = """

def test_forgotten():
    assert forgotten(3, 1) == 4
"""


@pytest.fixture
def project(monkeypatch, tmp_path) -> Path:
    files = {
        "companion/__init__.py": "",
        "companion/toy.py": CODE,
        "tests/test_toy.py": TEST,
        "campaigns/__init__.py": "",
        "pyproject.toml": "",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    monkeypatch.setattr(mutants, "BUILD", tmp_path / "build")
    return tmp_path


def test_what_no_test_looks_at_survives_until_one_does(project):
    (session,) = mutants.try_changes([Path("companion/toy.py")], workers=1)
    (survivor,) = mutants.survivors([session])
    assert "-    return b + a\n+    return b - a" in survivor
    assert mutants.summarize([session]) == {
        "changes tried": 2,
        "killed": 1,
        "killed by the time limit": 0,
        "share killed": 0.5,
        "killed in toy": "1 of 2",
    }
    assert (project / "companion/toy.py").read_text() == CODE
    mutants.draw(session, share=0.0)
    assert mutants.summarize([session])["changes tried"] == 2  # nothing tried is forgotten
    assert mutants.summarize([session], share=0.0)["changes tried"] == 0
    test = project / "tests/test_toy.py"
    test.write_text(TEST.replace("import add", "import add, forgotten") + FORGOTTEN)
    (session,) = mutants.try_changes([Path("companion/toy.py")], workers=1)
    assert mutants.summarize([session])["killed"] == 2


def test_the_modules_under_test_are_those_promised():
    modules = [str(path) for path in mutants.find_modules()]
    assert {"companion/claims.py", "companion/_validate.py"} <= set(modules)
    assert {Path(name).parent.name for name in modules} == {"companion", "datasets", "experiments"}


def test_a_module_is_tried_by_its_own_tests_first():
    assert mutants.tests_of(Path("companion/datasets/_cache.py")) == [
        "tests/datasets/test_cache.py",
        "tests/datasets/test_cache_damage.py",
        "tests/datasets/test_cache_writing.py",
        "tests/datasets",
    ]
    assert mutants.tests_of(Path("companion/_validate.py")) == [
        "tests/test_validate.py",
        "tests/test_validate_arrays.py",
        "tests/test_validate_numbers.py",
        "tests/test_validate_objects.py",
        "tests/test_validate_texts.py",
        "tests/arguments",
    ]
