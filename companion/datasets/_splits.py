"""Divide a data set into splits that compute and copy nothing before they are asked."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, NamedTuple, Self, TypeVar

import numpy as np

from companion.datasets._order import stratified_order
from companion.datasets.dataset import Split
from companion.datasets.text_dataset import TextSplit

Rows = np.ndarray | slice
_Kind = TypeVar("_Kind", bound="_Lazy")


class Chosen(NamedTuple):
    """Rows of a split: how many, and a function that gives them as indices or a slice."""

    size: int
    rows: Callable[[], Rows]


def split_examples(
    kind: type[_Kind],
    examples: Any,
    labels: np.ndarray,
    train_size: int,
    *,
    validation_size: int,
    subset: int | None,
    seed: int,
) -> tuple[_Kind, _Kind, _Kind]:
    """Return training, validation and test split of examples of which the training set comes first.

    Args:
        kind: `LazySplit` for images, `LazyTextSplit` for texts.
        examples: All examples, usually in a memory map.
        labels: `(m,)` whole numbers.
        train_size: How many of them are the training set.
        validation_size: How many of those to split off.
        subset: How many training examples to keep; None for all.
        seed: Decides the rows.
    """
    train, validation, test = split_rows(labels, train_size, validation_size, subset, seed)
    return (
        kind(examples, labels, train),
        kind(examples, labels, validation),
        kind(examples, labels, test),
    )


def split_rows(
    labels: np.ndarray, train_size: int, validation_size: int, subset: int | None, seed: int
) -> tuple[Chosen, Chosen, Chosen]:
    """Return the rows of training, validation and test split.

    The validation rows depend on `seed` and `validation_size` only; a smaller subset is part of
    every larger one. Nothing is computed before it is asked for.
    """
    candidates = labels[:train_size]
    left = train_size - validation_size

    @cache
    def order() -> np.ndarray:
        return stratified_order(candidates, seed)

    def choose_train() -> np.ndarray:
        rest = np.sort(order()[validation_size:])
        return rest[stratified_order(candidates[rest], seed, stage=1)][:subset]

    return (
        Chosen(left if subset is None else subset, choose_train),
        Chosen(validation_size, lambda: order()[:validation_size]),
        Chosen(len(labels) - train_size, lambda: slice(train_size, None)),
    )


class _Lazy:
    """Rows of a larger data set, chosen and copied when they are first asked for.

    Opening a data set then costs a memory map and no copy. A slice is never copied at all.

    Args:
        examples: All examples, usually in a memory map.
        labels: `(m,)` whole numbers.
        chosen: The rows.
    """

    _examples: Any
    _labels: np.ndarray
    _chosen: Chosen

    def __init__(self, examples: Any, labels: np.ndarray, chosen: Chosen) -> None:
        self.__dict__.update(_examples=examples, _labels=labels, _chosen=chosen)

    def __len__(self) -> int:
        return self._chosen.size

    @cached_property
    def labels(self) -> np.ndarray:
        """The labels of the chosen rows, `(n,)` int64, read-only."""
        return _read_only(self._labels[self._rows].astype(np.int64))

    @cached_property
    def _rows(self) -> Rows:
        return self._chosen.rows()

    def _select(self, chosen: np.ndarray) -> Self:
        rows = np.arange(len(self._labels))[self._rows][chosen]
        return type(self)(self._examples, self._labels, Chosen(len(rows), lambda: rows))


class LazySplit(_Lazy, Split):
    """Rows of images `(m, 32, 32, 3)` uint8."""

    @cached_property
    def images(self) -> np.ndarray:
        """The images of the chosen rows, `(n, 32, 32, 3)` uint8, read-only."""
        return _read_only(self._examples[self._rows])

    def __reduce__(self) -> tuple[type[Split], tuple[np.ndarray, np.ndarray]]:
        return Split, (self.images, self.labels)  # another process gets the rows, not the map


class LazyTextSplit(_Lazy, TextSplit):
    """Rows of packed texts."""

    @cached_property
    def texts(self) -> np.ndarray:
        """The texts of the chosen rows, `(n,)` of strings, read-only."""
        return _read_only(self._examples.take(self._rows))

    def __reduce__(self) -> tuple[type[TextSplit], tuple[np.ndarray, np.ndarray]]:
        return TextSplit, (self.texts, self.labels)


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
