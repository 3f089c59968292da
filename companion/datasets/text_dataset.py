"""A data set of labeled texts and its three splits."""

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

_TEXTS_REMEDY = "np.array(['first text', 'second text'], dtype=object)"
_LABELS_REMEDY = "np.asarray(...)"


@dataclass(frozen=True, eq=False, repr=False)
class TextSplit:
    """Texts with their labels, in an order that is stratified where `load_imdb` made it.

    Use it wherever a function wants texts: `split.texts` and `split.labels` are NumPy arrays, and
    what wants a list takes `list(split.texts)`. Those of a loaded data set are read-only.

    Args:
        texts: `(n,)` strings, of type object.
        labels: `(n,)` whole numbers, the class of each text.

    Raises:
        TypeError: Not NumPy arrays, a text is no string, or the labels are no whole numbers.
        ValueError: Texts of another shape, or not one label for each.

    Example:
        >>> texts = np.array(["good", "bad", "better", "worse"], dtype=object)
        >>> split = TextSplit(texts, np.array([1, 0, 1, 0]))
        >>> len(split), split.texts[2], len(split.take(2))
        (4, 'better', 2)

    Book: optimizers/adagrad
    """

    texts: np.ndarray
    labels: np.ndarray

    def __post_init__(self) -> None:
        owner = "TextSplit"
        check_instance(self.texts, "texts", owner, np.ndarray, "a NumPy array", _TEXTS_REMEDY)
        check_instance(self.labels, "labels", owner, np.ndarray, "a NumPy array", _LABELS_REMEDY)
        if self.texts.dtype != object or not all(isinstance(one, str) for one in self.texts.flat):
            allowed = "an array of type object with strings"
            refuse(TypeError, self.texts, "texts", owner, allowed, _TEXTS_REMEDY)
        if self.texts.ndim != 1:
            refuse(ValueError, self.texts, "texts", owner, "of shape (n,)", "texts.ravel()")
        if self.labels.dtype.kind not in "iu":
            refuse(TypeError, self.labels, "labels", owner, "whole numbers", _LABELS_REMEDY)
        if self.labels.shape != self.texts.shape:
            raise ValueError(
                "labels of TextSplit must be one number for each text. "
                f"Got texts of shape {self.texts.shape} and labels of shape {self.labels.shape}. "
                "Try labels.ravel() if they are a column, or fewer texts."
            )

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self):,} texts)"

    def take(self, n: int, seed: int = 0) -> "TextSplit":
        """Return `n` texts, every class in proportion; smaller takes are part of larger ones.

        Use it to make an experiment smaller without unbalancing its classes.

        Args:
            n: Number of texts, from 1 to `len(self)`.
            seed: Which texts, at least 0: the same seed always gives the same ones.

        Returns:
            A new `TextSplit` of length `n`.

        Raises:
            TypeError: An argument is not a whole number.
            ValueError: An argument is out of range.

        Example:
            >>> texts = np.array(["a", "b", "c", "d", "e", "f"], dtype=object)
            >>> split = TextSplit(texts, np.array([0, 0, 0, 1, 1, 1]))
            >>> sorted(split.take(4, seed=1).labels.tolist())
            [0, 0, 1, 1]

        Book: optimizers/adagrad
        """
        return self._select(stratified_take(self.labels, n, seed, "texts", "TextSplit.take"))

    def _select(self, rows: np.ndarray) -> "TextSplit":
        return TextSplit(self.texts[rows], self.labels[rows])


@dataclass(frozen=True, eq=False, repr=False)
class TextDataset:
    """Training, validation and test texts, and where they come from.

    Use it as the one handle of an experiment: it knows what to write under a figure.

    Args:
        name: Name of the data set that was asked for, such as `"imdb"`.
        source: What was found: the same name, or `"stand-in"`.
        fingerprint: SHA-256 (hex) over the content of the whole training and test set, before any
            split or subset.
        class_names: Name of each class; the label is the index.
        train: Texts to fit on.
        validation: Texts to choose by; may be empty.
        test: Texts to report on, once.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: A name is blank.

    Example:
        >>> split = TextSplit(np.array(["no", "yes"], dtype=object), np.array([0, 1]))
        >>> data = TextDataset("toy", "toy", "1a2b3c4d5e", ("-", "+"), split, split, split)
        >>> data.evidence
        'toy 1a2b3c4d, 2 training texts'

    Book: optimizers/adagrad
    """

    name: str
    source: str
    fingerprint: str
    class_names: tuple[str, ...]
    train: TextSplit
    validation: TextSplit
    test: TextSplit

    def __post_init__(self) -> None:
        check_provenance(self, "TextDataset")
        check_splits(self, "TextDataset", TextSplit, "TextSplit(texts, labels)")

    @property
    def evidence(self) -> str:
        """Source, first digits of the fingerprint, number of training texts, for captions."""
        return evidence_of(self, "texts")

    def __repr__(self) -> str:
        return f"TextDataset({summary_of(self, 'texts')})"
