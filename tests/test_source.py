"""Source code is shown as it is, without the docstring, wherever one looks."""

import math

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from companion import show_source
from companion.source import read_source


def sample(x: float) -> float:
    """Return x, or twice x.

    A second paragraph.
    """
    if x < 0:  # a comment stays
        return 2 * x
    return x


def bare(x: float) -> float:
    return x


class Sample:
    """A class."""

    size = 3


SHOWN = """\
def sample(x: float) -> float:
    if x < 0:  # a comment stays
        return 2 * x
    return x
"""


def test_a_function_without_its_docstring():
    assert read_source(sample) == SHOWN


def test_a_function_that_has_none():
    assert read_source(bare) == "def bare(x: float) -> float:\n    return x\n"


def test_a_class():
    assert read_source(Sample) == "class Sample:\n\n    size = 3\n"


def test_a_function_inside_another_is_moved_to_the_left():
    def inner() -> int:
        return 3

    assert read_source(inner) == "def inner() -> int:\n    return 3\n"


@pytest.mark.parametrize("ending", ["", "\n", "\n\n"])
def test_a_file_ends_in_one_newline(tmp_path, ending):
    path = tmp_path / "script.py"
    path.write_text(f'"""Kept: a file is shown whole."""\nprint("naïve"){ending}', "utf-8")
    assert read_source(path) == '"""Kept: a file is shown whole."""\nprint("naïve")\n'


def test_outside_a_notebook_it_prints(capsys):
    show_source(sample)
    assert capsys.readouterr().out == SHOWN


def test_in_a_notebook_it_is_highlighted():
    InteractiveShell.instance()
    try:
        with capture_output() as captured:
            show_source(sample)
    finally:
        InteractiveShell.clear_instance()
    (output,) = captured.outputs
    assert output.data == {"text/plain": SHOWN, "text/markdown": f"```python\n{SHOWN}```"}
    assert output.metadata == {"companion_source": f"{__name__}:sample"}
    assert captured.stdout == ""


def test_a_lambda_with_the_lines_it_stands_in():
    double = lambda x: 2 * x  # noqa: E731
    assert read_source(double) == "double = lambda x: 2 * x  # noqa: E731\n"
    assert "lambda" in read_source(
        lambda x: x  # this line alone is no Python
    )


@pytest.mark.parametrize("thing", [int, type("Made", (), {}), eval("lambda x: x")])  # noqa: S307
def test_what_was_not_written_in_a_file(thing):
    with pytest.raises(TypeError, match=r"^thing of show_source must be a Python function, a cla"):
        show_source(thing)


def test_a_file_without_text(tmp_path):
    path = tmp_path / "image"
    path.write_bytes(b"\xff")
    with pytest.raises(ValueError, match=r"^thing of show_source must be a file of text\. Got"):
        show_source(path)


@pytest.mark.parametrize("thing", [3, "script.py", None, math.sqrt, sample(1.0)])
def test_what_has_no_python_source(thing):
    sentence = r"^thing of show_source must be a Python function, a class or a Path\. Got thing="
    with pytest.raises(TypeError, match=sentence):
        show_source(thing)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"^There is no file .*missing\.py\. Run"):
        show_source(tmp_path / "missing.py")
