"""Import TensorFlow without the lines that its C++ part writes to the terminal."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def quiet_tensorflow() -> None:
    """Import TensorFlow and Keras without start-up messages.

    Call it first in a notebook whose outputs are kept. TensorFlow's C++ part writes to the process'
    error stream before Python can filter it; this points that stream elsewhere while TensorFlow
    starts, and back again. Errors of Python still raise as always.

    Example:
        >>> quiet_tensorflow()

    Source:
        Book: start/baseline.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with silent_stderr():
        import keras  # noqa: F401 - imported for its messages
        import tensorflow  # noqa: F401


@contextmanager
def silent_stderr() -> Iterator[None]:
    """Discard what is written to the process' error stream, by C++ code too, inside the block."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
