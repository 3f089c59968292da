"""The path of an optimizer over a landscape."""

from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from companion._validate import check_instance, check_integer, check_sample, refuse
from companion.landscapes.landscape import Landscape

BOUND = 1e6  # a path that leaves it has diverged: far outside of every window, far from overflow
_OWNER = "trajectory"


@runtime_checkable
class Optimizer(Protocol):
    """What runs over a landscape: the optimizers of `companion.from_scratch`, or your own.

    Example:
        >>> class GradientDescent:
        ...     def init(self, params):
        ...         return ()
        ...
        ...     def update(self, grads, state, params):
        ...         return params - 0.1 * grads, state
        >>> isinstance(GradientDescent(), Optimizer)
        True
    """

    def init(self, params: np.ndarray) -> Any:
        """Return the state before the first step."""

    def update(self, grads: np.ndarray, state: Any, params: np.ndarray) -> tuple[np.ndarray, Any]:
        """Return the weights after one step, and the new state."""


def trajectory(
    optimizer: Optimizer, landscape: Landscape, start: ArrayLike, steps: int
) -> np.ndarray:
    """Run an optimizer over a landscape and return every point on its way.

    Use it to compare optimizers from one start. A run that diverges ends with the last point whose
    coordinates are at most a million away from zero, so that it can be drawn like any other: the
    path is then shorter than `steps + 1`.

    Args:
        optimizer: Anything with `init(params)` and `update(grads, state, params)`, such as
            the optimizers of `companion.from_scratch`.
        landscape: Where it runs.
        start: The first point, two numbers of at most a million.
        steps: Number of updates, at least 1.

    Returns:
        Float64 of shape `(steps + 1, 2)` with the start first; fewer rows if the run diverged.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `start` is not two numbers within the bound, or `steps` is less than 1.

    Example:
        >>> from companion.landscapes import quadratic_bowl
        >>> class GradientDescent:
        ...     def init(self, params):
        ...         return ()
        ...
        ...     def update(self, grads, state, params):
        ...         return params - 0.5 * grads, state
        >>> trajectory(GradientDescent(), quadratic_bowl(2), [1.0, 1.0], steps=2).tolist()
        [[1.0, 1.0], [0.5, 0.0], [0.25, 0.0]]

    Source:
        Book: optimizers/sgd.
    """
    _check_optimizer(optimizer)
    check_instance(
        landscape, "landscape", _OWNER, Landscape, "a Landscape", "landscapes.rosenbrock()"
    )
    params = _check_start(start)
    num_steps = check_integer(steps, "steps", _OWNER, "[1, inf)", 100)
    state, path = optimizer.init(params), [np.array(params)]
    for _ in range(num_steps):
        params, state = optimizer.update(landscape.gradient(params), state, params)
        if not _is_within(params):
            break
        path.append(np.array(params))
    return np.stack(path)


def _is_within(point: np.ndarray) -> bool:
    return bool((np.abs(point) <= BOUND).all())  # False for NaN, too


def _check_optimizer(optimizer: object) -> None:
    allowed = "an object with init and update"
    check_instance(optimizer, "optimizer", _OWNER, Optimizer, allowed, "SGD(learning_rate=0.1)")
    if isinstance(optimizer, type):
        remedy = f"{optimizer.__name__}(learning_rate=0.1)"
        refuse(TypeError, optimizer, "optimizer", _OWNER, f"{allowed}, and no class", remedy)


def _check_start(start: ArrayLike) -> np.ndarray:
    allowed = f"two numbers of at most {BOUND:,.0f} in size"
    point = check_sample(start, "start", _OWNER, (1,), 2, allowed, "[1.0, 1.0]")
    if point.shape != (2,) or not _is_within(point):
        refuse(ValueError, start, "start", _OWNER, allowed, "[1.0, 1.0]")
    return point
