"""A toy data set in every layout of CIFAR-10, small enough to write and break in each test."""

import io
import os
import pickle
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from companion.datasets import imdb
from companion.datasets._cache import DecodedCache, cache_dir
from companion.datasets._records import canonical_order, decode
from companion.datasets._spec import CIFAR10, IMDB, ImageSpec, ReviewSpec
from companion.datasets._texts import decode_texts

BATCH_SIZE = 20
AMBIENT_CACHE = os.environ.get("COMPANION_CACHE_DIR")
REAL_DATA = os.environ.get("COMPANION_DATA_DIR")


@dataclass(frozen=True)
class Toy:
    """Random records under the names of CIFAR-10's files."""

    spec: ImageSpec
    batches: dict[str, np.ndarray]

    @property
    def train(self):
        return np.concatenate([self.batches[stem] for stem in self.spec.train_batches])

    @property
    def test(self):
        return self.batches[self.spec.test_batch]

    def contents(self, version="binary"):
        """Return the bytes of each batch file, by file name."""
        if version == "binary":
            return {f"{stem}.bin": records.tobytes() for stem, records in self.batches.items()}
        return {stem: self.pickled(records) for stem, records in self.batches.items()}

    @staticmethod
    def pickled(records):
        """Return a batch as Python 3 pickles it with protocol 2."""
        pixels = np.ascontiguousarray(records[:, 1:])
        batch = {b"batch_label": b"toy", b"labels": records[:, 0].tolist(), b"data": pixels}
        return pickle.dumps(batch, protocol=2)

    def folder(self, parent, version="binary"):
        """Write the batch files unpacked and return their folder."""
        folder = Path(parent, f"cifar-10-batches-{'bin' if version == 'binary' else 'py'}")
        folder.mkdir(parents=True)
        for name, content in self.contents(version).items():
            (folder / name).write_bytes(content)
        return folder

    def archive(self, path, version="binary", contents=None):
        """Write the batch files packed, by xz or gzip according to the name; return the path."""
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = f"cifar-10-batches-{'bin' if version == 'binary' else 'py'}"
        with tarfile.open(path, "w:xz" if path.suffix == ".xz" else "w:gz") as tar:
            entry = tarfile.TarInfo(folder)
            entry.type = tarfile.DIRTYPE
            tar.addfile(entry)
            for name, content in (contents or self.contents(version)).items():
                entry = tarfile.TarInfo(f"{folder}/{name}")
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
        return path


@pytest.fixture(scope="session")
def toy():
    rng = np.random.default_rng(0)
    batches = {}
    for stem in CIFAR10.batches:
        records = rng.integers(0, 256, (BATCH_SIZE, 3073), dtype=np.uint8)
        records[:, 0] = rng.permutation(np.arange(BATCH_SIZE) % 10)
        batches[stem] = records
    train = np.concatenate([batches[stem] for stem in CIFAR10.train_batches])
    spec = replace(
        CIFAR10,
        batch_size=BATCH_SIZE,
        train_fingerprint=canonical_order(train)[1],
        test_fingerprint=canonical_order(batches["test_batch"])[1],
        archives=(),
    )
    return Toy(spec, batches)


@dataclass(frozen=True)
class Reviews:
    """A few texts in the layout of IMDb; the content of each file, by its path."""

    spec: ReviewSpec
    files: dict[str, bytes]

    def folder(self, parent, name="aclImdb"):
        """Write the reviews unpacked and return their folder."""
        for path, content in self.files.items():
            file = Path(parent, name, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return Path(parent, name)

    def archive(self, path, files=None, more=()):
        """Write the reviews packed, by xz or gzip according to the name; return the path."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(path, "w:xz" if path.suffix == ".xz" else "w:gz") as tar:
            for name in ("", "/train", "/test", "/train/neg", "/train/pos", "/train/unsup"):
                entry = tarfile.TarInfo(f"aclImdb{name}")
                entry.type = tarfile.DIRTYPE
                tar.addfile(entry)
            for name, content in (self.files if files is None else files).items():
                entry = tarfile.TarInfo(f"aclImdb/{name}")
                entry.size = len(content)
                tar.addfile(entry, io.BytesIO(content))
            for entry in more:
                tar.addfile(entry)
        return path


@pytest.fixture(scope="session")
def reviews():
    files = {
        f"{part}/{folder}/{number}_{stars}.txt": f"{part} {folder} {word} é<br />{number}".encode()
        for part in ("train", "test")
        for folder, word, stars in (("neg", "awful", 2), ("pos", "great", 10))
        for number in range(8)
    }
    records = [(int("/pos/" in name), content) for name, content in files.items()]
    decoded = decode_texts(records[:16], records[16:])
    spec = replace(
        IMDB,
        reviews_per_class=8,
        train_fingerprint=decoded.train_fingerprint,
        test_fingerprint=decoded.test_fingerprint,
        archives=(),
    )
    return Reviews(spec, files)


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    """Give every test its own empty cache and Keras folder, and no named data."""
    monkeypatch.setenv("COMPANION_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("TQDM_DISABLE", "1")
    for name in ("COMPANION_DATA_DIR", "COMPANION_DATA"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def folder_of(places, monkeypatch):
    """Return the folder of a place that the loaders search, and name it if it must be named."""

    def named(place):
        folders = {"cache": cache_dir(), "keras": places / "keras/datasets"}
        folder = folders.get(place, places / place)
        if place == "variable":
            monkeypatch.setenv("COMPANION_DATA_DIR", str(folder))
        return folder

    return named


@pytest.fixture
def small_imdb(reviews, monkeypatch):
    """Let the toy take the place of IMDb, and another one that of the stand-in."""
    other = decode_texts([(row % 2, b"x%d" % row) for row in range(16)], [(0, b"y"), (1, b"z")] * 8)
    prints = {"train_fingerprint": other.train_fingerprint, "test_fingerprint": "ab" * 32}
    monkeypatch.setattr(imdb, "IMDB", reviews.spec)
    monkeypatch.setattr(imdb, "TEXT_STAND_IN", replace(reviews.spec, name="stand-in", **prints))
    monkeypatch.setattr(imdb, "write_stand_in", lambda: other)


@pytest.fixture
def put_reviews(reviews, folder_of):
    """Write the toy to a place and return the archive."""
    return lambda place: reviews.archive(folder_of(place) / "aclImdb_v1.tar.gz")


@pytest.fixture
def cache(toy, tmp_path):
    return DecodedCache(tmp_path / "cache", toy.spec)


@pytest.fixture
def make(toy):
    """A maker that counts its calls."""

    def made():
        made.calls += 1
        return decode(toy.train, toy.test)

    made.calls = 0
    return made


@pytest.fixture
def real_data(monkeypatch):
    """Point at the real data and at the cache outside of the tests, or skip."""
    if not REAL_DATA:
        pytest.skip("COMPANION_DATA_DIR is not set, so there is no real data to check")
    monkeypatch.setenv("COMPANION_DATA_DIR", REAL_DATA)
    if AMBIENT_CACHE:
        monkeypatch.setenv("COMPANION_CACHE_DIR", AMBIENT_CACHE)
    else:
        monkeypatch.delenv("COMPANION_CACHE_DIR")
