"""Real images where they are at hand, a labeled stand-in where not."""

from companion.datasets._errors import (
    DataIntegrityError,
    DataNotFoundError,
    DownloadError,
    StandInWarning,
)
from companion.datasets.cifar10 import load_cifar10
from companion.datasets.dataset import ImageDataset, Split
from companion.datasets.preprocessing import channel_statistics, normalize, to_float

__all__ = [
    "DataIntegrityError",
    "DataNotFoundError",
    "DownloadError",
    "ImageDataset",
    "Split",
    "StandInWarning",
    "channel_statistics",
    "load_cifar10",
    "normalize",
    "to_float",
]
