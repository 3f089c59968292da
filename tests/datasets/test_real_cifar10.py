"""The published data itself; skipped where it is not at hand."""

from hashlib import sha256

import numpy as np
import pytest

from companion.datasets import channel_statistics, load_cifar10
from companion.datasets._spec import CIFAR10

pytestmark = pytest.mark.usefixtures("real_data")


def load(**arguments):
    return load_cifar10(allow_stand_in=False, **arguments)


def digest(split):
    return sha256(split.images.tobytes() + split.labels.tobytes()).hexdigest()[:16]


def test_content_is_the_published_one():
    data = load(validation_size=0)
    assert data.source == "cifar-10"
    assert data.fingerprint == CIFAR10.fingerprint
    assert data.evidence == "cifar-10 b3282417, 50,000 training images"
    assert np.bincount(data.train.labels).tolist() == [5000] * 10
    assert np.bincount(data.test.labels).tolist() == [1000] * 10


def test_statistics_are_the_published_ones():
    mean, std = channel_statistics(load(validation_size=0).train.images)
    np.testing.assert_allclose(mean, [0.4914, 0.4822, 0.4465], atol=5e-5)
    np.testing.assert_allclose(std, [0.2470, 0.2435, 0.2616], atol=5e-5)


def test_order_of_the_images_is_pinned():
    """Recorded runs rest on these splits: they must never change."""
    data = load()
    assert digest(data.train) == "1cb19e36da59bb7d"
    assert digest(data.validation) == "8543f638a854ad15"
    assert digest(data.test) == "c3b2cb6c3a28cc14"
