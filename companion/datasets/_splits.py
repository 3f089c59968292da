"""Divide a data set into splits that compute and copy nothing before they are asked."""

from collections.abc import Callable
from functools import cache, cached_property

import numpy as np

from companion.datasets._order import stratified_order
from companion.datasets.dataset import Split

Rows = np.ndarray | slice


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


class LazySplit(Split):
    """Rows of larger arrays, chosen and copied when they are first asked for.

    Opening a data set then costs a memory map and no copy. A slice is never copied at all.

    Args:
        images: `(m, 32, 32, 3)` uint8, usually a memory map.
        labels: `(m,)` whole numbers.
        size: Number of rows that will be chosen.
        choose: Gives the rows: an array of indices or a slice.
    """

    _images: np.ndarray
    _labels: np.ndarray
    _size: int
    _choose: Callable[[], Rows]

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


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
