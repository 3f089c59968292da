"""Real data where they are at hand, a labeled stand-in where not."""

from companion.datasets._errors import (
    DataIntegrityError,
    DataNotFoundError,
    DownloadError,
    StandInWarning,
)
from companion.datasets._packed_bag import BagOfWords
from companion.datasets.bag_of_words import bag_of_words
from companion.datasets.cifar10 import load_cifar10
from companion.datasets.dataset import ImageDataset, Split
from companion.datasets.imdb import load_imdb
from companion.datasets.preprocessing import channel_statistics, normalize, to_float
from companion.datasets.text_dataset import TextDataset, TextSplit

__all__ = [
    "BagOfWords",
    "DataIntegrityError",
    "DataNotFoundError",
    "DownloadError",
    "ImageDataset",
    "Split",
    "StandInWarning",
    "TextDataset",
    "TextSplit",
    "bag_of_words",
    "channel_statistics",
    "load_cifar10",
    "load_imdb",
    "normalize",
    "to_float",
]
