"""A fresh Keras session for a training inside a search, which leaves little behind."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.ops import gradient_registry  # has no public way to forget


@contextmanager
def fresh_session() -> Iterator[None]:
    """Free old graphs and names; Python's and NumPy's random numbers go on as they were.

    Keras forgets its precision with the session, so it is put back. The seeds of Keras and
    TensorFlow have no public way back.
    """
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002 - the global state
    policy = keras.config.dtype_policy()
    keras.backend.clear_session()
    keras.config.set_dtype_policy(policy)
    tf.config.experimental.enable_op_determinism()
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002


@contextmanager
def passing_graphs() -> Iterator[None]:
    """Let go of the graphs that are traced here; no model of the block may be trained after it.

    TensorFlow registers custom gradients for good, and each holds its graph: some MB a model, which
    clearing the session does not free, so that long searches would run out of memory.
    """
    registered = gradient_registry._registry
    before = set(registered)
    try:
        yield
    finally:
        for name in set(registered) - before:
            if name.startswith("CustomGradient-"):
                del registered[name]
