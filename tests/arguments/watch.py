"""See that a refused call did nothing: no file, process, connection, figure, model, output."""

import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from unittest import mock

import keras
import matplotlib.pyplot as plt
import numpy as np

from companion.datasets import Split
from companion.experiments import runner
from tests.arguments.strategies import Silent

_DEEDS = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "subprocess.Popen", "socket.connect"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_seen: list[str] | None = None


def _audit(event: str, details: tuple) -> None:
    if _seen is None:
        return
    if event in _DEEDS or (event == "open" and isinstance(details[2], int) and _writes(details)):
        _seen.append(f"{event} {details[0]}")


def _writes(details: tuple) -> bool:
    return bool(details[2] & _WRITING) and "__pycache__" not in str(details[0])


sys.addaudithook(_audit)  # for the life of the process, so it is added once and idle elsewhere


@contextmanager
def no_work() -> Iterator[None]:
    """Fail if the block does anything that could be seen from outside."""
    global _seen  # noqa: PLW0603 - an audit hook cannot be removed, only silenced
    figures = plt.get_fignums()
    nothing = mock.Mock(side_effect=AssertionError("work was done before arguments were checked"))
    _seen, output = [], io.StringIO()
    try:
        with (
            mock.patch.object(keras.layers.Layer, "__init__", nothing),
            mock.patch.dict(runner.LOADERS, {"cifar-10": nothing}),
            mock.patch.object(Silent, "fails", True),
            redirect_stdout(output),
        ):
            yield
        assert not _seen, f"before arguments were checked: {_seen}"
    finally:
        _seen = None
    assert plt.get_fignums() == figures, "a figure was opened before arguments were checked"
    assert output.getvalue() == ""


def snapshot(value: object) -> object:
    """Return something that changes if `value` is changed in place."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, Mapping):
        return [(key, snapshot(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [snapshot(item) for item in value]
    if isinstance(value, Split):
        return snapshot([value.images, value.labels])
    return id(value)
