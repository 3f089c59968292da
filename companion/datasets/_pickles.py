"""Read the batch files of the Python version, which are pickles, without trusting them.

A pickle may call whatever it names. Here it can name four things only, and each is replaced by an
inert stand-in, which it cannot change: NumPy itself never sees the file's instructions.
"""

import io
import pickle
from typing import Any

import numpy as np

from companion.datasets._errors import DataIntegrityError, in_words
from companion.datasets._opcodes import check_opcodes

_UINT8 = ("u1", b"u1", "|u1", b"|u1")
_PIXELS = 32 * 32 * 3


class _Stored:
    """Stands for `numpy.ndarray`, `numpy.dtype` and `_reconstruct`: keeps what it is given."""

    def __init__(self, *arguments: object) -> None:
        self.arguments = arguments
        self.state: Any = None

    def __setstate__(self, state: object) -> None:
        self.state = state


class _Encode:
    """Stands for `codecs.encode`; unlike a function it has no attribute that a pickle can set."""

    __slots__ = ()

    def __call__(self, text: str, encoding: str) -> bytes:
        if encoding != "latin1":
            raise pickle.UnpicklingError(f"it wants the encoding {encoding!r}")
        return text.encode("latin1")


_ALLOWED: dict[tuple[str, str], Any] = {
    ("numpy.core.multiarray", "_reconstruct"): _Stored,
    ("numpy._core.multiarray", "_reconstruct"): _Stored,
    ("numpy", "ndarray"): _Stored,
    ("numpy", "dtype"): _Stored,
    ("_codecs", "encode"): _Encode(),
}


class _BatchUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return _ALLOWED[module, name]


def records_from_pickle(content: bytes, size: int, where: str) -> np.ndarray:
    """Return the records of a batch of the Python version, `(size, 3073)` uint8.

    Args:
        content: The file.
        size: Number of images it must hold.
        where: Name of the file for messages.

    Raises:
        DataIntegrityError: The file holds anything else than such a batch.
    """
    try:
        check_opcodes(content, size)
        batch = _BatchUnpickler(io.BytesIO(content), encoding="bytes").load()
    except Exception as error:  # a hostile or broken pickle can raise any type
        raise _refusal(where, f"cannot be read ({in_words(error)})") from error
    if not isinstance(batch, dict):
        raise _refusal(where, "is not a dictionary")
    records = np.empty((size, 1 + _PIXELS), dtype=np.uint8)
    records[:, 0] = _labels(batch.get(b"labels"), size, where)
    records[:, 1:] = _pixels(batch.get(b"data"), size, where)
    return records


def _labels(labels: object, size: int, where: str) -> list[int]:
    if not isinstance(labels, list) or len(labels) != size:
        raise _refusal(where, f"does not hold a list of {size:,} labels")
    if not all(type(label) is int and label in range(256) for label in labels):
        raise _refusal(where, "holds labels that are not small whole numbers")
    return labels


def _pixels(stored: object, size: int, where: str) -> np.ndarray:
    """Return the pixels of an array's state: version, shape, dtype, column-major?, bytes."""
    match getattr(stored, "state", None):
        case (1, (int(rows), int(columns)), _Stored(arguments=(kind, *_)), False | 0, bytes(data)):
            if (rows, columns, len(data)) == (size, _PIXELS, size * _PIXELS) and kind in _UINT8:
                return np.frombuffer(data, dtype=np.uint8).reshape(size, _PIXELS)
    raise _refusal(where, f"does not hold {size:,} images of {_PIXELS:,} bytes")


def _refusal(where: str, problem: str) -> DataIntegrityError:
    return DataIntegrityError(
        f"{where} is not a batch of CIFAR-10: it {problem}. Delete it and download it again."
    )
