"""A grid of images with their classes and, if given, what a model took them for."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from companion._validate import check_array, check_instance, check_integer, check_text
from companion.plotting.style import FONT_SIZE, INK, WARNING, WIDTH, open_axes

_PITCH = 1.1  # distance of two images; an image is 1 wide and 1 high
_LINE = 0.22  # height of a line of text in the same unit
_READABLE, _FITTING = 5, 11  # so many columns, with so many letters each, have room for the text
_RIGHT, _WRONG = "✓", "✗"


def plot_images(
    images: np.ndarray,
    labels: np.ndarray,
    class_names: Sequence[str],
    ax: Axes | None = None,
    *,
    columns: int = 5,
    predictions: np.ndarray | None = None,
    source: str | None = None,
) -> Axes:
    r"""Draw images in rows, each under the name of its class.

    Use it to look at data, and at mistakes. With `predictions` a check mark precedes the name that
    was predicted correctly; a wrong one has a cross, the true class in a second line, and a frame.

    Args:
        images: `(n, height, width, 3)` or `(n, height, width, 1)`; unsigned whole numbers from 0 to
            255, or floats in [0, 1].
        labels: True classes as whole numbers, shape `(n,)`.
        class_names: Name of class 0, 1, ...
        ax: Axes to draw on; None (the default) opens a new figure of fitting height.
        columns: Images in a row, at least 1; more than 5 are hard to read on a phone.
        predictions: Predicted classes as whole numbers, shape `(n,)`, or None (the default).
        source: Where the data are from (`dataset.source`); `"stand-in"` is marked on the figure.

    Returns:
        The Axes, which hold one image each in `ax.images` and its text in `ax.texts`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: Shapes do not match, floats are outside [0, 1], or a class has no name.

    Example:
        >>> ax = plot_images(
        ...     np.zeros((2, 8, 8, 3)),
        ...     labels=np.array([0, 1]),
        ...     predictions=np.array([0, 0]),
        ...     class_names=["cat", "dog"],
        ... )
        >>> [text.get_text() for text in ax.texts]
        ['✓ cat', '✗ cat\nis dog']

    Source:
        Book: start/baseline.
    """
    owner = "plot_images"
    pixels, names = _check_images(images, owner), _check_names(class_names, owner)
    columns = min(check_integer(columns, "columns", owner, "[1, inf)", 5), len(pixels))
    classes = [_check_classes(labels, "labels", owner, len(pixels), len(names))]
    if predictions is not None:
        classes.append(_check_classes(predictions, "predictions", owner, len(pixels), len(names)))
    captions = [_caption(*(names[c] for c in case)) for case in zip(*classes, strict=True)]

    rows, pitch = math.ceil(len(pixels) / columns), 1.1 + _line_height(columns) * len(classes)
    height = rows * pitch * WIDTH / (columns * _PITCH) + 0.3
    ax = open_axes(ax, source, owner, legend_rows=0, height=height)
    ax.axis("off")
    ax.set(xlim=(-0.05, columns * _PITCH), ylim=(rows * pitch, 0), aspect="equal")
    fontsize = _font_size(captions, columns)
    for index, (image, caption) in enumerate(zip(pixels, captions, strict=True)):
        corner = index % columns * _PITCH, (index // columns + 1) * pitch - 0.05
        _draw(ax, image, caption, corner, fontsize)
    return ax


def _line_height(columns: int) -> float:
    return _LINE * min(1, columns / _READABLE)


def _font_size(captions: list[str], columns: int) -> float:
    """Shrink the text until the longest line fits above its image."""
    longest = max(len(line) for caption in captions for line in caption.splitlines())
    return FONT_SIZE * min(1, _READABLE / columns * _FITTING / max(longest, 1))


def _caption(name: str, guess: str | None = None) -> str:
    if guess is None:
        return name
    return f"{_RIGHT} {name}" if guess == name else f"{_WRONG} {guess}\nis {name}"


def _draw(
    ax: Axes, image: np.ndarray, caption: str, corner: tuple[float, float], fontsize: float
) -> None:
    left, bottom = corner
    extent = (left, left + 1, bottom, bottom - 1)
    ax.imshow(image, cmap="gray", vmin=0, vmax=1, extent=extent, interpolation="nearest")
    wrong = caption.startswith(_WRONG)
    color = WARNING if wrong else INK
    ax.text(left, bottom - 1.05, caption, color=color, fontsize=fontsize, va="bottom")
    if wrong:
        frame = Rectangle((left, bottom - 1), 1, 1, fill=False, linewidth=3, linestyle="--")
        frame.set(edgecolor=WARNING, clip_on=False)
        ax.add_patch(frame)


def _check_images(images: np.ndarray, owner: str) -> np.ndarray:
    """Return floats in [0, 1], without the channel axis if there is one channel."""
    remedy = "images[:10]"
    check_array(images, "images", owner, (None, None, None, None), "uf", remedy)
    scaled = images / 255 if images.dtype.kind == "u" else images
    if images.shape[-1] not in (1, 3) or scaled.min() < 0 or scaled.max() > 1:
        raise ValueError(
            f"images of {owner} must have 1 or 3 channels, whole to 255 or floats in [0, 1]. Got "
            f"{images.shape[-1]} channels of {images.dtype} in [{images.min()}, {images.max()}]. "
            "Try images before normalization."
        )
    return scaled[..., 0] if images.shape[-1] == 1 else scaled


def _check_names(class_names: Sequence[str], owner: str) -> list[str]:
    allowed, remedy = "a list or tuple of names", '["cat", "dog"]'
    check_instance(class_names, "class_names", owner, (list, tuple), allowed, remedy)
    return [
        check_text(name, f"class_names[{index}]", owner, "'cat'")
        for index, name in enumerate(class_names)
    ]


def _check_classes(
    classes: np.ndarray, name: str, owner: str, num_images: int, num_classes: int
) -> np.ndarray:
    remedy = f"{name} of whole numbers, one an image; probabilities.argmax(axis=1) gives them"
    check_array(classes, name, owner, (num_images,), "ui", remedy)
    if classes.min() < 0 or classes.max() >= num_classes:
        raise ValueError(
            f"{name} of {owner} must be in [0, {num_classes}), the classes that have a name. "
            f"Got {classes.min()} to {classes.max()}. Pass all class_names."
        )
    return classes
