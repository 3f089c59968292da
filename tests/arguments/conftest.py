"""A place where nothing is found and nothing is left: an empty folder, and data by name only."""

import tempfile
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from companion.datasets import cifar10, imdb
from companion.datasets._records import Decoded
from companion.datasets._texts import DecodedTexts, PackedTexts
from companion.experiments import runner
from tests.arguments.counting import keep_counts

mpl.use("agg")
IMAGES = np.broadcast_to(np.zeros((1, 32, 32, 3), np.uint8), (60_000, 32, 32, 3))


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("COMPANION_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("COMPANION_WORK_DIR", str(tmp_path / "work"))
    monkeypatch.setenv("COMPANION_DATA", "stand-in")
    monkeypatch.setenv("CI", "1")
    named = SimpleNamespace(source="cifar-10", fingerprint="1a" * 32)
    monkeypatch.setitem(runner.LOADERS, "cifar-10", lambda **_: named)
    decoded = Decoded(IMAGES, np.arange(60_000) % 10, "1a" * 32, "2b" * 32)
    monkeypatch.setattr(cifar10, "_stand_in_images", lambda _: decoded)  # drawing takes seconds
    texts = PackedTexts(np.zeros(50_000, np.int64), np.zeros(0, np.uint8))
    empty = DecodedTexts(texts, np.arange(50_000) % 2, "3c" * 32, "4d" * 32)
    monkeypatch.setattr(imdb, "_stand_in_reviews", lambda _: empty)
    yield
    plt.close("all")


def pytest_sessionfinish() -> None:
    keep_counts()
