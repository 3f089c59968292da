import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.datasets import ImageDataset, Split
from companion.datasets._order import stratified_order
from companion.datasets._splits import LazySplit, split_examples


def numbered(labels):
    """Return a split whose images carry their own row number."""
    labels = np.asarray(labels, dtype=np.int64)
    images = np.zeros((len(labels), 32, 32, 3), dtype=np.uint8)
    images[:, 0, 0, 0], images[:, 0, 0, 1] = np.divmod(np.arange(len(labels)), 256)
    return Split(images, labels)


def rows_of(split):
    return (split.images[:, 0, 0, 0].astype(int) * 256 + split.images[:, 0, 0, 1]).tolist()


LABELS = np.arange(1200) % 10
TRAIN_SIZE = 1000


def splits(validation_size=200, subset=None, seed=0):
    everything = numbered(LABELS)
    return split_examples(
        LazySplit,
        everything.images,
        everything.labels.astype(np.uint8),
        TRAIN_SIZE,
        validation_size=validation_size,
        subset=subset,
        seed=seed,
    )


def test_splits_are_disjoint_and_complete():
    train, validation, test = map(rows_of, splits())
    assert sorted(train + validation) == list(range(TRAIN_SIZE))
    assert test == list(range(TRAIN_SIZE, 1200))


def test_labels_stay_with_their_images():
    for split in splits(subset=300):
        assert split.labels.tolist() == [LABELS[row] for row in rows_of(split)]


@pytest.mark.parametrize(("validation_size", "subset"), [(200, 300), (155, 333), (0, 7), (1, 999)])
def test_splits_are_stratified(validation_size, subset):
    train, validation, _ = splits(validation_size, subset)
    for split in (train, validation):
        counts = np.bincount(split.labels, minlength=10)
        assert np.abs(counts - len(split) / 10).max() <= 1


def test_subsets_nest():
    small, large, whole = (rows_of(splits(subset=size)[0]) for size in (50, 300, None))
    assert small == large[:50]
    assert large == whole[:300]


def test_validation_does_not_depend_on_the_subset():
    assert rows_of(splits(subset=50)[1]) == rows_of(splits(subset=800)[1])


def test_seed_decides():
    assert [rows_of(split) for split in splits(seed=3)] == [rows_of(s) for s in splits(seed=3)]
    for one, other in zip(splits(seed=3)[:2], splits(seed=4)[:2], strict=True):
        assert rows_of(one) != rows_of(other)


def test_validation_is_not_the_last_rows():
    rows = rows_of(splits()[1])
    assert set(rows) != set(range(800, 1000))
    assert 350 < np.mean(rows) < 650


def test_validation_may_be_empty():
    train, validation, _ = splits(validation_size=0)
    assert validation.images.shape == (0, 32, 32, 3)
    assert len(train) == TRAIN_SIZE


def test_sizes_are_known_before_anything_is_copied():
    train, _, test = splits(subset=30)
    assert (len(train), len(test)) == (30, 200)
    assert "images" not in vars(train)
    assert train.images is train.images


def test_test_images_are_never_copied():
    everything = numbered(LABELS)
    parts = (everything.images, LABELS.astype(np.uint8), TRAIN_SIZE)
    test = split_examples(LazySplit, *parts, validation_size=0, subset=None, seed=0)[2]
    assert np.shares_memory(test.images, everything.images)


def test_loaded_arrays_are_read_only():
    for split in splits():
        for array in (split.images, split.labels):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0


def test_pickled_split_holds_its_rows_only():
    train = splits(subset=20)[0]
    copy = pickle.loads(pickle.dumps(train))
    assert type(copy) is Split
    assert rows_of(copy) == rows_of(train)
    assert copy.labels.tolist() == train.labels.tolist()
    assert len(pickle.dumps(train)) < 25 * 3072


@pytest.mark.parametrize("whole", [numbered(LABELS), splits(subset=300)[0], splits()[2]])
def test_take_is_stratified_nested_and_seeded(whole):
    taken = whole.take(45, seed=1)
    assert len(taken) == 45
    assert np.abs(np.bincount(taken.labels, minlength=10) - 4.5).max() <= 1
    assert rows_of(whole.take(20, seed=1)) == rows_of(taken)[:20]
    assert rows_of(whole.take(45, seed=2)) != rows_of(taken)
    assert set(rows_of(taken)) <= set(rows_of(whole))
    assert taken.labels.tolist() == [LABELS[row] for row in rows_of(taken)]


def test_stratified_order_is_pinned():
    """Recorded runs rest on it: this order must never change."""
    labels = np.array([0, 0, 0, 0, 1, 1, 1, 1, 2, 2])
    assert stratified_order(labels, seed=0).tolist() == [6, 3, 8, 2, 7, 1, 4, 9, 0, 5]
    assert stratified_order(labels, seed=0, stage=1).tolist() == [1, 7, 9, 2, 4, 0, 5, 8, 6, 3]


@given(
    labels=st.lists(st.integers(0, 3), min_size=1, max_size=60),
    seed=st.integers(0, 2**70),
)
def test_stratified_order_is_a_permutation(labels, seed):
    order = stratified_order(np.array(labels), seed)
    assert sorted(order.tolist()) == list(range(len(labels)))


def test_unequal_classes_stay_in_proportion():
    labels = np.repeat([0, 1], [90, 10])
    order = stratified_order(labels, seed=0)
    for size in range(1, 101):
        assert abs(np.count_nonzero(labels[order[:size]]) - size / 10) <= 1


def test_split_refuses_labels_that_do_not_fit():
    images = np.zeros((3, 32, 32, 3), dtype=np.uint8)
    with pytest.raises(ValueError, match=r"one number for each image.*labels\.ravel\(\)"):
        Split(images, np.zeros((3, 1), dtype=np.int64))
    with pytest.raises(TypeError, match="labels of Split must be a NumPy array"):
        Split(images, [0, 1, 2])
    with pytest.raises(TypeError, match="labels of Split must be whole numbers"):
        Split(images, np.zeros(3))
    for other in (images / 255, images[0], images[None]):
        with pytest.raises(ValueError, match="images of Split must be uint8 of shape"):
            Split(other, np.zeros(len(other), np.int64))


def test_take_from_nothing():
    with pytest.raises(ValueError, match=r"^images of Split\.take must not be none\."):
        numbered([]).take(1)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": 3}, "name of ImageDataset must be a string"),
        ({"fingerprint": " "}, "fingerprint of ImageDataset must be a string that is not blank"),
        ({"class_names": "ab"}, "class_names of ImageDataset must be a tuple of names"),
        ({"class_names": ("a", 3)}, r"class_names\[1\] of ImageDataset must be a string"),
        ({"test": None}, "test of ImageDataset must be a Split"),
    ],
)
def test_a_data_set_refuses_what_it_is_not_made_of(changed, sentence):
    split = numbered([0, 1])
    good = dict.fromkeys(("train", "validation", "test"), split)
    good |= {"name": "a", "source": "a", "fingerprint": "1a", "class_names": ("a", "b")}
    with pytest.raises((TypeError, ValueError), match=sentence):
        ImageDataset(**{**good, **changed})


@pytest.mark.parametrize("n", [0, 5, 2.0])
def test_take_refuses_impossible_sizes(n):
    with pytest.raises((TypeError, ValueError), match=r"n of Split\.take must be .*\[1, 4\]"):
        numbered([0, 1, 0, 1]).take(n)


def test_evidence_names_the_stand_in():
    split = numbered([0, 1] * 600)
    parts = ("0123456789abcdef", ("a", "b"), split, split, split)
    real = ImageDataset("cifar-10", "cifar-10", *parts)
    stand_in = ImageDataset("cifar-10", "stand-in", *parts)
    assert real.evidence == "cifar-10 01234567, 1,200 training images"
    assert stand_in.evidence == "stand-in (not cifar-10) 01234567, 1,200 training images"
    assert "1,200 validation, 1,200 test" in repr(real)
