"""Whole random numbers for what must be the same bytes everywhere."""

import numpy as np


class Dice:
    """Whole random numbers that are the same on every machine and with every NumPy.

    Args:
        seed: Whole numbers; each sequence of them gives numbers of its own.
    """

    def __init__(self, *seed: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence(seed))

    def roll(self, low: int, high: int, *shape: int) -> np.ndarray:
        """Return numbers from `low` up to but not including `high`."""
        raw = self._bits.random_raw(shape) >> np.uint64(32)
        return low + ((raw * np.uint64(high - low)) >> np.uint64(32)).astype(np.int32)

    def bytes(self, count: int) -> np.ndarray:
        """Return `count` numbers from 0 to 255, as uint8; `count` is a multiple of 8."""
        return self._bits.random_raw(count // 8).astype("<u8").view(np.uint8)
