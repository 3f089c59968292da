"""A bag of words as bytes, as the cache keeps it."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from companion.datasets._cache import unpack

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_WHOLE = np.dtype("<i8")
_INDEX = np.dtype("<i4")
_COUNT = np.dtype("<f4")
_SPLITS = 3


class BagOfWords(NamedTuple):
    """Counts of words in the three splits of a data set.

    Attributes:
        train: `(n, words)` float32, a `scipy.sparse.csr_array`.
        validation: The same of the validation texts.
        test: The same of the test texts.
        words: The word of each column.
    """

    train: "csr_array"
    validation: "csr_array"
    test: "csr_array"
    words: tuple[str, ...]


@dataclass(frozen=True)
class BagSpec:
    """Which bag of words it is: the fingerprint covers the texts and all settings."""

    fingerprint: str
    name: str = "bag-of-words"


@dataclass(frozen=True)
class PackedBag:
    """A bag of words with its fingerprint."""

    bag: BagOfWords
    fingerprint: str
    test_fingerprint: str = ""  # the other one covers everything

    @property
    def train_fingerprint(self) -> str:
        """The one fingerprint."""
        return self.fingerprint

    def packed(self) -> np.ndarray:
        """Return sizes, bounds of the rows, counts, columns and words, in this order."""
        matrices = (self.bag.train, self.bag.validation, self.bag.test)
        words = " ".join(self.bag.words).encode()
        sizes = [number for one in matrices for number in (one.shape[0], one.nnz)]
        arrays = [
            np.array([*sizes, len(words)], _WHOLE),
            *(one.indptr.astype(_INDEX) for one in matrices),
            *(one.data.astype(_COUNT) for one in matrices),
            *(one.indices.astype(_INDEX) for one in matrices),
            np.frombuffer(words, np.uint8),
        ]
        return np.concatenate([array.view(np.uint8) for array in arrays])


@unpack.register
def _(spec: BagSpec, array: np.ndarray, *fingerprints: str) -> PackedBag | None:
    if fingerprints[0] != spec.fingerprint:  # the files' names hold its beginning only
        return None
    try:
        return PackedBag(_bag(array), *fingerprints)
    except (ValueError, OverflowError):  # no such array, or text, or matrix
        return None


def _bag(array: np.ndarray) -> BagOfWords:
    """Return the bag, in arrays of its own; raise ValueError where it cannot be one."""
    header = (2 * _SPLITS + 1) * _WHOLE.itemsize
    *sizes, letters = array[:header].view(_WHOLE).tolist()
    rows, counts = sizes[::2], sizes[1::2]
    lengths = [
        *((row + 1) * _INDEX.itemsize for row in rows),
        *(count * _COUNT.itemsize for count in counts),
        *(count * _INDEX.itemsize for count in counts),
        letters,
    ]
    if min(lengths) < 0 or header + sum(lengths) != len(array):
        raise ValueError("the sizes do not add up")
    ends = np.cumsum([header, *lengths]).tolist()
    parts = [array[start:end] for start, end in pairwise(ends)]
    words = tuple(bytes(parts[-1]).decode("utf-8").split(" "))
    train, validation, test = (_matrix(parts[i:-1:_SPLITS], len(words)) for i in range(_SPLITS))
    return BagOfWords(train, validation, test, words)


def _matrix(parts: list[np.ndarray], width: int) -> "csr_array":
    """Return the matrix of bounds of its rows, counts and columns."""
    from scipy.sparse import csr_array

    kinds = (_INDEX, _COUNT, _INDEX)
    bounds, counts, columns = (part.view(kind) for part, kind in zip(parts, kinds, strict=True))
    # A copy: scipy trusts the indices, so a map that changes after this check could crash it.
    matrix = csr_array((counts, columns, bounds), shape=(len(bounds) - 1, width), copy=True)
    matrix.check_format(full_check=True)
    if not (matrix.data >= 1).all():
        raise ValueError("a count is below 1")
    for part in (matrix.data, matrix.indices, matrix.indptr):
        part.flags.writeable = False
    return matrix
