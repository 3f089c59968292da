import numpy as np
import pytest

from companion.datasets import _stand_in as module
from companion.datasets._records import decode
from companion.datasets._shapes import SHAPES
from companion.datasets._stand_in import STAND_IN, draw_stand_in


@pytest.fixture(scope="module")
def everything():
    return draw_stand_in()


@pytest.fixture(scope="module")
def images(everything):
    """Return 2,000 images as floats, and their labels."""
    rows = np.arange(0, 50_000, 25)
    return everything.images[rows] / 255, everything.labels[rows].astype(int)


def accuracy_of_nearest_mean(features, labels):
    """Fit class means on one half, return the accuracy on the other; chance is 0.1."""
    half = len(labels) // 2
    means = np.stack([features[:half][labels[:half] == label].mean(axis=0) for label in range(10)])
    distances = np.square(means).sum(axis=1) - 2 * features[half:] @ means.T
    return np.mean(distances.argmin(axis=1) == labels[half:])


def test_same_bytes_everywhere(everything):
    """Claims and records name this fingerprint."""
    assert everything.train_fingerprint == STAND_IN.train_fingerprint
    assert everything.test_fingerprint == STAND_IN.test_fingerprint
    assert everything.fingerprint == STAND_IN.fingerprint


def test_size_and_balance_are_those_of_cifar10(everything):
    assert everything.images.shape == (60_000, 32, 32, 3)
    assert everything.images.dtype == np.uint8
    assert np.bincount(everything.labels[:50_000]).tolist() == [5000] * 10
    assert np.bincount(everything.labels[50_000:]).tolist() == [1000] * 10


def test_no_image_appears_twice(everything):
    images = [*everything.images[:2000], *everything.images[50_000:52_000]]
    assert len({image.tobytes() for image in images}) == 4000


def test_classes_are_named_after_their_shapes():
    assert STAND_IN.class_names[:3] == ("disk", "ring", "square")
    assert STAND_IN.class_names[-1] == "bow tie"
    assert len(set(STAND_IN.class_names)) == 10


def test_color_does_not_tell_the_class(images):
    pictures, labels = images
    means, spreads = pictures.mean(axis=(1, 2)), pictures.std(axis=(1, 2))
    assert accuracy_of_nearest_mean(means, labels) < 0.15
    assert accuracy_of_nearest_mean(np.hstack([means, spreads]), labels) < 0.2


def test_no_pixel_tells_the_class(images):
    pictures, labels = images
    for row in range(0, 32, 4):
        for column in range(0, 32, 4):
            assert accuracy_of_nearest_mean(pictures[:, row, column], labels) < 0.2


def test_the_mean_image_does_not_tell_the_class(images):
    pictures, labels = images
    assert accuracy_of_nearest_mean(pictures.reshape(len(labels), -1), labels) < 0.25


@pytest.mark.parametrize("label", range(10))
def test_shapes_differ_and_fill_part_of_their_square(label):
    u, v = np.meshgrid(np.arange(-200, 200), np.arange(-200, 200))
    masks = [shape(u, v, np.array(160)) for shape in SHAPES]
    assert 0.1 < masks[label].mean() < 0.6
    for other in range(10):
        if other != label:
            assert np.mean(masks[label] ^ masks[other]) > 0.04


def test_chunks_do_not_repeat(monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 3)
    records = module._records(7, part=0)
    assert len({record.tobytes() for record in records}) == 70
    assert records[:, 0].tolist() == np.repeat(np.arange(10), 7).tolist()


def test_parts_differ():
    train, test = module._records(2, part=0), module._records(2, part=1)
    decoded = decode(train, test)
    assert decoded.train_fingerprint != decoded.test_fingerprint
