"""A data set of labeled images and its three splits."""

from dataclasses import dataclass

import numpy as np

from companion._validate import check_instance, refuse
from companion.datasets._order import stratified_take
from companion.datasets._provenance import (
    check_provenance,
    check_splits,
    evidence_of,
    summary_of,
)

_ARRAY_REMEDY = "np.asarray(...)"
_AXES = 4


@dataclass(frozen=True, eq=False, repr=False)
class Split:
    """Images with their labels, in an order that is stratified where `load_cifar10` made it.

    Use it wherever a function wants data: `split.images` and `split.labels` are plain NumPy arrays.
    Those of a loaded data set are read-only, because several splits may share one memory map.

    Args:
        images: `(n, height, width, channels)` uint8, values 0 to 255.
        labels: `(n,)` whole numbers, the class of each image.

    Raises:
        TypeError: Not NumPy arrays, or the labels are no whole numbers.
        ValueError: Images of another kind or shape, or not one label for each.

    Example:
        >>> split = Split(np.zeros((4, 32, 32, 3), np.uint8), np.array([0, 1, 0, 1]))
        >>> len(split), len(split.take(2))
        (4, 2)

    Book: start/overfitting
    """

    images: np.ndarray
    labels: np.ndarray

    def __post_init__(self) -> None:
        check_instance(self.images, "images", "Split", np.ndarray, "a NumPy array", _ARRAY_REMEDY)
        check_instance(self.labels, "labels", "Split", np.ndarray, "a NumPy array", _ARRAY_REMEDY)
        if self.images.dtype != np.uint8 or self.images.ndim != _AXES:
            allowed = "uint8 of shape (n, height, width, channels)"
            refuse(ValueError, self.images, "images", "Split", allowed, _ARRAY_REMEDY)
        if self.labels.dtype.kind not in "iu":
            refuse(TypeError, self.labels, "labels", "Split", "whole numbers", _ARRAY_REMEDY)
        if self.labels.shape != self.images.shape[:1]:
            raise ValueError(
                "labels of Split must be one number for each image. "
                f"Got images of shape {self.images.shape} and labels of shape {self.labels.shape}. "
                "Try labels.ravel() if they are a column, or fewer images."
            )

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self):,} images)"

    def take(self, n: int, seed: int = 0) -> "Split":
        """Return `n` images, every class in proportion; smaller takes are part of larger ones.

        Use it to make an experiment smaller without unbalancing its classes.

        Args:
            n: Number of images, from 1 to `len(self)`.
            seed: Which images, at least 0: the same seed always gives the same ones.

        Returns:
            A new `Split` of length `n`.

        Raises:
            TypeError: An argument is not a whole number.
            ValueError: An argument is out of range.

        Example:
            >>> split = Split(np.zeros((6, 32, 32, 3), np.uint8), np.array([0, 0, 0, 1, 1, 1]))
            >>> sorted(split.take(4, seed=1).labels.tolist())
            [0, 0, 1, 1]

        Book: start/overfitting
        """
        return self._select(stratified_take(self.labels, n, seed, "images", "Split.take"))

    def _select(self, rows: np.ndarray) -> "Split":
        return Split(self.images[rows], self.labels[rows])


@dataclass(frozen=True, eq=False, repr=False)
class ImageDataset:
    """Training, validation and test images, and where they come from.

    Use it as the one handle of an experiment: it knows what to write under a figure.

    Args:
        name: Name of the data set that was asked for, such as `"cifar-10"`.
        source: What was found: the same name, or `"stand-in"`.
        fingerprint: SHA-256 (hex) over the content of the whole training and test set, before any
            split or subset.
        class_names: Name of each class; the label is the index.
        train: Images to fit on.
        validation: Images to choose by; may be empty.
        test: Images to report on, once.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: A name is blank.

    Example:
        >>> split = Split(np.zeros((2, 32, 32, 3), np.uint8), np.array([0, 1]))
        >>> data = ImageDataset("toy", "toy", "1a2b3c4d5e", ("a", "b"), split, split, split)
        >>> data.evidence
        'toy 1a2b3c4d, 2 training images'

    Book: start/overfitting
    """

    name: str
    source: str
    fingerprint: str
    class_names: tuple[str, ...]
    train: Split
    validation: Split
    test: Split

    def __post_init__(self) -> None:
        check_provenance(self, "ImageDataset")
        check_splits(self, "ImageDataset", Split, "Split(images, labels)")

    @property
    def evidence(self) -> str:
        """Source, first digits of the fingerprint, number of training images, for captions."""
        return evidence_of(self, "images")

    def __repr__(self) -> str:
        return f"ImageDataset({summary_of(self, 'images')})"
