"""The contract table: what an optimizer of the book and that of Keras do with the same problems."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from companion import from_scratch
from companion.from_scratch.optimizer import Optimizer
from tests.from_scratch.optimizers.problems import (
    DROP,
    LESS,
    PROBLEMS,
    STEPS,
    gradients,
    start,
)

TOLERANCES = {"float32": 1e-6, "float64": 1e-12}
# Keras rounds numbers of Python to float32, so in float64 these are exact in float32.
EXACT = {"rate": 2.0**-5, "decay": 2.0**-4, "share": 0.875, "long": 1 - 2.0**-7, "tiny": 2.0**-23}
USUAL = {"rate": 0.03, "decay": 0.05, "share": 0.9, "long": 0.999, "tiny": 1e-7}
VALUES = {"float32": USUAL, "float64": EXACT}

SGD = {"learning_rate": "rate"}
MOMENTUM = SGD | {"momentum": "share"}
NESTEROV = MOMENTUM | {"nesterov": True}
ADAGRAD = {"learning_rate": "rate", "epsilon": "tiny", "initial_accumulator_value": 0.125}
RMSPROP = {"learning_rate": "rate", "rho": "share", "epsilon": "tiny"}
CENTERED = RMSPROP | {"centered": True}
CENTERED_MOMENTUM = CENTERED | {"momentum": 0.5}
ADAM = {"learning_rate": "rate", "beta_1": "share", "beta_2": "long", "epsilon": "tiny"}
AMSGRAD = ADAM | {"amsgrad": True}
DECAY = {"weight_decay": "decay"}
EXTRAS = (DECAY, {"clipnorm": 0.5}, {"clipvalue": 0.125}, DECAY | {"global_clipnorm": 0.5})
FORMS = (
    ("SGD", SGD, NESTEROV, (MOMENTUM,)),
    ("Adagrad", ADAGRAD, ADAGRAD, (ADAGRAD | {"initial_accumulator_value": 0.0},)),
    ("RMSprop", RMSPROP, CENTERED_MOMENTUM, (CENTERED, RMSPROP | {"momentum": "share"})),
    ("Adam", ADAM, AMSGRAD, ()),
    ("AdamW", ADAM | DECAY, AMSGRAD | DECAY, ()),
)


@dataclass(frozen=True)
class Row:
    """An optimizer with its options and a precision; options are pairs, so that rows can be keys.

    A string among the values names a number of `VALUES`.
    """

    optimizer: str
    options: tuple[tuple[str, Any], ...]
    dtype: str

    def __str__(self) -> str:
        said = [f"{name}={value}" for name, value in self.options if name != "learning_rate"]
        return "-".join([self.optimizer, *said, self.dtype])

    def arguments(self) -> dict[str, Any]:
        values = VALUES[self.dtype]
        return {name: values.get(value, value) for name, value in self.options}


def rows() -> list[Row]:
    """Return each form of each optimizer; its richest form also with decay and each clipping."""
    found = []
    for optimizer, plain, richest, others in FORMS:
        forms = [plain, *others, richest, *(richest | extra for extra in EXTRAS)]
        found += [(optimizer, tuple(form.items())) for form in forms]
    return [Row(*each, dtype) for each in dict.fromkeys(found) for dtype in TOLERANCES]


def follow(
    row: Row,
    kind: type[Optimizer],
    gradients_at: Callable[[list[np.ndarray], int], list[np.ndarray]],
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the gradients and then the arrays of every step, each `(STEPS, ...)`."""
    arguments = row.arguments()
    rate = arguments.pop("learning_rate")
    optimizer = kind(lambda step: rate if step < DROP else LESS * rate, **arguments)
    params, seen, path = start(row.dtype), [], []
    state = optimizer.init(params)
    for step in range(STEPS):
        seen.append(gradients_at(params, step))
        params, state = optimizer.update(seen[-1], state, params)
        path.append(params)
    return stacked(seen), stacked(path)


def stacked(steps: list[list[np.ndarray]]) -> list[np.ndarray]:
    return [np.stack(each) for each in zip(*steps, strict=True)]


@cache
def by_the_book(row: Row) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the gradients and arrays where the optimizer of the book goes its own way."""
    return follow(row, getattr(from_scratch, row.optimizer), gradients)


@cache
def by_keras(row: Row) -> list[np.ndarray]:
    """Return the arrays as Keras moves them by the gradients that the book's optimizer met.

    Were each to follow its own gradients, a problem that amplifies rounding would drive them apart
    though their formulas are equal: the centered form does, dividing by nearly nothing.
    """
    optimizer = getattr(keras.optimizers, row.optimizer)(**row.arguments())
    variables = [keras.Variable(w, dtype=row.dtype) for w in start(row.dtype)]
    optimizer.build(variables)
    met = [tf.constant(each) for each in by_the_book(row)[0]]
    rate = float(row.arguments()["learning_rate"])

    @tf.function
    def run():
        paths = [tf.TensorArray(row.dtype, STEPS, element_shape=v.shape) for v in variables]
        for step in tf.range(STEPS):
            optimizer.learning_rate.assign(tf.where(step < DROP, rate, LESS * rate))
            optimizer.apply([each[step] for each in met], variables)
            paths = [p.write(step, v.value) for p, v in zip(paths, variables, strict=True)]
        return [path.stack() for path in paths]

    return [path.numpy() for path in run()]


def distances(row: Row, kind: type[Optimizer] | None = None) -> dict[str, float]:
    """Return how far both are apart at most, relative to the largest number of the array.

    There is one distance for each problem while the rate is constant, one for all arrays of that
    time, and one for all of them after the rate has dropped. Another optimizer than that of the
    book, `kind`, gets the same gradients.
    """
    met, moved = by_the_book(row)
    if kind is not None:
        _, moved = follow(row, kind, lambda _, step: [each[step] for each in met])
    pairs = list(zip(moved, by_keras(row), strict=True))
    assert all(ours.dtype == theirs.dtype == row.dtype for ours, theirs in pairs)
    apart = [np.abs(ours - theirs) / np.abs(theirs).max() for ours, theirs in pairs]
    before = [float(each[:DROP].max()) for each in apart]
    after = max(float(each[DROP:].max()) for each in apart)
    return dict(zip(PROBLEMS, before, strict=True)) | {"many": max(before), "drop": after}
