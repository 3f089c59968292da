from hashlib import sha256

import numpy as np

from companion.datasets._records import canonical_order, decode


def test_planes_become_channels():
    record = np.zeros((1, 3073), dtype=np.uint8)
    record[0, 0] = 7
    record[0, 1 + 0 * 1024 + 2 * 32 + 5] = 10  # red, row 2, column 5
    record[0, 1 + 1 * 1024 + 2 * 32 + 5] = 20  # green
    record[0, 1 + 2 * 1024 + 31 * 32 + 31] = 30  # blue, last pixel
    decoded = decode(record, record)
    assert decoded.labels.tolist() == [7, 7]
    assert decoded.images.shape == (2, 32, 32, 3)
    assert decoded.images[0, 2, 5].tolist() == [10, 20, 0]
    assert decoded.images[1, 31, 31].tolist() == [0, 0, 30]
    assert np.count_nonzero(decoded.images) == 6


def test_fingerprint_is_the_hash_of_the_sorted_digests(toy):
    digests = sorted(sha256(record.tobytes()).digest() for record in toy.train)
    order, fingerprint = canonical_order(toy.train)
    assert [sha256(toy.train[row].tobytes()).digest() for row in order] == digests
    assert fingerprint == sha256(b"".join(digests)).hexdigest()


def test_order_of_the_records_does_not_matter(toy):
    straight = decode(toy.train, toy.test)
    shuffled = decode(np.random.default_rng(1).permutation(toy.train), toy.test[::-1])
    assert straight.fingerprint == shuffled.fingerprint
    assert np.array_equal(straight.images, shuffled.images)
    assert np.array_equal(straight.labels, shuffled.labels)


def test_one_bit_changes_the_fingerprint(toy):
    flipped = toy.train.copy()
    flipped[3, 100] ^= 1
    assert decode(flipped, toy.test).fingerprint != decode(toy.train, toy.test).fingerprint


def test_identity_covers_both_sets(toy):
    parts = toy.spec.train_fingerprint + toy.spec.test_fingerprint
    expected = sha256(parts.encode()).hexdigest()
    assert decode(toy.train, toy.test).fingerprint == toy.spec.fingerprint == expected
