"""The record: one label byte, then 3,072 pixel bytes (red, green and blue plane, row by row).

Every layout is turned into records first. They are sorted by their SHA-256 digest, the *canonical
order*: official and reshuffled files give the same arrays, and so the same splits. The SHA-256 of
the sorted digests is the *content fingerprint* of a set; a single flipped bit changes it.
"""

from hashlib import sha256
from typing import NamedTuple

import numpy as np

from companion.datasets._spec import IMAGE_SHAPE, combined_fingerprint


class Decoded(NamedTuple):
    """All images of a data set in canonical order, the training set first.

    Attributes:
        images: `(n_train + n_test, 32, 32, 3)` uint8.
        labels: `(n_train + n_test,)` uint8.
        train_fingerprint: Content fingerprint of the training set.
        test_fingerprint: Content fingerprint of the test set.
    """

    images: np.ndarray
    labels: np.ndarray
    train_fingerprint: str
    test_fingerprint: str

    @property
    def fingerprint(self) -> str:
        """Identity of the whole data set."""
        return combined_fingerprint(self.train_fingerprint, self.test_fingerprint)

    def packed(self) -> np.ndarray:
        """Return all labels, then all pixels, as the cache keeps them."""
        return np.concatenate([self.labels, self.images.ravel()])


def decode(train: np.ndarray, test: np.ndarray) -> Decoded:
    """Sort the records of both sets and turn them into images and labels.

    Args:
        train: Records of the training set, `(n_train, 3073)` uint8, in any order.
        test: Records of the test set, `(n_test, 3073)` uint8.
    """
    train_order, train_fingerprint = canonical_order(train)
    test_order, test_fingerprint = canonical_order(test)
    records = np.concatenate([train[train_order], test[test_order]])
    return Decoded(_images(records), records[:, 0].copy(), train_fingerprint, test_fingerprint)


def canonical_order(records: np.ndarray) -> tuple[np.ndarray, str]:
    """Return the rows in canonical order and the content fingerprint of `records`."""
    return order_of([sha256(record).digest() for record in np.ascontiguousarray(records)])


def order_of(digests: list[bytes]) -> tuple[np.ndarray, str]:
    """Return the rows sorted by the digests of their records, and the content fingerprint."""
    order = sorted(range(len(digests)), key=digests.__getitem__)
    fingerprint = sha256(b"".join(digests[row] for row in order)).hexdigest()
    return np.array(order, dtype=np.int64), fingerprint


def _images(records: np.ndarray) -> np.ndarray:
    height, width, channels = IMAGE_SHAPE
    planes = records[:, 1:].reshape(-1, channels, height, width)
    return np.ascontiguousarray(planes.transpose(0, 2, 3, 1))
