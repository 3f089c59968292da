"""From stored bytes to what a network is fed: explicit functions, applied by the caller."""

import numpy as np

from companion._validate import check_array

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
        ValueError: The shape has not four axes, or there are no images.

    Example:
        >>> to_float(np.full((1, 1, 1, 3), 51, np.uint8)).tolist()
        [[[[0.20000000298023224, 0.20000000298023224, 0.20000000298023224]]]]

    Book: start/baseline
    """
    check_array(images, "images", "to_float", _SHAPE, "u", _IMAGES_REMEDY)
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
        ValueError: The shape has not four axes, there are no images, or a value is not finite.

    Example:
        >>> mean, std = channel_statistics(np.array([[[[0]], [[255]]]], np.uint8))
        >>> mean.tolist(), std.tolist()
        ([0.5], [0.5])

    Book: start/baseline
    """
    check_array(images, "images", "channel_statistics", _SHAPE, "uf", _IMAGES_REMEDY)
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
        mean: `(channels,)` from `channel_statistics`.
        std: `(channels,)` from `channel_statistics`; a channel with 0 is only shifted.

    Returns:
        An array of the same shape, float32: mean 0 and standard deviation 1 in each channel of the
        images that the statistics come from.

    Raises:
        TypeError: An argument is not an array of the right kind of number.
        ValueError: A shape does not fit, or a value is not finite.

    Example:
        >>> images = np.array([[[[0]], [[255]]]], np.uint8)
        >>> normalize(images, *channel_statistics(images)).ravel().tolist()
        [-1.0, 1.0]

    Book: start/baseline
    """
    check_array(images, "images", "normalize", _SHAPE, "uf", _IMAGES_REMEDY)
    channels = (images.shape[-1],)
    remedy = "the pair that channel_statistics returns"
    check_array(mean, "mean", "normalize", channels, "f", remedy)
    check_array(std, "std", "normalize", channels, "f", remedy)
    scale = np.where(std == 0, 1, std).astype(np.float32)
    return (_unit_scale(images) - mean.astype(np.float32)) / scale


def _unit_scale(images: np.ndarray) -> np.ndarray:
    if images.dtype.kind == "u":
        return np.divide(images, _BRIGHTEST, dtype=np.float32)
    return images.astype(np.float32)
