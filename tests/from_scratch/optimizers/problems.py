"""Four arrays to optimize at once, each with a problem of its own."""

import numpy as np

PROBLEMS = ("quadratic", "rosenbrock", "sparse", "zero")
STEPS, DROP = 200, 100  # the rate is constant over the first 100 steps
LESS = 0.125  # of the rate is left after the drop

CURVATURES = np.array([[2.0**-6, 0.25, 1.0], [0.5, 2.0**-4, 1.0]])
TARGET = np.linspace(-1.0, 1.0, 20).reshape(4, 5)
MASKS = np.random.default_rng(0).random((STEPS, 4, 5)) < 0.2  # one number in five has a gradient


def start(dtype: str) -> list[np.ndarray]:
    """Return where the arrays begin: `(2, 3)`, `(2,)`, `(4, 5)` and a single number `()`."""
    quadratic = [[1.0, -2.0, 0.5], [-0.25, 3.0, 1.5]]
    return [np.array(w, dtype) for w in (quadratic, [-1.25, 1.0], np.zeros((4, 5)), 2.0)]


def gradients(params: list[np.ndarray], step: int) -> list[np.ndarray]:
    """Return the gradients of all problems, in the precision of the parameters."""
    quadratic, rosenbrock, sparse, zero = params
    x, y = rosenbrock[0], rosenbrock[1]
    slope = y - x * x  # of Rosenbrock's function / 256, so that one rate suits all problems
    found = [
        quadratic * CURVATURES,
        np.stack([(x - 1.0) / 128.0 - x * slope * (400.0 / 256.0), slope * (200.0 / 256.0)]),
        (sparse - TARGET) * MASKS[step],
        zero * 0.0,
    ]
    return [np.asarray(g, w.dtype) for g, w in zip(found, params, strict=True)]
