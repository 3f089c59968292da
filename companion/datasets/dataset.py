"""A data set of labeled images and its three splits."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from companion._validate import check_instance, check_integer

Rows = np.ndarray | slice
_ARRAY_REMEDY = "np.asarray(...)"


@dataclass(frozen=True, eq=False, repr=False)
class Split:
    """Images with their labels, in an order that is stratified where `load_cifar10` made it.

    Use it wherever a function wants data: `split.images` and `split.labels` are plain NumPy arrays.
    Those of a loaded data set are read-only, because several splits may share one memory map.

    Args:
        images: `(n, 32, 32, 3)` uint8, values 0 to 255.
        labels: `(n,)` int64, the class of each image.

    Raises:
        TypeError: Not NumPy arrays.
        ValueError: Images and labels differ in number.

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
        if self.labels.shape != self.images.shape[:1]:
            raise ValueError(
                "labels of Split must be one number for each image. "
                f"Got images of shape {self.images.shape} and labels of shape {self.labels.shape}. "
                "Try labels.ravel() if they are a column."
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
            seed: Which images: the same seed always gives the same ones.

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
        n = check_integer(n, "n", "Split.take", f"[1, {len(self)}]", len(self))
        seed = check_integer(seed, "seed", "Split.take", "[0, inf)", 0)
        return self._select(stratified_order(self.labels, seed)[:n])

    def _select(self, rows: np.ndarray) -> "Split":
        return Split(self.images[rows], self.labels[rows])


class LazySplit(Split):
    """Rows of larger arrays, chosen and copied when they are first asked for.

    Opening a data set then costs a memory map and no copy. A slice is never copied at all.

    Args:
        images: `(m, 32, 32, 3)` uint8, usually a memory map.
        labels: `(m,)` whole numbers.
        size: Number of rows that will be chosen.
        choose: Gives the rows: an array of indices or a slice.
    """

    def __init__(
        self, images: np.ndarray, labels: np.ndarray, size: int, choose: Callable[[], Rows]
    ) -> None:
        self.__dict__.update(_images=images, _labels=labels, _size=size, _choose=choose)

    def __len__(self) -> int:
        return self._size

    @cached_property
    def images(self) -> np.ndarray:
        """The images of the chosen rows, `(n, 32, 32, 3)` uint8, read-only."""
        return _read_only(self._images[self._rows])

    @cached_property
    def labels(self) -> np.ndarray:
        """Their labels, `(n,)` int64, read-only."""
        return _read_only(self._labels[self._rows].astype(np.int64))

    @cached_property
    def _rows(self) -> Rows:
        return self._choose()

    def _select(self, chosen: np.ndarray) -> Split:
        rows = np.arange(len(self._labels))[self._rows][chosen]
        return LazySplit(self._images, self._labels, len(rows), lambda: rows)

    def __reduce__(self) -> tuple[type[Split], tuple[np.ndarray, np.ndarray]]:
        return Split, (self.images, self.labels)  # another process gets the rows, not the map

    _images: np.ndarray
    _labels: np.ndarray
    _size: int
    _choose: Callable[[], Rows]


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

    @property
    def evidence(self) -> str:
        """Source, first digits of the fingerprint, number of training images: for captions."""
        source = self.source if self.source == self.name else f"{self.source} (not {self.name})"
        return f"{source} {self.fingerprint[:8]}, {len(self.train):,} training images"

    def __repr__(self) -> str:
        sizes = f"{len(self.validation):,} validation, {len(self.test):,} test"
        return f"ImageDataset({self.evidence}, {sizes})"


def split_images(
    images: np.ndarray,
    labels: np.ndarray,
    train_size: int,
    *,
    validation_size: int,
    subset: int | None,
    seed: int,
) -> tuple[Split, Split, Split]:
    """Return training, validation and test split of arrays that hold the training set first.

    The validation images depend on `seed` and `validation_size` only; a smaller subset is part of
    every larger one. Nothing is computed or copied before it is asked for.
    """
    candidates = labels[:train_size]
    left = train_size - validation_size

    @cache
    def order() -> np.ndarray:
        return stratified_order(candidates, seed)

    def choose_train() -> np.ndarray:
        rest = np.sort(order()[validation_size:])
        return rest[stratified_order(candidates[rest], seed, stage=1)][:subset]

    def choose_validation() -> np.ndarray:
        return order()[:validation_size]

    return (
        LazySplit(images, labels, left if subset is None else subset, choose_train),
        LazySplit(images, labels, validation_size, choose_validation),
        LazySplit(images, labels, len(labels) - train_size, lambda: slice(train_size, None)),
    )


def stratified_order(labels: np.ndarray, seed: int, stage: int = 0) -> np.ndarray:
    """Return an order of the rows in which every beginning holds the classes in proportion.

    Each class is shuffled, its members are spread evenly over (0, 1), and all are read from left to
    right. With classes of equal size each run of `num_classes` rows holds every class once.
    Built on PCG64's raw stream, the part of NumPy's random numbers that never changes.

    Args:
        labels: `(n,)` class of each row.
        seed: Which order.
        stage: Gives one seed several independent orders.

    Returns:
        `(n,)` int64, a permutation of the rows.
    """
    draws = np.random.PCG64(np.random.SeedSequence([seed, stage])).random_raw((2, len(labels)))
    _, classes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    by_class = _sorted_by(classes, 44, draws[0])
    rank = np.arange(len(labels)) - np.repeat(np.cumsum(counts) - counts, counts)
    position = ((2 * rank + 1) << 31) // (2 * np.repeat(counts, counts))
    return by_class[_sorted_by(position, 32, draws[1])]


def _sorted_by(numbers: np.ndarray, shift: int, draws: np.ndarray) -> np.ndarray:
    """Return the rows sorted by `numbers`, rows with the same number in random order."""
    keys = (numbers.astype(np.uint64) << shift) | (draws >> (64 - shift))
    return np.argsort(keys, kind="stable")


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
