"""Texts as bytes: one UTF-8 buffer and where each text ends, fit for a memory map.

As with images, the record of a text is its label as one byte, then its UTF-8 bytes. Records are
sorted by their SHA-256 digest, the *canonical order*, and the SHA-256 of the sorted digests is the
*content fingerprint* of a set. Names of files tell nothing, so renamed files change nothing.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

import numpy as np

from companion.datasets._cache import unpack
from companion.datasets._records import order_of
from companion.datasets._spec import ReviewSpec, combined_fingerprint

_OFFSET = np.dtype("<i8")
Record = tuple[int, bytes]  # label and UTF-8


class PackedTexts(NamedTuple):
    """Texts, one after the other.

    Attributes:
        ends: `(n,)` int64, where in `utf8` each text ends; the next one begins there.
        utf8: `(bytes,)` uint8.
    """

    ends: np.ndarray
    utf8: np.ndarray

    def take(self, rows: np.ndarray | slice) -> np.ndarray:
        """Return the texts of `rows` as an array of strings, `(n,)` of type object."""
        starts = np.concatenate([np.zeros(1, _OFFSET), self.ends[:-1]])
        pairs = zip(starts[rows].tolist(), self.ends[rows].tolist(), strict=True)
        view = self.utf8.data
        texts = [str(view[start:end], "utf-8") for start, end in pairs]
        array = np.empty(len(texts), dtype=object)
        array[:] = texts
        return array


class DecodedTexts(NamedTuple):
    """All texts of a data set in canonical order, the training set first.

    Attributes:
        texts: The texts, n_train + n_test of them.
        labels: `(n_train + n_test,)` uint8.
        train_fingerprint: Content fingerprint of the training set.
        test_fingerprint: Content fingerprint of the test set.
    """

    texts: PackedTexts
    labels: np.ndarray
    train_fingerprint: str
    test_fingerprint: str

    @property
    def fingerprint(self) -> str:
        """Identity of the whole data set."""
        return combined_fingerprint(self.train_fingerprint, self.test_fingerprint)

    def packed(self) -> np.ndarray:
        """Return where the texts end, then the labels, then the texts."""
        return np.concatenate([self.texts.ends.view(np.uint8), self.labels, self.texts.utf8])


def decode_texts(train: Sequence[Record], test: Sequence[Record]) -> DecodedTexts:
    """Sort the records of both sets and join them; they may come in any order."""
    train, train_fingerprint = _sorted(train)
    test, test_fingerprint = _sorted(test)
    records = [*train, *test]
    ends = np.cumsum([len(text) for _, text in records], dtype=_OFFSET)
    utf8 = np.frombuffer(b"".join(text for _, text in records), np.uint8)
    labels = np.array([label for label, _ in records], np.uint8)
    return DecodedTexts(PackedTexts(ends, utf8), labels, train_fingerprint, test_fingerprint)


def _sorted(records: Sequence[Record]) -> tuple[list[Record], str]:
    digests = [sha256(bytes([label]) + text).digest() for label, text in records]
    order, fingerprint = order_of(digests)
    return [records[row] for row in order], fingerprint


@unpack.register
def _(spec: ReviewSpec, array: np.ndarray, *fingerprints: str) -> DecodedTexts | None:
    total = spec.train_size + spec.test_size
    bounds = total * _OFFSET.itemsize, total * (_OFFSET.itemsize + 1)
    if array.size < bounds[1]:
        return None
    ends, labels, utf8 = np.split(array, bounds)
    ends = ends.view(_OFFSET)
    if ends[0] < 0 or (np.diff(ends) < 0).any() or ends[-1] != len(utf8):
        return None
    return DecodedTexts(PackedTexts(ends, utf8), labels, *fingerprints)
