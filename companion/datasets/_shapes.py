"""The ten shapes of the stand-in, as conditions on whole numbers.

A pixel has coordinates `u` and `v` in the shape's own turned frame; `size` is the shape's radius.
Lengths are sixteenths of a pixel. With whole numbers there is nothing to round, so every machine
draws the same pixels.
"""

from collections.abc import Callable

import numpy as np

Condition = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def disk(u: np.ndarray, v: np.ndarray, size: np.ndarray) -> np.ndarray:
    """A full circle."""
    return 4 * _square_distance(u, v) < 3 * size**2


def ring(u: np.ndarray, v: np.ndarray, size: np.ndarray) -> np.ndarray:
    """A circle with a hole."""
    distance = _square_distance(u, v)
    return (distance < size**2) & (3 * distance > size**2)


def square(u: np.ndarray, v: np.ndarray, size: np.ndarray) -> np.ndarray:
    """A full square."""
    return 5 * np.maximum(abs(u), abs(v)) < 4 * size


def frame(u: np.ndarray, v: np.ndarray, size: np.ndarray) -> np.ndarray:
    """A square with a hole."""
    reach = np.maximum(abs(u), abs(v))
    return (8 * reach < 7 * size) & (2 * reach > size)


def triangle(u: np.ndarray, v: np.ndarray, size: np.ndarray) -> np.ndarray:
    """A triangle with equal sides; 7/4 stands for the square root of 3."""
    return (2 * v > -size) & (7 * abs(u) + 4 * v < 4 * size)


def cross(u: np.ndarray, v: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Two bars at a right angle."""
    return (4 * np.minimum(abs(u), abs(v)) < size) & (np.maximum(abs(u), abs(v)) < size)


def stripes(u: np.ndarray, v: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Parallel bars."""
    return (np.maximum(abs(u), abs(v)) < size) & ((5 * (u + size) // (2 * size)) % 2 == 0)


def checkerboard(u: np.ndarray, v: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Four by four fields, every other one filled."""
    fields = 2 * (u + size) // size + 2 * (v + size) // size
    return (np.maximum(abs(u), abs(v)) < size) & (fields % 2 == 0)


def crescent(u: np.ndarray, v: np.ndarray, size: np.ndarray) -> np.ndarray:
    """A circle from which another has bitten."""
    bite = _square_distance(2 * u - size, 2 * v) < 3 * size**2
    return (_square_distance(u, v) < size**2) & ~bite


def bow_tie(u: np.ndarray, v: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Two triangles that touch at a corner."""
    return (abs(u) < abs(v)) & (abs(v) < size)


SHAPES: tuple[Condition, ...] = (
    disk,
    ring,
    square,
    frame,
    triangle,
    cross,
    stripes,
    checkerboard,
    crescent,
    bow_tie,
)


def _square_distance(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return u**2 + v**2
