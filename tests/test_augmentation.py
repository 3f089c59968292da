"""Augmentation: what each change does to a pixel, how often, for whom, and when not at all."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_array_equal

from companion.augmentation import build_augmenter, prepend
from companion.from_scratch import shift_images
from companion.models import build_mlp

MANY = 2_000  # images; a share of one half has a standard error of 0.011
FIVE_SIGMA = 5 * 0.5 / np.sqrt(MANY)
ALL = {"flip": True, "shift": 3, "cutout": 4}
SINGLE = [{"flip": True}, {"shift": 3}, {"cutout": 4}]
EACH = pytest.mark.parametrize("changes", [*SINGLE, ALL], ids="-".join)


def noise(count, height=9, width=11, channels=2):
    """Images in (0, 1) in which no two pixels are equal, so that each can be followed."""
    size = count * height * width * channels
    values = np.random.default_rng(0).permutation(size).astype(np.float32)
    return ((values + 1) / (size + 1)).reshape(count, height, width, channels)


def augment(images, *, seed=1, **changes):
    augmenter = build_augmenter(images.shape[1:], **changes, seed=seed)
    return keras.ops.convert_to_numpy(augmenter(images, training=True))


def same(images, others):
    """Tell for each image whether it equals its partner."""
    return (images == others).all(axis=(1, 2, 3))


def find_offsets(images, shifted, farthest):
    """Return the shift that turns each image into its partner; every image must have one."""
    reach = range(-farthest, farthest + 1)
    found = np.full((len(images), 2), farthest + 1)
    for offset in ((down, right) for down in reach for right in reach):
        moved = shift_images(images, np.tile(offset, (len(images), 1)))
        found[same(moved, shifted)] = offset
    assert (abs(found) <= farthest).all(), "an image was not moved by whole pixels"
    return found


def test_flip_mirrors_half_of_the_images_left_to_right_and_leaves_the_others():
    images = noise(MANY, 3, 5)
    flipped = augment(images, flip=True)
    mirrored, kept = same(flipped, images[:, :, ::-1]), same(flipped, images)
    assert (mirrored ^ kept).all()
    assert abs(mirrored.mean() - 0.5) < FIVE_SIGMA


def test_shift_moves_each_image_by_whole_pixels_and_fills_with_zeros():
    images = noise(MANY, 4, 5)
    offsets = find_offsets(images, augment(images, shift=3), 3)
    assert len(np.unique(offsets, axis=0)) == 7 * 7


def test_shifts_are_spread_as_documented():
    """In either direction; the largest comes half as often as any other."""
    images = np.zeros((MANY, 9, 11, 2), np.float32)
    images[..., 0], images[..., 1] = np.arange(1, 10)[:, None], np.arange(1, 12)
    middle = augment(images, shift=3)[:, 4, 5]  # the center shows which pixel came there
    expected = MANY * np.array([1, 2, 2, 2, 2, 2, 1]) / 12
    for axis, center in enumerate((5, 6)):
        counts = np.bincount(np.rint(middle[:, axis] - center + 3).astype(int), minlength=7)
        assert (abs(counts - expected) < 5 * np.sqrt(expected)).all()


@pytest.mark.parametrize(("side", "size"), [(1, 4), (3, 7), (4, 9), (8, 32)])
def test_cutout_covers_a_square_of_half_of_the_images(side, size):
    images = np.ones((MANY, size, size, 1), np.float32)
    covered = augment(images, cutout=side)[..., 0] == 0
    counts = covered.sum(axis=(1, 2))
    assert set(counts) == {0, side**2}
    assert abs((counts > 0).mean() - 0.5) < FIVE_SIGMA
    for axis in (1, 2):
        assert set(covered.any(axis=axis).sum(axis=1)) == {0, side}  # one block, no scattered dots


def test_cutout_reaches_all_but_the_first_row_and_column_and_keeps_what_it_does_not_cover():
    """Keras rounds a start in [0, size - side) up, so that it is 0 only where 0 itself is drawn."""
    images = noise(MANY, 7, 7, 3)
    changed = augment(images, cutout=3)
    covered = (changed == 0).all(axis=3)
    reached = covered.any(axis=0)
    assert reached[1:, 1:].all()
    assert not reached[0].any()
    assert not reached[:, 0].any()
    assert_array_equal(changed, np.where(covered[..., None], 0, images))


def test_cutout_of_an_oblong_image_has_about_the_area():
    covered = (augment(np.ones((MANY, 16, 32, 1)), cutout=8) == 0).sum(axis=(1, 2, 3))
    assert covered[covered > 0].mean() == pytest.approx(64, rel=0.05)


@EACH
def test_every_image_of_a_batch_is_changed_in_its_own_way(changes):
    images = np.repeat(noise(1), 50, axis=0)
    assert len(np.unique(augment(images, **changes), axis=0)) > 1


@EACH
def test_in_inference_images_pass_unchanged(changes):
    images, augmenter = noise(50), build_augmenter((9, 11, 2), **changes, seed=1)
    assert_array_equal(augmenter(images, training=False), images)
    assert_array_equal(augmenter.predict(images, verbose=0), images)


@EACH
def test_equal_seeds_repeat_and_others_do_not(changes):
    images = noise(50)
    first = augment(images, seed=1, **changes)
    assert_array_equal(augment(images, seed=1, **changes), first)
    assert not np.array_equal(augment(images, seed=2, **changes), first)


def test_without_a_seed_the_global_one_decides():
    images, drawn = noise(50), []
    for seed in (1, 1, 2):
        keras.utils.set_random_seed(seed)
        drawn.append(augment(images, seed=None, **ALL))
    assert_array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])


def test_the_second_batch_is_changed_differently():
    images, augmenter = noise(50), build_augmenter((9, 11, 2), **ALL, seed=1)
    first, second = (augmenter(images, training=True) for _ in range(2))
    assert not np.array_equal(first, second)


def test_layers_draw_independently():
    """With one seed for all, whether an image is flipped would tell where it moves."""
    layers = build_augmenter((9, 11, 2), **ALL, seed=1).layers
    assert len({layer.seed for layer in layers}) == 3
    images = np.zeros((MANY, 9, 11, 2))
    flip, shift, cutout = (layer.get_random_transformation(images) for layer in layers)
    draws = [
        np.ravel(flip["flips"]),
        *np.transpose(shift["translations"]),
        np.ravel(cutout["apply_erasing"]),
    ]
    correlations = np.corrcoef(np.array(draws, float))[np.triu_indices(len(draws), 1)]
    assert (abs(correlations) < 5 / np.sqrt(MANY)).all()


def test_adding_a_change_leaves_the_others_as_they_were():
    images = noise(50)
    one_after_the_other = augment(augment(images, flip=True), shift=3)
    assert_array_equal(augment(images, flip=True, shift=3), one_after_the_other)


@pytest.mark.parametrize("seed", [0, 2**31, 2**70])
def test_large_seeds_work(seed):
    assert augment(noise(4), flip=True, seed=seed).shape == (4, 9, 11, 2)


def test_works_in_an_input_pipeline_and_draws_anew_every_epoch():
    images, augmenter = noise(64), build_augmenter((9, 11, 2), shift=3, seed=1)
    pipeline = tf.data.Dataset.from_tensor_slices(images).batch(16)
    pipeline = pipeline.map(lambda batch: augmenter(batch, training=True))
    first, second = (np.concatenate(list(pipeline.as_numpy_iterator())) for _ in range(2))
    offsets = [find_offsets(images, epoch, 3) for epoch in (first, second)]
    assert len(np.unique(offsets[0][:16], axis=0)) > 5  # within one batch
    assert not np.array_equal(*offsets)


def network(seed=1):
    return build_mlp((9, 11, 2), 3, hidden_units=(4,), seed=seed)


def test_prepend_shares_the_weights():
    inner = network()
    model = prepend(build_augmenter((9, 11, 2), **ALL, seed=1), inner)
    assert not model.compiled
    assert [id(weight) for weight in model.weights] == [id(weight) for weight in inner.weights]
    model.compile("sgd", "sparse_categorical_crossentropy")
    before = inner.get_weights()[0].copy()
    model.fit(noise(20), np.arange(20) % 3, verbose=0)
    assert not np.array_equal(inner.get_weights()[0], before)
    assert_array_equal(model.predict(noise(5), verbose=0), inner.predict(noise(5), verbose=0))


def test_a_prepended_augmenter_changes_what_the_network_sees_while_training():
    images = noise(50)
    seen = prepend(build_augmenter((9, 11, 2), **ALL, seed=1), keras.Sequential([
        keras.Input((9, 11, 2)), keras.layers.Identity(),
    ]))  # fmt: skip
    assert_array_equal(seen(images, training=True), augment(images, **ALL, seed=1))
    assert_array_equal(seen(images, training=False), images)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # in Keras
def test_a_saved_model_comes_back_with_its_augmenter(tmp_path):
    images = noise(50)
    model = prepend(build_augmenter((9, 11, 2), **ALL, seed=1), network())
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert_array_equal(loaded.predict(images, verbose=0), model.predict(images, verbose=0))
    again = loaded.get_layer("augmenter")
    assert_array_equal(again(images, training=True), augment(images, **ALL, seed=1))


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"input_shape": 32}, TypeError, "input_shape of build_augmenter must be a non-empty"),
        ({"input_shape": (32, 32)}, ValueError, "must be three numbers, height, width and channel"),
        ({"input_shape": (0, 9, 1)}, ValueError, r"input_shape\[0\] of build_augmenter must be in"),
        ({"flip": 1}, TypeError, "flip of build_augmenter must be True or False"),
        ({"shift": -1}, ValueError, r"shift of build_augmenter must be in \[0, 9\)"),
        ({"shift": 9}, ValueError, r"shift of build_augmenter must be in \[0, 9\).*Try 4\."),
        ({"shift": 0.1}, TypeError, "shift of build_augmenter must be a whole number"),
        ({"cutout": 9}, ValueError, r"cutout of build_augmenter must be in \[0, 9\).*Try 8\."),
        ({"cutout": True}, TypeError, "cutout of build_augmenter must be a whole number"),
        ({"seed": -1}, ValueError, r"seed of build_augmenter must be in \[0, inf\)"),
        ({"seed": 1.0}, TypeError, "seed of build_augmenter must be a whole number"),
        ({"flip": False}, ValueError, r"must be asked for something\. Got nothing\. Try flip=True"),
    ],
)
def test_wrong_arguments_of_build_augmenter(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        build_augmenter(**{"input_shape": (9, 11, 2), "flip": True, **arguments})


@pytest.mark.parametrize(
    ("augmenter", "model", "error", "sentence"),
    [
        ("flip", network, TypeError, "augmenter of prepend must be a Keras model"),
        (keras.layers.RandomFlip(), network, TypeError, "augmenter of prepend must be a Keras"),
        ((9, 11, 2), build_mlp, TypeError, "model of prepend must be a Keras model"),
        (
            (8, 11, 2),
            network,
            ValueError,
            r"Got images of shape \(8, 11, 2\) for an input",
        ),
        ((9, 11, 1), network, ValueError, r"Try build_augmenter\(\(9, 11, 2\), flip=True\)"),
    ],
)
def test_prepend_refuses_what_does_not_fit(augmenter, model, error, sentence):
    if isinstance(augmenter, tuple):
        augmenter = build_augmenter(augmenter, flip=True)
    with pytest.raises(error, match=sentence):
        prepend(augmenter, network() if model is network else model)
