"""A network and data small enough to train in milliseconds, for the tests of callbacks."""

from collections.abc import Callable

import keras
import numpy as np
import pytest

Pair = tuple[np.ndarray, np.ndarray]


@pytest.fixture(scope="session")
def train() -> Pair:
    return _points(40, seed=0)


@pytest.fixture(scope="session")
def test() -> Pair:
    return _points(24, seed=1)


@pytest.fixture
def build() -> Callable[..., keras.Model]:
    """Builder of a compiled classifier; two calls give two equal models."""
    return _build


def _points(count: int, seed: int) -> Pair:
    x = np.random.default_rng(seed).normal(size=(count, 4)).astype("float32")
    return x, x[:, :3].argmax(axis=1)  # three classes that depend on the features


def _build(
    dropout: float = 0.0, l2: float = 0.0, learning_rate=0.01, eager: bool = False
) -> keras.Model:
    keras.utils.set_random_seed(7)
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(8, "relu", kernel_regularizer=keras.regularizers.L2(l2), name="h"),
            keras.layers.Dropout(dropout),
            keras.layers.Dense(3, "softmax", name="out"),
        ],
        name="classifier",  # two models' weights have the same paths
    )
    cross_entropy = keras.metrics.SparseCategoricalCrossentropy(name="cross_entropy")
    model.compile(
        keras.optimizers.SGD(learning_rate),
        "sparse_categorical_crossentropy",
        metrics=["accuracy", cross_entropy],
        run_eagerly=eager,  # for a few tiny batches faster than compiling a graph
    )
    return model
