"""Losses of two weights, small enough to draw: what an optimizer does becomes a path on a map.

Each landscape knows its value, its gradient, its minimum where it has one, and the part of the
plane that is worth drawing. `trajectory` runs an optimizer over it. NumPy only.
"""

from companion.landscapes.beale import beale
from companion.landscapes.landscape import Landscape
from companion.landscapes.plateau import plateau
from companion.landscapes.quadratic_bowl import quadratic_bowl
from companion.landscapes.rosenbrock import rosenbrock
from companion.landscapes.saddle import saddle
from companion.landscapes.trajectory import trajectory

__all__ = [
    "Landscape",
    "beale",
    "plateau",
    "quadratic_bowl",
    "rosenbrock",
    "saddle",
    "trajectory",
]
