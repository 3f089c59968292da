"""From stored bytes to what a network is fed: explicit functions, applied by the caller."""

import numpy as np

from companion._validate import check_array, refuse

_BRIGHTEST = np.float32(255)
_CHUNK = 1_000  # images; bounds the memory of the float64 sums to about 25 MB
_SHAPE = (None, None, None, None)
_IMAGES_REMEDY = "data.train.images"


def to_float(images: np.ndarray) -> np.ndarray:
    """Return the images as float32 between 0 and 1.

    Use it before training: gradients behave better on small numbers of one scale.

    Args:
        images: `(n, height, width, channels)` unsigned whole numbers from 0 to 255.

    Returns:
        An array of the same shape, float32, each value divided by 255.

    Raises:
        TypeError: The images are not unsigned whole numbers.
        ValueError: The shape has not four axes, there are no images, or a value is over 255.

    Example:
        >>> to_float(np.full((1, 1, 1, 3), 51, np.uint8)).tolist()
        [[[[0.20000000298023224, 0.20000000298023224, 0.20000000298023224]]]]

    Book: start/baseline
    """
    _check_images(images, "to_float", "u")
    return np.divide(images, _BRIGHTEST, dtype=np.float32)


def channel_statistics(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of each color channel, on the scale from 0 to 1.

    Use it on the *training* images only: statistics that saw validation or test images leak.

    Args:
        images: `(n, height, width, channels)`, whole numbers from 0 to 255 or floats from 0 to 1.

    Returns:
        Mean and standard deviation (divided by n, not n - 1), each `(channels,)` float32.

    Raises:
        TypeError: The images are neither unsigned whole numbers nor floats.
        ValueError: The shape has not four axes, there are no images, or a value is out of range.

    Example:
        >>> mean, std = channel_statistics(np.array([[[[0]], [[255]]]], np.uint8))
        >>> mean.tolist(), std.tolist()
        ([0.5], [0.5])

    Book: start/baseline
    """
    _check_images(images, "channel_statistics", "uf")
    total = np.zeros(images.shape[-1])
    squares = np.zeros(images.shape[-1])
    for start in range(0, len(images), _CHUNK):
        part = _unit_scale(images[start : start + _CHUNK]).astype(np.float64)
        total += part.sum(axis=0).sum(axis=(0, 1))  # the long axis first, which is faster
        squares += np.square(part).sum(axis=0).sum(axis=(0, 1))
    count = images.size // images.shape[-1]
    mean = total / count
    variance = np.maximum(squares / count - np.square(mean), 0.0)
    return mean.astype(np.float32), np.sqrt(variance).astype(np.float32)


def normalize(images: np.ndarray, mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    """Return the images shifted and scaled by the statistics of the training images.

    Use it with one pair of statistics for training, validation and test images alike.

    Args:
        images: `(n, height, width, channels)`, whole numbers from 0 to 255 or floats from 0 to 1.
        mean: `(channels,)` from `channel_statistics`, each from 0 to 1.
        std: `(channels,)` from `channel_statistics`, each from 0 to 1; a channel with 0 is only
            shifted.

    Returns:
        An array of the same shape, float32: mean 0 and standard deviation 1 in each channel of the
        images that the statistics come from.

    Raises:
        TypeError: An argument is not an array of the right kind of number.
        ValueError: A shape does not fit, or a value is out of range.

    Example:
        >>> images = np.array([[[[0]], [[255]]]], np.uint8)
        >>> normalize(images, *channel_statistics(images)).ravel().tolist()
        [-1.0, 1.0]

    Book: start/baseline
    """
    _check_images(images, "normalize", "uf")
    _check_statistic(mean, "mean", images.shape[-1])
    _check_statistic(std, "std", images.shape[-1])
    scale = std.astype(np.float32)
    return (_unit_scale(images) - mean.astype(np.float32)) / np.where(scale == 0, 1, scale)


def _check_images(images: np.ndarray, owner: str, kinds: str) -> None:
    check_array(images, "images", owner, _SHAPE, kinds, _IMAGES_REMEDY)
    brightest = 255.0 if images.dtype.kind == "u" else 1.0
    if images.dtype != np.uint8 and not _are_within(images, brightest):
        allowed = "whole numbers from 0 to 255" + ", or floats from 0 to 1" * ("f" in kinds)
        refuse(ValueError, images, "images", owner, allowed, _IMAGES_REMEDY, _reach(images))


def _check_statistic(values: np.ndarray, name: str, channels: int) -> None:
    remedy = "the pair that channel_statistics returns"
    check_array(values, name, "normalize", (channels,), "f", remedy)
    if not _are_within(values, 1):
        allowed = "from 0 to 1, the scale of floats"
        refuse(ValueError, values, name, "normalize", allowed, remedy, _reach(values))


def _are_within(values: np.ndarray, largest: float) -> bool:
    return bool(values.min() >= 0 and values.max() <= largest)


def _reach(values: np.ndarray) -> str:
    return f" with values from {values.min():.4g} to {values.max():.4g}"


def _unit_scale(images: np.ndarray) -> np.ndarray:
    if images.dtype.kind == "u":
        return np.divide(images, _BRIGHTEST, dtype=np.float32)
    return images.astype(np.float32)
