"""What all trials share: the images, a good copy of them, and what a right load gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from campaigns.corruptions.images import Images, batch_contents, records_of
from campaigns.corruptions.watch import Bounds, places
from companion.datasets import ImageDataset, load_cifar10

SMALL_BOUNDS = Bounds(memory=160 << 20, seconds=10, file=4 << 20)
REAL_BOUNDS = Bounds(memory=2 << 30, seconds=200, file=256 << 20)


@dataclass(frozen=True)
class Setting:
    """The images, a folder with a good copy, the digest of what it gives, what a load may take."""

    images: Images
    good: Path
    digest: str
    bounds: Bounds


def make_setting(images: Images, root: Path, bounds: Bounds = SMALL_BOUNDS) -> Setting:
    """Write a good copy of the images below `root` and load it; it must give what was written."""
    good = root / "good"
    good.mkdir()
    for name, content in batch_contents(images.batches, "binary").items():
        (good / name).write_bytes(content)
    with places(root / "first", images.spec):
        data = load(good, images)
    train = [images.batches[stem] for stem in images.spec.train_batches]
    found = [records_of(data.train), records_of(data.validation)]
    if not _same(found, train) or not _same(
        [records_of(data.test)], [images.batches["test_batch"]]
    ):
        raise AssertionError(f"{good} was loaded as other images than it holds.")
    return Setting(images, good, digest_of(data), bounds)


def load(folder: Path | None, images: Images) -> ImageDataset:
    """Load a folder, or with None what the cache holds, as a reader does."""
    validation_size = images.spec.batch_size
    return load_cifar10(folder, validation_size=validation_size, allow_stand_in=False)


def digest_of(data: ImageDataset) -> str:
    """Return a digest of fingerprint, source and every array of a data set."""
    digest = sha256(f"{data.source} {data.fingerprint}".encode())
    for split in (data.train, data.validation, data.test):
        for array in (split.images, split.labels):
            digest.update(f"{array.dtype} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _same(found: Sequence[np.ndarray], stored: Sequence[np.ndarray]) -> bool:
    """Return whether both are the same records, in whatever order."""
    rows = [sorted(row.tobytes() for part in parts for row in part) for parts in (found, stored)]
    return rows[0] == rows[1]
