"""Corruptions of labels and pixels: the files are well formed and hold other images."""

import numpy as np

from campaigns.corruptions.case import Case
from campaigns.corruptions.flips import few
from campaigns.corruptions.kinds import kind
from companion.datasets._spec import RECORD_BYTES


@kind("one flipped bit in a pixel")
def flip_pixel(case: Case) -> None:
    """Flip one bit of one pixel."""
    _flip(case, 1, 1, RECORD_BYTES)


@kind("many flipped bits in pixels")
def flip_pixels(case: Case) -> None:
    """Flip two to a thousand bits."""
    _flip(case, 2 * few(case.rng), 1, RECORD_BYTES)


@kind("one flipped bit in a label")
def flip_label(case: Case) -> None:
    """Flip one bit of one label."""
    _flip(case, 1, 0, 1)


@kind("one other label")
def change_label(case: Case) -> None:
    """Give one image the label of another class."""
    records = _any_batch(case)
    row = case.rng.randrange(len(records))
    records[row, 0] = (records[row, 0] + case.rng.randrange(1, 10)) % 10
    case.write_batches()


@kind("shuffled labels")
def shuffle_labels(case: Case) -> None:
    """Deal the labels of a batch anew."""
    records = _any_batch(case)
    records[:, 0] = records[_order(case, len(records)), 0]
    case.write_batches()


@kind("one class only")
def label_all_alike(case: Case) -> None:
    """Give all images of a batch one label."""
    _any_batch(case)[:, 0] = case.rng.randrange(10)
    case.write_batches()


@kind("label above nine")
def label_above(case: Case) -> None:
    """Give one image a label that no class has."""
    records = _any_batch(case)
    records[case.rng.randrange(len(records)), 0] = case.rng.randrange(10, 256)
    case.write_batches()


@kind("shuffled images", harmless=True)
def shuffle_images(case: Case) -> None:
    """Write the records of a batch in another order."""
    records = _any_batch(case)
    records[:] = records[_order(case, len(records))]
    case.write_batches()


@kind("exchanged training images", harmless=True)
def exchange_training_images(case: Case) -> None:
    """Exchange an image of one training batch for one of another."""
    _exchange(case, *case.rng.sample(case.images.spec.train_batches, 2))


@kind("exchanged training and test image")
def exchange_test_image(case: Case) -> None:
    """Exchange an image of a training batch for one of the test batch."""
    spec = case.images.spec
    _exchange(case, case.rng.choice(spec.train_batches), spec.test_batch)


@kind("repeated image")
def repeat_image(case: Case) -> None:
    """Write one image over another of the same batch."""
    records = _any_batch(case)
    one, other = case.rng.sample(range(len(records)), 2)
    records[one] = records[other]
    case.write_batches()


@kind("blank images")
def blank_images(case: Case) -> None:
    """Let the pixels of a batch be zero from some image on."""
    records = _any_batch(case)
    records[case.rng.randrange(len(records)) :, 1:] = 0
    case.write_batches()


@kind("exchanged color planes")
def exchange_planes(case: Case) -> None:
    """Store blue, green, red in place of red, green, blue."""
    records = _any_batch(case)
    planes = records[:, 1:].reshape(len(records), 3, -1)
    records[:, 1:] = planes[:, ::-1].reshape(len(records), -1)
    case.write_batches()


def _any_batch(case: Case) -> np.ndarray:
    return case.batches[case.rng.choice(list(case.batches))]


def _order(case: Case, count: int) -> list[int]:
    return case.rng.sample(range(count), count)


def _flip(case: Case, bits: int, first: int, last: int) -> None:
    records = _any_batch(case)
    for _ in range(bits):
        row, byte = case.rng.randrange(len(records)), case.rng.randrange(first, last)
        records[row, byte] ^= 1 << case.rng.randrange(8)
    case.write_batches()


def _exchange(case: Case, one: str, other: str) -> None:
    row = case.rng.randrange(len(case.batches[one]))
    mine, theirs = case.batches[one][row].copy(), case.batches[other][row].copy()
    case.batches[one][row], case.batches[other][row] = theirs, mine
    case.write_batches()
