"""What is published about a data set, so that files can be checked."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

IMAGE_SHAPE = (32, 32, 3)
RECORD_BYTES = 1 + 32 * 32 * 3


@dataclass(frozen=True, kw_only=True)
class DataSpec(ABC):
    """What every data set of labeled examples has.

    Args:
        name: Name of the data set; also the stem of its files in the cache.
        class_names: Names of the classes; the label is the index.
        train_fingerprint: Content fingerprint of the training set, see `_records`.
        test_fingerprint: The same of the test set.
        archives: Published SHA-256 of the official archives.
    """

    items: ClassVar[str]  # what the examples are

    name: str
    class_names: tuple[str, ...]
    train_fingerprint: str
    test_fingerprint: str
    archives: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the two content fingerprints: the identity of the whole data set."""
        return combined_fingerprint(self.train_fingerprint, self.test_fingerprint)

    @property
    @abstractmethod
    def layouts(self) -> str:
        """The accepted files in words."""


@dataclass(frozen=True, kw_only=True)
class ImageSpec(DataSpec):
    """Names, sizes and fingerprints of a data set in CIFAR-10's batch files.

    Args:
        batch_size: Records in each batch file.
        train_batches: Stems of the batch files of the training set.
        test_batch: Stem of the batch file of the test set.
    """

    items = "images"

    batch_size: int
    train_batches: tuple[str, ...]
    test_batch: str

    @property
    def batches(self) -> tuple[str, ...]:
        """Stems of all batch files, the test batch last."""
        return (*self.train_batches, self.test_batch)

    @property
    def train_size(self) -> int:
        """Number of training images."""
        return self.batch_size * len(self.train_batches)

    @property
    def test_size(self) -> int:
        """Number of test images."""
        return self.batch_size

    @property
    def batch_bytes(self) -> int:
        """Exact size of a batch file of the binary version."""
        return self.batch_size * RECORD_BYTES

    @property
    def layouts(self) -> str:
        """The accepted files in words."""
        return f"{self.name}-binary.tar.gz, {self.name}-python.tar.gz or what they unpack to"


@dataclass(frozen=True, kw_only=True)
class ReviewSpec(DataSpec):
    """Names, sizes and fingerprints of a data set in the layout of the Large Movie Review Dataset.

    Args:
        reviews_per_class: Reviews of each class in the training set, and as many in the test set.
    """

    items = "reviews"
    folder = "aclImdb"
    archive_names = ("aclImdb_v1.tar.gz", "aclImdb_v1.tar.xz")

    reviews_per_class: int

    @property
    def train_size(self) -> int:
        """Number of training reviews."""
        return self.reviews_per_class * len(self.class_names)

    @property
    def test_size(self) -> int:
        """Number of test reviews."""
        return self.train_size

    @property
    def layouts(self) -> str:
        """The accepted files in words."""
        return f"{', '.join(self.archive_names)} or the folder {self.folder} that they unpack to"


def combined_fingerprint(train: str, test: str) -> str:
    """Return the SHA-256 (hex) of the two content fingerprints written one after the other."""
    return sha256((train + test).encode("ascii")).hexdigest()


CIFAR10 = ImageSpec(
    name="cifar-10",
    class_names=(
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ),
    batch_size=10_000,
    train_batches=tuple(f"data_batch_{number}" for number in range(1, 6)),
    test_batch="test_batch",
    train_fingerprint="55a61f79a40ece2ceda9fb5f9f7078f6ea2fc4952489cef56682bcf92cfcc260",
    test_fingerprint="325704b01eb92e1e2a6215ae6a916bb7db7de054af0c496be1c7be2e0fcfbf5f",
    archives=(
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",  # binary version
        "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",  # Python version
    ),
)

IMDB = ReviewSpec(
    name="imdb",
    class_names=("negative", "positive"),
    reviews_per_class=12_500,
    train_fingerprint="3097e9b024e8f5ed8fae1ab619539b572ac826527a1384a733184ae9004bf2e3",
    test_fingerprint="5a189b02b1226af78699c996af3035ae9bad804aa86f8fae65cbe2e8b3d94543",
    archives=("c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",),
)
