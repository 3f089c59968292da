"""Shifting is cropping a padded image: by hand, by its properties, and equal to Keras."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from companion.from_scratch import shift_images

IMAGE = np.arange(1.0, 7.0).reshape(1, 2, 3, 1)
OFFSETS = np.zeros((1, 2), int)


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        ((0, 0), [[1, 2, 3], [4, 5, 6]]),
        ((1, 0), [[0, 0, 0], [1, 2, 3]]),
        ((-1, 0), [[4, 5, 6], [0, 0, 0]]),
        ((0, 2), [[0, 0, 1], [0, 0, 4]]),
        ((1, -1), [[0, 0, 0], [2, 3, 0]]),
    ],
)
def test_values_by_hand(offset, expected):
    assert shift_images(IMAGE, np.array([offset]))[0, :, :, 0].tolist() == expected


@given(st.integers(-3, 3), st.integers(-4, 4))
def test_there_and_back_keeps_what_did_not_leave(down, right):
    image = np.random.default_rng(0).random((1, 4, 5, 2))
    offsets = np.array([[down, right]])
    back = shift_images(shift_images(image, offsets), -offsets)
    rows, columns = np.mgrid[0:4, 0:5]
    rows_after, columns_after = rows + down, columns + right
    stays = (rows_after >= 0) & (rows_after < 4) & (columns_after >= 0) & (columns_after < 5)
    assert_array_equal(back[0], np.where(stays[:, :, None], image[0], 0))


def test_every_image_moves_in_its_own_way():
    images = np.random.default_rng(0).random((3, 4, 4, 3)).astype(np.float32)
    offsets = np.array([[0, 1], [-2, 0], [3, 3]], np.int8)
    shifted = shift_images(images, offsets)
    assert shifted.dtype == np.float32
    for index in range(3):
        one = slice(index, index + 1)
        assert_array_equal(shifted[one], shift_images(images[one], offsets[one]))


def test_equals_keras_translation():
    """60 images and 60 shifts drawn by the layer that `build_augmenter` uses; not a bit differs."""
    images = np.random.default_rng(1).random((60, 9, 11, 3)).astype(np.float32)
    layer = keras.layers.RandomTranslation(
        4 / 9, 4 / 11, fill_mode="constant", interpolation="nearest", seed=1
    )
    drawn = layer.get_random_transformation(images)
    offsets = np.rint(np.asarray(drawn["translations"])[:, ::-1]).astype(int)
    assert len(np.unique(offsets, axis=0)) > 20
    assert_array_equal(shift_images(images, offsets), layer.transform_images(images, drawn))


@pytest.mark.parametrize(
    ("images", "offsets", "error", "sentence"),
    [
        (IMAGE.tolist(), OFFSETS, TypeError, "images of shift_images must be an array"),
        (IMAGE.astype(int), OFFSETS, TypeError, "images of shift_images must be an array"),
        (IMAGE[0], OFFSETS, ValueError, "images of shift_images must be an array"),
        (IMAGE * np.nan, OFFSETS, ValueError, "images of shift_images must be finite"),
        (IMAGE, [[0, 0]], TypeError, "offsets of shift_images must be an array"),
        (IMAGE, OFFSETS / 2, TypeError, "offsets of shift_images must be an array"),
        (IMAGE, OFFSETS[0], ValueError, "offsets of shift_images must be an array"),
        (IMAGE, np.array([[2, 0]]), ValueError, "smaller than the images, 2 by 3 pixels"),
        (IMAGE, np.array([[0, -3]]), ValueError, r"Got offsets from \[0, -3\] to \[0, -3\]"),
        (IMAGE, np.array([[2**40, 0]]), ValueError, "smaller than the images"),
    ],
)
def test_wrong_arguments(images, offsets, error, sentence):
    with pytest.raises(error, match=sentence):
        shift_images(images, offsets)
