"""Texts, choices and paths as arguments."""

from pathlib import Path

import pytest

from companion import _validate as validate
from tests.refusal import refused


def test_text():
    assert validate.check_text(" a ", "name", "f", "'x'") == " a "
    with refused(TypeError, "name of f must be a string. Got name=3. Try 'x'."):
        validate.check_text(3, "name", "f", "'x'")
    with refused(
        ValueError, "name of f must be a string that is not blank. Got name=' '. Try 'x'."
    ):
        validate.check_text(" ", "name", "f", "'x'")
    with refused(
        ValueError,
        r"name of f must be a string without lone surrogates. Got name='\ud800'. Try 'x'.",
    ):
        validate.check_text("\ud800", "name", "f", "'x'")


def test_choice():
    assert validate.check_choice("b", "mode", "f", ("a", "b")) == "b"
    with refused(ValueError, "mode of f must be one of 'a', 'b'. Got mode='c'. Try 'a'."):
        validate.check_choice("c", "mode", "f", ("a", "b"))
    with refused(TypeError, "mode of f must be one of 'a', 'b'. Got mode=['a']. Try 'a'."):
        validate.check_choice(["a"], "mode", "f", ("a", "b"))


def test_path(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert validate.check_path("~/data", "data_dir", "f", "'data'") == tmp_path / "data"
    assert validate.check_path(Path("data"), "data_dir", "f", "'data'") == tmp_path / "data"
    with refused(TypeError, "data_dir of f must be a path. Got data_dir=3. Try 'data'."):
        validate.check_path(3, "data_dir", "f", "'data'")
    with refused(
        ValueError, "data_dir of f must be a path that is not blank. Got data_dir=''. Try 'data'."
    ):
        validate.check_path("", "data_dir", "f", "'data'")


@pytest.mark.parametrize("value", ["a" * 300, "a\0b", "\ud800", "~nobody-has-this-name/data"])
def test_path_that_cannot_be(value):
    with pytest.raises(ValueError, match=r"^data_dir of f must be a path that can be looked up\."):
        validate.check_path(value, "data_dir", "f", "'data'")


def test_folder(tmp_path):
    file = tmp_path / "file"
    file.touch()
    for folder in (tmp_path, tmp_path / "not" / "yet"):
        assert validate.check_folder(str(folder), "work_dir", "f", "'work'") == folder
    for wrong in (file, file / "below"):
        with pytest.raises(ValueError, match=r"^work_dir of f must be a folder, and no file\."):
            validate.check_folder(wrong, "work_dir", "f", "'work'")
