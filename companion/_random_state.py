"""Random states of the process, all put back after a block: Python, NumPy, Keras, TensorFlow."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from keras.src.backend.common import global_state
from keras.src.random.seed_generator import GLOBAL_SEED_GENERATOR
from tensorflow.python.eager import context
from tensorflow.python.ops import stateful_random_ops


@contextmanager
def kept_random_state() -> Iterator[None]:
    """Leave every random state of the process after the block as it was before.

    Keras and TensorFlow have no public way to read theirs. A layer's own seed generator is a
    variable of its model and none of the process.
    """
    with _kept_python(), _kept_keras(), _kept_tensorflow(), _kept_tensorflow_generator():
        yield


@contextmanager
def _kept_python() -> Iterator[None]:
    of_python, of_numpy = random.getstate(), np.random.get_state()  # noqa: NPY002 - users have it
    try:
        yield
    finally:
        random.setstate(of_python)
        np.random.set_state(of_numpy)  # noqa: NPY002


@contextmanager
def _kept_keras() -> Iterator[None]:
    generator = global_state.get_global_attribute(GLOBAL_SEED_GENERATOR)
    state = None if generator is None else generator.state.numpy()
    try:
        yield
    finally:
        global_state.set_global_attribute(GLOBAL_SEED_GENERATOR, generator)
        if generator is not None:
            generator.state.assign(state)


@contextmanager
def _kept_tensorflow() -> Iterator[None]:
    of_process = context.context()
    source = getattr(of_process, "_rng", None)  # missing before the first set_seed
    state = None if source is None else source.getstate()
    try:
        yield
    finally:
        if source is not None and source.getstate() != state:
            source.setstate(state)
            of_process.clear_kernel_cache()  # operations that were drawn from go on counting


@contextmanager
def _kept_tensorflow_generator() -> Iterator[None]:
    generator = stateful_random_ops.global_generator
    state = None if generator is None else generator.state.numpy()
    try:
        yield
    finally:
        stateful_random_ops.global_generator = generator
        if generator is not None:
            generator.state.assign(state)
