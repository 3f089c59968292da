"""The stand-in for CIFAR-10: drawn shapes, so that every lesson can be run without the data.

A shape of random place, size, turn and color lies on a ground of random color and texture, partly
covered, under noise; only the shape tells the class. Random numbers are PCG64's raw stream and all
arithmetic is on whole numbers (the one matrix product is of whole numbers small enough to be exact
in float32), so every machine draws the same bytes; a test compares the fingerprints below.
"""

import numpy as np

from companion.datasets._dice import Dice
from companion.datasets._records import Decoded, decode
from companion.datasets._shapes import SHAPES, Condition
from companion.datasets._spec import RECORD_BYTES, ImageSpec

STAND_IN = ImageSpec(
    name="stand-in",
    class_names=tuple(shape.__name__.replace("_", " ") for shape in SHAPES),
    batch_size=10_000,
    train_batches=tuple(f"data_batch_{number}" for number in range(1, 6)),
    test_batch="test_batch",
    train_fingerprint="e9026dbefbed54f448212313e8521a3528fa973bb6ce1d2639eab6fdeac6b1c8",
    test_fingerprint="8dca7039703f22f522061c4852d5a5854756521bd5cf4bd940a95e13dc7c1f21",
)
_SEED = 32
_SIDE = 32
_UNIT = 16  # lengths are sixteenths of a pixel
_TURNS = 64
_COSINE = np.rint(1024 * np.cos(2 * np.pi * np.arange(_TURNS) / _TURNS)).astype(np.int32)
_CHUNK = 500  # images drawn at once


def draw_stand_in() -> Decoded:
    """Draw all images of the stand-in, the same bytes every time."""
    classes = len(SHAPES)
    train = _records(STAND_IN.train_size // classes, part=0)
    test = _records(STAND_IN.test_size // classes, part=1)
    return decode(train, test)


def _records(per_class: int, part: int) -> np.ndarray:
    records = np.empty((len(SHAPES), per_class, RECORD_BYTES), dtype=np.uint8)
    for label, shape in enumerate(SHAPES):
        dice = Dice(_SEED, part, label)
        records[label, :, 0] = label
        for start in range(0, per_class, _CHUNK):
            count = min(_CHUNK, per_class - start)
            planes = _draw(shape, count, dice)
            records[label, start : start + count, 1:] = planes.reshape(count, -1)
    return records.reshape(-1, RECORD_BYTES)


def _draw(shape: Condition, count: int, dice: Dice) -> np.ndarray:
    """Return `(count, 3, 32, 32)` uint8."""
    ground, color = _colors(count, dice)
    picture = ground + _texture(count, dice)
    mask = _mask(shape, count, dice)[:, None]
    picture = np.where(mask, color + _texture(count, dice), picture)
    picture = _cover(picture, dice)
    return np.clip(picture + _noise(count, dice), 0, 255).astype(np.uint8)


def _colors(count: int, dice: Dice) -> tuple[np.ndarray, np.ndarray]:
    """Return two colors `(count, 3, 1, 1)` that differ in every image, in either direction."""
    ground = dice.roll(80, 176, count, 3, 1, 1)
    sign = 2 * dice.roll(0, 2, count, 3, 1, 1) - 1
    return ground, ground + sign * dice.roll(50, 120, count, 3, 1, 1)


def _mask(shape: Condition, count: int, dice: Dice) -> np.ndarray:
    pixels = _UNIT * np.arange(_SIDE) + _UNIT // 2
    middle = _UNIT * _SIDE // 2
    reach = 5 * _UNIT
    x = pixels[None, None, :] - dice.roll(middle - reach, middle + reach, count, 1, 1)
    y = pixels[None, :, None] - dice.roll(middle - reach, middle + reach, count, 1, 1)
    turn = dice.roll(0, _TURNS, count, 1, 1)
    cosine, sine = _COSINE[turn], _COSINE[(turn - _TURNS // 4) % _TURNS]
    size = dice.roll(7 * _UNIT, 13 * _UNIT, count, 1, 1)
    return shape((x * cosine + y * sine) >> 10, (y * cosine - x * sine) >> 10, size)


def _texture(count: int, dice: Dice) -> np.ndarray:
    """Return smooth hills and valleys: five by five heights with straight lines between them."""
    heights = dice.roll(-256, 257, count, 3, 5, 5) * dice.roll(10, 50, count, 1, 1, 1) // 256
    weights = _WEIGHTS.astype(np.float32)
    return (weights @ heights.astype(np.float32) @ weights.T).astype(np.int32) >> 8


def _cover(picture: np.ndarray, dice: Dice) -> np.ndarray:
    """Hide a random rectangle under a random color."""
    count = len(picture)
    pixels = np.arange(_SIDE)
    corner = dice.roll(-4, _SIDE - 4, count, 2, 1)
    inside = (pixels >= corner) & (pixels < corner + dice.roll(4, 12, count, 2, 1))
    hidden = inside[:, 0, :, None] & inside[:, 1, None, :]
    return np.where(hidden[:, None], dice.roll(40, 216, count, 3, 1, 1), picture)


def _noise(count: int, dice: Dice) -> np.ndarray:
    """Return independent errors of each value, with a triangular distribution."""
    shape = (count, 3, _SIDE, _SIDE)
    two = dice.bytes(2 * int(np.prod(shape))).reshape(2, *shape).astype(np.int16)
    strength = dice.roll(10, 80, count, 1, 1, 1).astype(np.int16)
    return (two[0] + two[1] - 255) * strength >> 8


def _interpolation() -> np.ndarray:
    """Return `(32, 5)`: how much of each height, in sixteenths, makes up each pixel."""
    cell, within = np.divmod(2 * np.arange(_SIDE) + 1, 16)
    weights = np.zeros((_SIDE, 5), dtype=np.int64)
    weights[np.arange(_SIDE), cell] = 16 - within
    weights[np.arange(_SIDE), cell + 1] = within
    return weights


_WEIGHTS = _interpolation()
