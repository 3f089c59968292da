"""companion.tuning._identity: what is the same search in another process, and what is not."""

import functools
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from companion.tuning._identity import describe

MODULE = Path(__file__).parents[2] / "companion/tuning/_identity.py"


def text(value):
    return json.dumps(describe(value))


def enclosing(value, depth=1):
    """Return a function that holds `value`, or holds a function that does, and so on."""
    inner = value if depth == 1 else enclosing(value, depth - 1)
    return lambda: inner


def layer(factor=0.5, weight=1.0):
    constant = keras.initializers.Constant(weight)
    layers = [keras.layers.Rescaling(factor), keras.layers.Dense(1, kernel_initializer=constant)]
    return keras.Sequential([keras.Input((2,)), *layers])


class Own(keras.layers.Layer):
    """A layer whose configuration nobody can know."""

    def __init__(self, function):
        super().__init__()
        self.function = function


def recursive(number):
    def again(n):
        return again(n - 1) if n else number

    return again


MAKERS = [
    lambda n: n,
    lambda n: f"{n}",
    lambda n: n / 3,
    lambda n: f"{n}".encode(),
    complex,
    lambda n: date(2000, 1, n),
    np.arange,
    lambda n: np.array([{"a": n}], dtype=object),
    np.float32,
    lambda n: {"b": 0, "a": n},
    lambda n: {n, "a", "b"},
    lambda n: [1, (2, [n])],
    lambda n: functools.partial(print, n),
    lambda n: functools.partial(print, end=n),
    lambda n: eval(f"lambda x: x + {n}"),  # noqa: S307
    lambda n: eval(f"lambda x={n}: x"),  # noqa: S307
    lambda n: eval(f"lambda *, x={n}: x"),  # noqa: S307
    lambda n: eval(f"lambda: [lambda: [lambda: [lambda: {n}]]]"),  # noqa: S307
    lambda n: (np.sin, np.cos)[n - 1],
    lambda n: (np.asarray, len)[n - 1],
    lambda n: (int, float)[n - 1],
    lambda n: enclosing(n, 9),
    recursive,
    lambda n: SimpleNamespace(a=n),
    lambda n: StandardScaler().fit([[0.0], [n]]).transform,
    lambda n: keras.optimizers.SGD(n / 10),
    lambda n: keras.initializers.GlorotUniform(seed=n),
    lambda n: keras.callbacks.EarlyStopping(patience=n),
    keras.Variable,
    lambda n: layer(weight=n),
    lambda n: layer(factor=n),
]


@pytest.mark.parametrize("make", MAKERS, ids=range(len(MAKERS)))
def test_equal_values_are_equal_and_others_are_not(make):
    assert text(make(1)) == text(make(1))
    assert text(make(1)) != text(make(2))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (np.arange(9)[::2], np.arange(0, 9, 2)),
        (eval("lambda: 1"), eval("lambda:  1  # one")),  # noqa: S307
        (keras.initializers.GlorotUniform(), keras.initializers.GlorotUniform()),
        (object(), object()),
        (Own(len), Own(len)),
    ],
    ids=["order", "strides", "comments", "unseeded", "address", "no configuration"],
)
def test_what_does_not_count(one, other):
    assert text(one) == text(other)


def test_what_holds_itself_ends():
    knot = SimpleNamespace(name="knot")
    knot.itself = [knot, {"again": knot}]
    assert text(knot).count("again") == 3


def test_another_process_says_the_same():
    """Python orders the words of a set by a hash that differs between processes."""
    program = f"import runpy; print(runpy.run_path({str(MODULE)!r})['describe']({{'a', 'b', 'c'}}))"
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
        for seed in (1, 2, 3)
    }
    assert len(said) == 1
