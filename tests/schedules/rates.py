"""The rates of a schedule as a list of floats."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np


def rates(schedule: Callable[[Any], Any], steps: Iterable[Any]) -> list[float]:
    return [float(np.float32(schedule(step))) for step in steps]
