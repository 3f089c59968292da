import numpy as np
import pytest

from companion.datasets import channel_statistics, normalize, to_float

IMAGES = np.random.default_rng(0).integers(0, 256, (2050, 4, 4, 3), dtype=np.uint8)


def test_to_float_divides_by_255():
    images = np.array([0, 51, 102, 255], dtype=np.uint8).reshape(1, 2, 2, 1)
    result = to_float(images)
    assert result.dtype == np.float32
    assert result.shape == images.shape
    np.testing.assert_allclose(result.ravel(), [0.0, 0.2, 0.4, 1.0], rtol=1e-7)


def test_statistics_of_known_images():
    images = np.zeros((1, 1, 2, 3), dtype=np.uint8)
    images[0, 0, 0] = [255, 51, 0]
    mean, std = channel_statistics(images)
    np.testing.assert_allclose(mean, [0.5, 0.1, 0.0], rtol=1e-6)
    np.testing.assert_allclose(std, [0.5, 0.1, 0.0], rtol=1e-6)
    assert mean.dtype == std.dtype == np.float32


def test_statistics_equal_numpy_over_several_chunks():
    exact = IMAGES.astype(np.float64) / 255
    for images in (IMAGES, to_float(IMAGES)):
        mean, std = channel_statistics(images)
        np.testing.assert_allclose(mean, exact.mean(axis=(0, 1, 2)), rtol=1e-6)
        np.testing.assert_allclose(std, exact.std(axis=(0, 1, 2)), rtol=1e-6)


def test_normalized_training_images_have_mean_0_and_std_1():
    result = normalize(IMAGES, *channel_statistics(IMAGES))
    assert result.dtype == np.float32
    np.testing.assert_allclose(result.mean(axis=(0, 1, 2), dtype=np.float64), 0, atol=1e-5)
    np.testing.assert_allclose(result.std(axis=(0, 1, 2), dtype=np.float64), 1, atol=1e-5)


def test_normalize_takes_either_scale():
    statistics = channel_statistics(IMAGES)
    assert np.array_equal(normalize(IMAGES, *statistics), normalize(to_float(IMAGES), *statistics))


def test_other_images_are_normalized_by_the_given_statistics():
    mean, std = np.float32([0.5]), np.float32([0.25])
    result = normalize(np.full((1, 1, 1, 1), 255, dtype=np.uint8), mean, std)
    assert result.item() == 2.0


def test_constant_channel_is_only_shifted():
    images = np.full((2, 2, 2, 1), 51, dtype=np.uint8)
    assert not normalize(images, *channel_statistics(images)).any()


def test_inputs_are_left_alone():
    images, statistics = IMAGES.copy(), channel_statistics(IMAGES)
    before = [array.copy() for array in statistics]
    normalize(images, *statistics)
    assert np.array_equal(images, IMAGES)
    assert all(map(np.array_equal, before, statistics))


@pytest.mark.parametrize("function", [to_float, channel_statistics])
def test_wrong_images_are_refused(function):
    with pytest.raises(TypeError, match=f"images of {function.__name__} must be an array"):
        function(IMAGES.astype(np.int32))
    with pytest.raises(ValueError, match=r"shape \(n, n, n, n\)"):
        function(IMAGES[0])


def test_wrong_statistics_are_refused():
    mean, std = channel_statistics(IMAGES)
    with pytest.raises(ValueError, match=r"mean of normalize must be an array of shape \(3\)"):
        normalize(IMAGES, mean[:1], std)
    with pytest.raises(ValueError, match="std of normalize must be finite"):
        normalize(IMAGES, mean, std * np.float32(np.nan))


def test_images_on_another_scale_are_refused():
    beyond = np.full((1, 2, 2, 3), 256, np.uint16)
    for function in (to_float, channel_statistics):
        with pytest.raises(ValueError, match=r"whole numbers from 0 to 255.* from 256 to 256"):
            function(beyond)
    with pytest.raises(ValueError, match=r"or floats from 0 to 1.* with values from 0 to 255"):
        channel_statistics(IMAGES.astype(np.float32))


def test_statistics_on_another_scale_are_refused():
    mean, std = channel_statistics(IMAGES)
    with pytest.raises(ValueError, match="mean of normalize must be from 0 to 1, the scale"):
        normalize(IMAGES, mean * 255, std)
    with pytest.raises(ValueError, match="std of normalize must be from 0 to 1, the scale"):
        normalize(IMAGES, mean, -std)


def test_a_spread_that_float32_cannot_hold_is_none():
    images = np.full((1, 1, 1, 1), 51, np.uint8)
    assert normalize(images, np.array([0.2]), np.array([1e-300])).item() == pytest.approx(0)


def test_the_ends_of_either_scale_are_inside_and_what_is_beyond_is_refused():
    wide = np.array([0, 255], dtype=np.uint16).reshape(1, 1, 2, 1)
    assert to_float(wide).max() == 1
    with pytest.raises(ValueError, match="whole numbers from 0 to 255"):
        to_float(wide + np.uint16(1))
    image = np.zeros((1, 1, 1, 1), dtype=np.uint8)
    one = np.ones(1, dtype=np.float32)
    assert normalize(image, one, one).item() == -1
    for mean, std in ((one * 1.5, one), (one, one * 1.5), (-one, one)):
        with pytest.raises(ValueError, match="of normalize must be from 0 to 1"):
            normalize(image, mean, std)
