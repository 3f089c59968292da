"""CIFAR-10: 60,000 photographs of 32x32 pixels in ten classes, or a stand-in for them."""

from functools import partial
from pathlib import Path

from companion._validate import check_flag, check_path
from companion.datasets._cache import DecodedCache, cache_dir
from companion.datasets._download import Archive, download_archive
from companion.datasets._loading import announce_stand_in, check_division, find_or_fetch
from companion.datasets._records import Decoded
from companion.datasets._spec import CIFAR10
from companion.datasets._splits import LazySplit, split_examples
from companion.datasets._stand_in import STAND_IN, draw_stand_in
from companion.datasets.dataset import ImageDataset

CIFAR10_ARCHIVE = Archive(
    url="https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    size=170_052_171,
    sha256="c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
)
_OWNER = "load_cifar10"
_REMEDY = (
    "To have the real images, set COMPANION_DATA_DIR to a folder that holds "
    f"{CIFAR10_ARCHIVE.name}, or run `python -m companion.datasets download cifar-10` "
    f"({CIFAR10_ARCHIVE.size / 1e6:.0f} MB)."
)


def load_cifar10(
    data_dir: str | Path | None = None,
    *,
    subset: int | None = None,
    validation_size: int = 10_000,
    seed: int = 0,
    allow_stand_in: bool = True,
    download: bool = False,
) -> ImageDataset:
    """Load CIFAR-10, split into training, validation and test images.

    Use it at the start of every experiment on images. It looks in `data_dir`, in the folder that
    the environment variable `COMPANION_DATA_DIR` names, in its own cache and in Keras' cache,
    accepts the official binary and Python versions (packed or unpacked), and checks every byte by a
    content fingerprint. Whatever the files' layout, images come in one canonical order: sorted by
    the SHA-256 of label and pixels. So a seed gives the same splits everywhere. The first load
    takes about ten seconds; later ones map a decoded copy into memory.

    Args:
        data_dir: Folder with the files; then the only place searched. Default: search.
        subset: Number of training images to keep, every class in proportion; smaller subsets are
            part of larger ones. Default: all that validation leaves.
        validation_size: Number of images, every class in proportion, that are set apart from the
            50,000 official training images; 0 for none. They do not depend on `subset`.
        seed: Which images are set apart and kept, at least 0.
        allow_stand_in: Whether synthetic images may take the place of data that is not found; a
            `StandInWarning` then says so. `COMPANION_DATA=stand-in` in the environment forces them.
        download: Whether to fetch the official archive if no data is found.

    Returns:
        The data set: images `(n, 32, 32, 3)` uint8 and labels `(n,)` int64 in `.train`,
        `.validation` and `.test` (10,000 images), all read-only.

    Raises:
        DataNotFoundError: `data_dir` holds no accepted layout, a named folder does not exist or
            cannot be read, or nothing was found and the stand-in is not allowed.
        DataIntegrityError: Files were found, but they are not the published ones.
        DownloadError: The download failed; running it again resumes it.
        TypeError: An argument is of the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> import warnings
        >>> from companion.datasets import StandInWarning
        >>> with warnings.catch_warnings():  # in case that there is no data here
        ...     warnings.simplefilter("ignore", StandInWarning)
        ...     data = load_cifar10(subset=5_000, seed=1)
        >>> data.train.images.shape, len(data.validation), len(data.test)
        ((5000, 32, 32, 3), 10000, 10000)

    Source: Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.

    Book: start/baseline
    """
    most = CIFAR10.train_size
    division = check_division(_OWNER, most, 10_000, validation_size, subset, seed)
    allow_stand_in = check_flag(allow_stand_in, "allow_stand_in", _OWNER)
    folder = None if data_dir is None else check_path(data_dir, "data_dir", _OWNER, "'data'")
    real = _real_images(folder, check_flag(download, "download", _OWNER))
    decoded = real or _stand_in_images(allow_stand_in)
    spec = CIFAR10 if real else STAND_IN
    splits = split_examples(
        LazySplit, decoded.images, decoded.labels, spec.train_size, **division._asdict()
    )
    return ImageDataset(CIFAR10.name, spec.name, decoded.fingerprint, spec.class_names, *splits)


def _real_images(data_dir: Path | None, download: bool) -> Decoded | None:
    fetch = partial(download_archive, CIFAR10_ARCHIVE) if download else None
    return find_or_fetch(CIFAR10, data_dir, fetch)


def _stand_in_images(allowed: bool) -> Decoded:
    announce_stand_in("CIFAR-10", CIFAR10.items, _REMEDY, allowed)
    drawn: Decoded = DecodedCache(cache_dir(), STAND_IN).read_or_make(draw_stand_in)
    return drawn
