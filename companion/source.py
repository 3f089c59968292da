"""Show source code in a notebook: the file or function itself, never a copy."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

from companion._validate import check_instance, check_path, refuse

__all__ = ["read_source", "show_source"]

_OWNER = "show_source"
_ALLOWED = "a Python function, a class or a Path"
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def show_source(thing: Callable[..., Any] | Path) -> None:
    """Display the source of a function, class or Python file, highlighted.

    Use it where a reader should see the code that runs. The docstring of a function is left out;
    `help(thing)` shows it.

    Args:
        thing: A function or class written in Python, or the path of a file.

    Raises:
        TypeError: `thing` is neither.
        FileNotFoundError: There is no such file.

    Example:
        >>> show_source(read_source)  # doctest: +ELLIPSIS
        def read_source(thing: Callable[..., Any] | Path) -> str:
        ...

    Source:
        Book: start/baseline.
    """
    source = read_source(thing)
    shell = sys.modules.get("IPython")
    if shell is None or shell.get_ipython() is None:
        sys.stdout.write(source)
        return
    from IPython.display import display

    content = {"text/plain": source, "text/markdown": f"```python\n{source}```"}
    display(content, raw=True, metadata=_address(thing))


def _address(thing: Callable[..., Any] | Path) -> dict[str, str]:
    """Return where the site finds the documentation of what is displayed, as metadata."""
    if isinstance(thing, Path):
        return {}
    return {"companion_source": f"{thing.__module__}:{thing.__qualname__}"}


def read_source(thing: Callable[..., Any] | Path) -> str:
    """Return what `show_source` displays, ending in a newline.

    Args:
        thing: A function or class written in Python, or the path of a file.

    Returns:
        The source code, without the docstring of a function.

    Raises:
        TypeError: `thing` is neither.
        FileNotFoundError: There is no such file.

    Example:
        >>> read_source(read_source).splitlines()[0]
        'def read_source(thing: Callable[..., Any] | Path) -> str:'

    Source:
        Book: start/baseline.
    """
    return _read_file(thing) if isinstance(thing, Path) else _read_definition(thing)


def _read_file(path: Path) -> str:
    path = check_path(path, "thing", _OWNER, "build_cnn")
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}. Run the chapter from its own folder.")
    try:
        return path.read_text("utf-8").rstrip() + "\n"
    except UnicodeDecodeError:
        refuse(ValueError, path, "thing", _OWNER, "a file of text", "build_cnn")


def _read_definition(thing: object) -> str:
    kinds = (FunctionType, type)
    check_instance(thing, "thing", _OWNER, kinds, _ALLOWED, "build_cnn")
    try:
        source = inspect.getsource(thing)  # type: ignore[arg-type]
    except (OSError, TypeError):  # made by `exec`, or written in C
        refuse(TypeError, thing, "thing", _OWNER, _ALLOWED, "build_cnn")
    return _without_docstring(textwrap.dedent(source))


def _without_docstring(source: str) -> str:
    try:
        definition: Any = ast.parse(source).body[0]
    except SyntaxError:  # a lambda's lines are a part of something
        return source
    if not isinstance(definition, _DEFINITIONS) or ast.get_docstring(definition) is None:
        return source
    first = definition.body[0]
    lines = source.splitlines(keepends=True)
    return "".join(lines[: first.lineno - 1] + lines[first.end_lineno :])
