"""IMDb: 50,000 film reviews, half of them positive and half negative, or a stand-in for them."""

from functools import partial
from pathlib import Path

from companion._validate import check_flag, check_path
from companion.datasets import _reviews  # noqa: F401  registers the layout and its reader
from companion.datasets._cache import DecodedCache, cache_dir
from companion.datasets._download import Archive, download_archive
from companion.datasets._loading import announce_stand_in, check_division, find_or_fetch
from companion.datasets._spec import IMDB
from companion.datasets._splits import LazyTextSplit, split_examples
from companion.datasets._text_stand_in import TEXT_STAND_IN, write_stand_in
from companion.datasets._texts import DecodedTexts
from companion.datasets.text_dataset import TextDataset

IMDB_ARCHIVE = Archive(
    url="https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
    size=84_125_825,
    sha256="c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
)
_OWNER = "load_imdb"
_REMEDY = (
    "To have the real reviews, set COMPANION_DATA_DIR to a folder that holds "
    f"{IMDB_ARCHIVE.name}, or run `python -m companion.datasets download imdb` "
    f"({IMDB_ARCHIVE.size / 1e6:.0f} MB)."
)


def load_imdb(
    data_dir: str | Path | None = None,
    *,
    subset: int | None = None,
    validation_size: int = 5_000,
    seed: int = 0,
    allow_stand_in: bool = True,
    download: bool = False,
) -> TextDataset:
    """Load the Large Movie Review Dataset, split into training, validation and test reviews.

    Use it where features are many and sparse, as words are. It looks in `data_dir`, in the folder
    that the environment variable `COMPANION_DATA_DIR` names, in its own cache and in Keras' cache,
    accepts the official archive `aclImdb_v1.tar.gz` (also as `.tar.xz`) and the folder `aclImdb`
    that it unpacks to, and checks every byte by a content fingerprint. The 50,000 reviews without
    a label are left out, and so are the stars. Reviews are as published, with `<br />` where a line
    ends, and come in one canonical order: sorted by the SHA-256 of label and text. So a seed gives
    the same splits everywhere. The first load takes some seconds; later ones map a decoded copy.
    123 texts stand in the training and in the test set; that is so in the published files.

    Args:
        data_dir: Folder with the files; then the only place searched. Default: search.
        subset: Number of training reviews to keep, both classes in proportion; smaller subsets are
            part of larger ones. Default: all that validation leaves.
        validation_size: Number of reviews, both classes in proportion, that are set apart from the
            25,000 official training reviews; 0 for none. They do not depend on `subset`.
        seed: Which reviews are set apart and kept, at least 0.
        allow_stand_in: Whether synthetic reviews may take the place of data that is not found; a
            `StandInWarning` then says so. `COMPANION_DATA=stand-in` in the environment forces them.
        download: Whether to fetch the official archive if no data is found.

    Returns:
        The data set: texts `(n,)` of strings and labels `(n,)` int64, 0 for negative and 1 for
        positive, in `.train`, `.validation` and `.test` (25,000 reviews), all read-only.

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
        ...     data = load_imdb(subset=1_000, seed=1)
        >>> len(data.train), len(data.validation), len(data.test), data.class_names
        (1000, 5000, 25000, ('negative', 'positive'))

    Source: Maas et al., Learning Word Vectors for Sentiment Analysis, ACL 2011.

    Book: optimizers/adagrad
    """
    most = IMDB.train_size
    division = check_division(_OWNER, most, 5_000, validation_size, subset, seed)
    allow_stand_in = check_flag(allow_stand_in, "allow_stand_in", _OWNER)
    folder = None if data_dir is None else check_path(data_dir, "data_dir", _OWNER, "'data'")
    real = _real_reviews(folder, check_flag(download, "download", _OWNER))
    decoded = real or _stand_in_reviews(allow_stand_in)
    spec = IMDB if real else TEXT_STAND_IN
    splits = split_examples(
        LazyTextSplit, decoded.texts, decoded.labels, spec.train_size, **division._asdict()
    )
    return TextDataset(IMDB.name, spec.name, decoded.fingerprint, spec.class_names, *splits)


def _real_reviews(data_dir: Path | None, download: bool) -> DecodedTexts | None:
    fetch = partial(download_archive, IMDB_ARCHIVE) if download else None
    return find_or_fetch(IMDB, data_dir, fetch)


def _stand_in_reviews(allowed: bool) -> DecodedTexts:
    announce_stand_in("IMDb", IMDB.items, _REMEDY, allowed)
    written: DecodedTexts = DecodedCache(cache_dir(), TEXT_STAND_IN).read_or_make(write_stand_in)
    return written
