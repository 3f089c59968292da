"""Flipped bits."""

import random


def flipped(content: bytes, rng: random.Random, bits: int, start: int = 0, stop: int = -1) -> bytes:
    """Return the content with random bits flipped between two offsets (default: anywhere)."""
    changed = bytearray(content)
    end = len(content) if stop < 0 else min(stop, len(content))
    for _ in range(bits if start < end else 0):
        changed[rng.randrange(start, end)] ^= 1 << rng.randrange(8)
    return bytes(changed)


def few(rng: random.Random) -> int:
    """Return a number of bits, mostly small."""
    return 2 ** rng.randrange(11)
