"""Shifted images: the pad-and-crop augmentation, every image in its own way."""

import numpy as np

from companion._validate import check_array


def shift_images(images: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Move each image by whole pixels and fill what it leaves with zeros.

    Use it to see what "pad, then crop at random" does: cropping a padded image is shifting it.

    Args:
        images: `(batch, height, width, channels)` finite floats.
        offsets: `(batch, 2)` whole numbers, how far each image moves down and to the right;
            negative ones move it up and to the left. They are smaller than height and width.

    Returns:
        An array like `images`.

    Raises:
        TypeError: An argument is not an array of the right kind.
        ValueError: Shapes do not match, an image holds NaN or infinity, or an offset is too large.

    Example:
        >>> image = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 2, 1)
        >>> shift_images(image, np.array([[1, 0]])).reshape(2, 2).tolist()
        [[0.0, 0.0], [1.0, 2.0]]

    Source:
        Book: regularization/data_augmentation.
    """
    _check(images, offsets, "shift_images")
    height, width = images.shape[1:3]
    far = int(np.abs(offsets.astype(int)).max())
    padded = np.pad(images, ((0, 0), (far, far), (far, far), (0, 0)))
    starts = far - offsets.astype(int)  # an image moves down where the crop begins further up
    return np.stack(
        [
            image[top : top + height, left : left + width]
            for image, (top, left) in zip(padded, starts, strict=True)
        ]
    )


def _check(images: np.ndarray, offsets: np.ndarray, owner: str) -> None:
    check_array(images, "images", owner, (None,) * 4, "f", "np.zeros((2, 32, 32, 3))")
    batch, height, width, _ = images.shape
    check_array(offsets, "offsets", owner, (batch, 2), "iu", "np.array([[4, -4]] * len(images))")
    low, high = offsets.min(axis=0), offsets.max(axis=0)
    if (low <= (-height, -width)).any() or (high >= (height, width)).any():
        raise ValueError(
            f"offsets of {owner} must be smaller than the images, {height} by {width} pixels. "
            f"Got offsets from {low.tolist()} to {high.tolist()}. Pass offsets of few pixels."
        )
