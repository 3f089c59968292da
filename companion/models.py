"""Builders of the book's networks: plain keyword arguments in, an uncompiled Keras model out.

Importing this module imports Keras. Every builder returns class probabilities (a softmax), so
compile with a cross-entropy loss that expects probabilities.
"""

from collections.abc import Sequence

import keras
import numpy as np

from companion._validate import check_each_integer, check_flag, check_integer, check_number

__all__ = ["build_cnn", "build_mlp"]

BATCH_NORM_MOMENTUM = 0.9  # Keras' 0.99 needs hundreds of steps before inference can be trusted
SMALLEST_IMAGE = 18  # below this, nothing is left after two poolings and three valid convolutions


def build_cnn(
    input_shape: Sequence[int] = (32, 32, 3),
    num_classes: int = 10,
    *,
    filters: Sequence[int] = (32, 64, 64),
    l1: float = 0.0,
    l2: float = 0.0,
    dropout: float = 0.0,
    batch_norm: bool = False,
    seed: int | None = None,
) -> keras.Model:
    """Build the book's CNN; with `l2=0.001, dropout=0.5` it is the introductory one.

    Use it for small images when the question is about regularization or optimizers, not about
    architecture. Three 3x3 convolutions without padding, max pooling after the first two, dropout,
    one dense layer of `filters[2]` units, and a softmax.

    Args:
        input_shape: Height, width and channels of an image; height and width at least 18.
        num_classes: Number of classes, at least 2.
        filters: Filters of the three convolutions; the dense layer has as many units as the last.
        l1: Strength of the L1 penalty on all kernels but the softmax layer's, at least 0.
        l2: Strength of the L2 penalty on the same kernels, at least 0. Keras adds `l2 * sum(w**2)`.
        dropout: Fraction of the flattened features dropped while training, in [0, 1).
        batch_norm: Put BatchNorm (momentum 0.9) between each convolution and its ReLU.
        seed: Seed of the initial weights and of dropout, at least 0; None draws from Keras' global
            seed.

    Returns:
        An uncompiled model: `(batch, *input_shape)` to probabilities `(batch, num_classes)`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> build_cnn(l2=0.001, dropout=0.5).count_params()
        122570

    Source:
        Book: start/baseline.
    """
    owner = "build_cnn"
    input_shape = _check_image_shape(input_shape, owner)
    num_classes = check_integer(num_classes, "num_classes", owner, "[2, inf)", 10)
    filters = check_each_integer(filters, "filters", owner, "[1, inf)", (32, 64, 64))
    if len(filters) != 3:  # noqa: PLR2004 - the network has three convolutions
        raise ValueError(
            f"filters of {owner} must be three numbers. Got filters={filters}. Try (32, 64, 64)."
        )
    dropout, batch_norm = _check_regularization(dropout, batch_norm, owner)
    penalty, seeds = _penalty(l1, l2, owner), _Seeds(seed, owner)

    network = [keras.Input(input_shape)]
    for index, count in enumerate(filters):
        network += _convolution(count, penalty, batch_norm, seeds)
        if index < len(filters) - 1:
            network.append(keras.layers.MaxPooling2D(2))
    network.append(keras.layers.Flatten())
    if dropout:
        network.append(keras.layers.Dropout(dropout, seed=seeds.dropout()))
    network.append(_dense(filters[-1], "relu", penalty, seeds))
    network.append(_dense(num_classes, "softmax", None, seeds))
    return keras.Sequential(network, name="cnn")


def build_mlp(
    input_shape: Sequence[int] = (32, 32, 3),
    num_classes: int = 10,
    *,
    hidden_units: Sequence[int] = (256, 128),
    l1: float = 0.0,
    l2: float = 0.0,
    dropout: float = 0.0,
    batch_norm: bool = False,
    seed: int | None = None,
) -> keras.Model:
    """Build a multilayer perceptron: the cheapest network that can overfit.

    Use it when seconds count, or for inputs without spatial structure; images are flattened.

    Args:
        input_shape: Shape of one input without the batch axis; `(32, 32, 3)` or `(num_features,)`.
        num_classes: Number of classes, at least 2.
        hidden_units: Units of each hidden layer.
        l1: Strength of the L1 penalty on the hidden kernels, at least 0.
        l2: Strength of the L2 penalty on the hidden kernels, at least 0.
        dropout: Fraction of each hidden layer's outputs dropped while training, in [0, 1).
        batch_norm: Put BatchNorm (momentum 0.9) between each hidden layer and its ReLU.
        seed: Seed of the initial weights and of dropout, at least 0; None draws from Keras' global
            seed.

    Returns:
        An uncompiled model: `(batch, *input_shape)` to probabilities `(batch, num_classes)`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> build_mlp((4,), 3, hidden_units=(8,)).count_params()
        67

    Source:
        Book: start/overfitting.
    """
    owner = "build_mlp"
    input_shape = check_each_integer(input_shape, "input_shape", owner, "[1, inf)", (32, 32, 3))
    num_classes = check_integer(num_classes, "num_classes", owner, "[2, inf)", 10)
    hidden_units = check_each_integer(hidden_units, "hidden_units", owner, "[1, inf)", (256, 128))
    dropout, batch_norm = _check_regularization(dropout, batch_norm, owner)
    penalty, seeds = _penalty(l1, l2, owner), _Seeds(seed, owner)

    network = [keras.Input(input_shape), keras.layers.Flatten()]
    for units in hidden_units:
        network += _hidden(units, penalty, batch_norm, seeds)
        if dropout:
            network.append(keras.layers.Dropout(dropout, seed=seeds.dropout()))
    network.append(_dense(num_classes, "softmax", None, seeds))
    return keras.Sequential(network, name="mlp")


class _Seeds:
    """A different seed for every layer, all derived from one; None stays None.

    Weights and dropout draw from two streams, so that networks with and without dropout start from
    the same weights: comparisons between them are paired.
    """

    def __init__(self, seed: int | None, owner: str) -> None:
        if seed is not None:
            seed = check_integer(seed, "seed", owner, "[0, inf)", 0)
            self._weights, self._dropout = np.random.SeedSequence(seed).spawn(2)
        self._seed = seed

    def initializer(self) -> keras.initializers.Initializer:
        return keras.initializers.GlorotUniform(
            None if self._seed is None else _draw(self._weights)
        )

    def dropout(self) -> int | None:
        return None if self._seed is None else _draw(self._dropout)


def _draw(sequence: np.random.SeedSequence) -> int:
    return int(sequence.spawn(1)[0].generate_state(1)[0] >> 1)  # Keras wants a signed int32


def _convolution(
    filters: int,
    penalty: keras.regularizers.Regularizer | None,
    batch_norm: bool,
    seeds: _Seeds,
) -> list[keras.Layer]:
    convolution = keras.layers.Conv2D(
        filters,
        3,
        activation=None if batch_norm else "relu",
        use_bias=not batch_norm,  # BatchNorm's beta takes the bias' place
        kernel_initializer=seeds.initializer(),
        kernel_regularizer=penalty,
    )
    return [convolution, *_normalized_relu(batch_norm)]


def _hidden(
    units: int, penalty: keras.regularizers.Regularizer | None, batch_norm: bool, seeds: _Seeds
) -> list[keras.Layer]:
    dense = _dense(units, None if batch_norm else "relu", penalty, seeds, use_bias=not batch_norm)
    return [dense, *_normalized_relu(batch_norm)]


def _normalized_relu(batch_norm: bool) -> list[keras.Layer]:
    if not batch_norm:
        return []
    return [keras.layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM), keras.layers.ReLU()]


def _dense(
    units: int,
    activation: str | None,
    penalty: keras.regularizers.Regularizer | None,
    seeds: _Seeds,
    use_bias: bool = True,
) -> keras.layers.Dense:
    return keras.layers.Dense(
        units,
        activation=activation,
        use_bias=use_bias,
        kernel_initializer=seeds.initializer(),
        kernel_regularizer=penalty,
    )


def _penalty(l1: float, l2: float, owner: str) -> keras.regularizers.Regularizer | None:
    l1 = check_number(l1, "l1", owner, "[0, inf)", 1e-4)
    l2 = check_number(l2, "l2", owner, "[0, inf)", 1e-3)
    if l1 and l2:
        return keras.regularizers.L1L2(l1, l2)
    if l1:
        return keras.regularizers.L1(l1)
    return keras.regularizers.L2(l2) if l2 else None


def _check_regularization(dropout: float, batch_norm: bool, owner: str) -> tuple[float, bool]:
    return (
        check_number(dropout, "dropout", owner, "[0, 1)", 0.5),
        check_flag(batch_norm, "batch_norm", owner),
    )


def _check_image_shape(shape: Sequence[int], owner: str) -> tuple[int, ...]:
    shape = check_each_integer(shape, "input_shape", owner, "[1, inf)", (32, 32, 3))
    if len(shape) != 3 or min(shape[:2]) < SMALLEST_IMAGE:  # noqa: PLR2004 - height, width, channels
        raise ValueError(
            f"input_shape of {owner} must be (height, width, channels) with height and width of at "
            f"least {SMALLEST_IMAGE}. Got input_shape={shape}. Try (32, 32, 3)."
        )
    return shape
