"""A seeded order of examples in which every class is spread evenly."""

import numpy as np

from companion._validate import check_integer


def stratified_order(labels: np.ndarray, seed: int, stage: int = 0) -> np.ndarray:
    """Return an order of the rows in which every beginning holds the classes in proportion.

    Each class is shuffled, its members are spread evenly over (0, 1), and all are read from left to
    right. With classes of equal size each run of `num_classes` rows holds every class once.
    Built on PCG64's raw stream, the part of NumPy's random numbers that never changes.

    Args:
        labels: `(n,)` class of each row.
        seed: Which order.
        stage: Gives one seed several independent orders.

    Returns:
        `(n,)` int64, a permutation of the rows.
    """
    draws = np.random.PCG64(np.random.SeedSequence([seed, stage])).random_raw((2, len(labels)))
    _, classes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    by_class = _sorted_by(classes, 44, draws[0])
    rank = np.arange(len(labels)) - np.repeat(np.cumsum(counts) - counts, counts)
    position = ((2 * rank + 1) << 31) // (2 * np.repeat(counts, counts))
    return by_class[_sorted_by(position, 32, draws[1])]


def stratified_take(labels: np.ndarray, n: int, seed: int, items: str, owner: str) -> np.ndarray:
    """Return `n` rows, every class in proportion; `items` and `owner` stand in the messages."""
    if not len(labels):
        raise ValueError(f"{items} of {owner} must not be none. Got 0. Take from another split.")
    n = check_integer(n, "n", owner, f"[1, {len(labels)}]", len(labels))
    seed = check_integer(seed, "seed", owner, "[0, inf)", 0)
    return stratified_order(labels, seed)[:n]


def _sorted_by(numbers: np.ndarray, shift: int, draws: np.ndarray) -> np.ndarray:
    """Return the rows sorted by `numbers`, rows with the same number in random order."""
    keys = (numbers.astype(np.uint64) << shift) | (draws >> (64 - shift))
    return np.argsort(keys, kind="stable")
