"""Progress shows where somebody looks: a terminal or a notebook, never in CI."""

import io
import sys

import pytest

from companion._progress import is_interactive


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def nobody_looks(monkeypatch):
    for variable in ("CI", "TQDM_DISABLE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    monkeypatch.setattr(sys, "stderr", io.StringIO())


def test_silent_where_output_goes_to_a_file():
    assert not is_interactive()


def test_shown_in_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert is_interactive()


def test_shown_in_a_notebook(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipykernel", object())
    assert is_interactive()


@pytest.mark.parametrize("variable", ["CI", "TQDM_DISABLE"])
def test_silent_where_the_environment_says_so(monkeypatch, variable):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setitem(sys.modules, "ipykernel", object())
    monkeypatch.setenv(variable, "1")
    assert not is_interactive()
