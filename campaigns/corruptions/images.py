"""A data set in the form of CIFAR-10, small enough to be written and broken a thousand times."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from companion.datasets import ImageDataset, Split
from companion.datasets._layouts import Version, batch_name
from companion.datasets._records import canonical_order
from companion.datasets._spec import CIFAR10, RECORD_BYTES, ImageSpec

_BATCH_SIZE = 20
_SEED = 10
_PATTERN = 384  # bytes, of which an image is a repetition

Batches = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Images:
    """The records of each batch, `(n, 3073)` uint8, and what is published about them."""

    spec: ImageSpec
    batches: Batches


@cache
def small_images() -> Images:
    """Return 120 random patterns, that pack fast, under CIFAR-10's names."""
    rng = np.random.default_rng(_SEED)
    batches = {}
    for stem in CIFAR10.batches:
        labels = rng.permutation(np.arange(_BATCH_SIZE) % len(CIFAR10.class_names))
        patterns = rng.integers(0, 256, (_BATCH_SIZE, _PATTERN), dtype=np.uint8)
        pixels = np.tile(patterns, (RECORD_BYTES - 1) // _PATTERN)
        batches[stem] = np.column_stack([labels.astype(np.uint8), pixels])
    train = np.concatenate([batches[stem] for stem in CIFAR10.train_batches])
    spec = replace(
        CIFAR10,
        batch_size=_BATCH_SIZE,
        train_fingerprint=canonical_order(train)[1],
        test_fingerprint=canonical_order(batches[CIFAR10.test_batch])[1],
        archives=(),
    )
    return Images(spec, batches)


def real_images(data: ImageDataset) -> Images:
    """Return the batches of CIFAR-10 itself, from all of its images."""
    train, test = records_of(data.train), records_of(data.test)
    parts = np.split(train, len(CIFAR10.train_batches))
    batches = dict(zip(CIFAR10.train_batches, parts, strict=True))
    return Images(CIFAR10, {**batches, CIFAR10.test_batch: test})


def records_of(split: Split) -> np.ndarray:
    """Return the records, `(n, 3073)` uint8, that loaded images were stored in."""
    planes = split.images.transpose(0, 3, 1, 2).reshape(len(split), -1)
    return np.column_stack([split.labels.astype(np.uint8), planes])


def batch_contents(batches: Batches, version: Version) -> dict[str, bytes]:
    """Return the bytes of each batch file, by the name that the version gives it."""
    encode = np.ndarray.tobytes if version == "binary" else python_2_pickle
    return {batch_name(stem, version): encode(records) for stem, records in batches.items()}


def python_2_pickle(records: np.ndarray) -> bytes:
    """Return a batch as the Python 2 of the official files pickled it."""
    labels = b"".join(b"K" + bytes([label]) for label in records[:, 0])
    kind = b"cnumpy\ndtype\n" + _text(b"u1") + b"K\x00K\x01\x87R"
    kind += b"(K\x03" + _text(b"|") + b"NNN" + 2 * b"J\xff\xff\xff\xff" + b"K\x00tb"
    array = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85" + _text(b"b")
    array += b"\x87R(K\x01J" + struct.pack("<i", len(records)) + b"M\x00\x0c\x86" + kind
    array += b"\x89" + _text(records[:, 1:].tobytes()) + b"tb"
    names = b"".join(_text(f"image_{number:05}.png".encode()) for number in range(len(records)))
    parts = [_text(b"labels"), b"](", labels, b"e", _text(b"data"), array]
    return b"".join([b"\x80\x02}(", *parts, _text(b"filenames"), b"](", names, b"eu."])


def _text(value: bytes) -> bytes:
    if len(value) <= np.iinfo(np.uint8).max:
        return b"U" + bytes([len(value)]) + value
    return b"T" + struct.pack("<i", len(value)) + value
