"""Random changes of training images that leave the label as it is, as ordinary Keras layers.

Importing this module imports Keras.
"""

from collections.abc import Sequence

import keras
import numpy as np

from companion._validate import (
    check_each_integer,
    check_flag,
    check_instance,
    check_integer,
    refuse,
)

__all__ = ["build_augmenter", "prepend"]


def build_augmenter(
    input_shape: Sequence[int] = (32, 32, 3),
    *,
    flip: bool = False,
    shift: int = 0,
    cutout: int = 0,
    seed: int | None = None,
) -> keras.Sequential:
    """Build a model that flips, shifts and partly covers images while training.

    Use it inside a model (`prepend`) or in an input pipeline (`dataset.map`). Every image of a
    batch is changed in its own way. In inference mode the images pass unchanged; `fit`, `evaluate`
    and `predict` set the mode, but a direct call trains unless it says `training=False`.

    Args:
        input_shape: Height, width and channels of an image.
        flip: Mirror half of the images left to right.
        shift: Move each image by up to this many pixels up or down, left or right, at least 0 and
            less than its height and width; the edge is filled with zeros. This does what padding by
            `shift` and cropping at random does, except that the largest shift in either direction
            comes half as often as any other.
        cutout: In half of the images, cover a square of this side, in pixels, at a random place
            with zeros; at least 0 and less than height and width. On images that are not square, a
            rectangle of about that area. Keras' layer never covers the first row and column.
        seed: Seed of the random choices, at least 0; None draws from Keras' global seed.

    Returns:
        A model from `(batch, *input_shape)` to the same shape, without weights.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range, or nothing is asked for.

    Example:
        >>> import numpy as np
        >>> augmenter = build_augmenter((8, 8, 1), shift=2, seed=1)
        >>> image = np.ones((1, 8, 8, 1))
        >>> bool(np.array_equal(augmenter(image, training=False), image))
        True

    Source:
        Book: regularization/data_augmentation. Cutout: DeVries and Taylor (2017).
    """
    owner = "build_augmenter"
    shape = check_each_integer(input_shape, "input_shape", owner, "[1, inf)", (32, 32, 3))
    if len(shape) != 3:  # noqa: PLR2004 - height, width, channels
        allowed = "three numbers, height, width and channels"
        refuse(ValueError, input_shape, "input_shape", owner, allowed, "(32, 32, 3)")
    height, width, _ = shape
    below = f"[0, {min(height, width)})"
    flip = check_flag(flip, "flip", owner)
    shift = check_integer(shift, "shift", owner, below, min(4, min(height, width) - 1))
    cutout = check_integer(cutout, "cutout", owner, below, min(8, min(height, width) - 1))
    flip_seed, shift_seed, cutout_seed = _independent_seeds(seed, owner)
    layers: list[keras.Layer] = []
    if flip:
        layers.append(keras.layers.RandomFlip("horizontal", seed=flip_seed))
    if shift:
        layers.append(_random_shift(shift, height, width, shift_seed))
    if cutout:
        layers.append(_random_cutout(cutout, height, width, cutout_seed))
    if not layers:
        raise ValueError(f"{owner} must be asked for something. Got nothing. Try flip=True.")
    return keras.Sequential([keras.Input(shape), *layers], name="augmenter")


def prepend(augmenter: keras.Model, model: keras.Model) -> keras.Model:
    """Put an augmenter in front of a network, so that it is part of the model that is saved.

    Use it when augmentation should travel with the model. In an input pipeline it can run beside
    the training on another core instead.

    Args:
        augmenter: A model from images to images, such as `build_augmenter` returns.
        model: A network that takes those images.

    Returns:
        An uncompiled model that shares the weights of `model`.

    Raises:
        TypeError: An argument is not a Keras model.
        ValueError: The augmenter's images do not fit the network.

    Example:
        >>> from companion.models import build_cnn
        >>> network = build_cnn(seed=1)
        >>> model = prepend(build_augmenter(flip=True, seed=1), network)
        >>> model.count_params() == network.count_params()
        True

    Source:
        Book: regularization/data_augmentation.
    """
    owner, remedy = "prepend", "build_cnn()"
    check_instance(augmenter, "augmenter", owner, keras.Model, "a Keras model", "build_augmenter()")
    check_instance(model, "model", owner, keras.Model, "a Keras model", remedy)
    if augmenter.output_shape != model.input_shape:
        raise ValueError(
            f"model of {owner} must take what the augmenter returns. Got images of shape "
            f"{augmenter.output_shape[1:]} for an input of shape {model.input_shape[1:]}. "
            f"Try build_augmenter({model.input_shape[1:]}, flip=True)."
        )
    images = keras.Input(augmenter.input_shape[1:])
    return keras.Model(images, model(augmenter(images)), name=f"augmented_{model.name}")


def _independent_seeds(seed: int | None, owner: str) -> list[int | None]:
    """Return a seed a layer: with one seed for all, flipped images would all move one way."""
    if seed is None:
        return [None] * 3
    seed = check_integer(seed, "seed", owner, "[0, inf)", 0)
    return [int(each.generate_state(1)[0] >> 1) for each in np.random.SeedSequence(seed).spawn(3)]


def _random_shift(pixels: int, height: int, width: int, seed: int | None) -> keras.Layer:
    return keras.layers.RandomTranslation(
        pixels / height,
        pixels / width,
        fill_mode="constant",
        interpolation="nearest",  # whole pixels: a shifted image is not blurred
        seed=seed,
    )


def _random_cutout(side: int, height: int, width: int, seed: int | None) -> keras.Layer:
    area = side**2 / (height * width)
    return keras.layers.RandomErasing(
        scale=(area, area), fill_value=0.0, value_range=(0.0, 1.0), seed=seed
    )
