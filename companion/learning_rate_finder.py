"""The learning-rate finder: train for a moment at rising rates, then put everything back.

Importing this module imports Keras.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from tqdm.auto import tqdm

from companion._progress import is_interactive
from companion._random_state import kept_random_state
from companion._validate import check_instance, check_integer, check_number

__all__ = ["RangeTest", "find_learning_rate"]

_TIMES_BEST = 4  # a smoothed loss of so many times the best one has diverged
_STEPS_PER_WIDTH = 30  # the smoothing window is a thirtieth of the test wide
_FEWEST = 3  # steps, for a slope


@dataclass(frozen=True)
class RangeTest:
    """What a learning-rate finder saw.

    Attributes:
        learning_rates: The rates, rising, shape `(num_steps_made,)`.
        losses: Loss of each batch with its penalties, before the step at that rate.
        smoothed: The losses averaged over neighboring steps with Gaussian weights.
        steepest: The rate at which the smoothed loss falls fastest, a place to begin; None if it
            never falls.
        divergence: The rate at which the test ended because the loss was four times its best or no
            longer finite; None if that never happened.
    """

    learning_rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray
    steepest: float | None
    divergence: float | None


def find_learning_rate(
    model: keras.Model,
    x: Any,
    y: Any,
    *,
    lowest: float = 1e-6,
    highest: float = 10.0,
    num_steps: int = 100,
    batch_size: int = 64,
    seed: int = 0,
) -> RangeTest:
    """Train at rates that rise from step to step, and report where the loss falls and diverges.

    Use it before the first real training of a model, for the order of magnitude of the rate: begin
    at `steepest`, stay well below `divergence`. It says nothing about the rate that is best after
    many epochs. Rates rise by the same factor at every step. Training afterwards goes on exactly as
    if the test had not been: a copy of the optimizer makes the steps, and weights, metrics, seeds
    of layers, and the random states of Python, NumPy, Keras and TensorFlow are put back bit for
    bit, also when the test is interrupted. What a `train_step` of your own keeps elsewhere is not.

    Args:
        model: A built and compiled Keras model, trained or not, whose optimizer has a number as
            learning rate.
        x: Inputs as the model takes them: a NumPy array, or a list or dict of them, of shape
            `(num_examples, ...)`.
        y: Targets, with as many examples.
        lowest: The rate of the first step, in (0, inf).
        highest: The rate of the last step unless the loss diverges before, above `lowest`.
        num_steps: Number of steps, at least 3; 100 for seven orders of magnitude is usual.
        batch_size: Examples a step, at least 1; at most all of them are taken.
        seed: Seed of the order of the examples, at least 0.

    Returns:
        Rates, losses, and the two rates to know; `companion.plotting.plot_range_test` draws them.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range, the model is not built or not compiled, its
            optimizer follows a schedule, or the loss diverges within the first three steps.

    Example:
        >>> import keras, numpy as np
        >>> x = np.array([[-1.0], [1.0]])  # curvature 2: gradient descent diverges beyond rate 1
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
        >>> model.compile(keras.optimizers.SGD(), "mse")
        >>> test = find_learning_rate(model, x, 3 * x, lowest=0.01, num_steps=40)
        >>> test.steepest < 1 < test.divergence
        True

    Source:
        Smith (2017), Cyclical learning rates for training neural networks, section 3.3.
        Book: practice/learning_rate.
    """
    owner = "find_learning_rate"
    _check_model(model, owner)
    num_examples = _check_data(x, y, owner)
    lowest = check_number(lowest, "lowest", owner, "(0, inf)", 1e-6)
    highest = check_number(highest, "highest", owner, f"({lowest!r}, inf)", 10 * lowest)
    num_steps = check_integer(num_steps, "num_steps", owner, f"[{_FEWEST}, inf)", 100)
    batch_size = check_integer(batch_size, "batch_size", owner, "[1, inf)", 64)
    seed = check_integer(seed, "seed", owner, "[0, inf)", 0)
    rates = np.geomspace(lowest, highest, num_steps)
    batches = _batches(num_examples, batch_size, num_steps, seed)
    with kept_random_state(), _kept_model(model):
        losses, divergence = _losses(model, x, y, rates, batches)
    if len(losses) < _FEWEST:
        raise ValueError(
            f"The loss of {owner} must not diverge within the first {_FEWEST} steps. It did at "
            f"step {len(losses) + 1}, at the rate {divergence:.3g}. "
            f"Try lowest={lowest / 1000:.3g}, or look for NaN in x and y."
        )
    return _result(rates[: len(losses)], losses, num_steps, divergence)


def _losses(
    model: keras.Model, x: Any, y: Any, rates: np.ndarray, batches: Iterator[np.ndarray]
) -> tuple[np.ndarray, float | None]:
    """Return the loss of every step made, and the rate at which it diverged, if it did."""
    losses = np.empty(0)
    steps = zip(rates, batches, strict=True)
    for rate, rows in tqdm(
        steps, "learning-rate finder", len(rates), leave=False, disable=not is_interactive()
    ):
        model.optimizer.learning_rate = rate
        x_batch, y_batch = keras.tree.map_structure(lambda array: array[rows], (x, y))  # noqa: B023
        loss = float(model.train_on_batch(x_batch, y_batch, return_dict=True)["loss"])
        if not np.isfinite(loss):
            return losses, float(rate)
        losses = np.append(losses, loss)
        smoothed = smooth(losses, len(rates) / _STEPS_PER_WIDTH)
        if smoothed[-1] - smoothed.min() > (_TIMES_BEST - 1) * abs(smoothed.min()):
            return losses, float(rate)
    return losses, None


def smooth(losses: np.ndarray, width: float) -> np.ndarray:
    """Return the means over neighbors, weighted by a Gaussian of `width` steps.

    Unlike a running mean it does not lag, which would make every rate look higher than it is.
    """
    reach = math.ceil(5 * width)  # weights beyond are below 1e-5
    weights = np.exp(-((np.arange(-reach, reach + 1) / width) ** 2) / 2)
    sums, totals = (
        np.convolve(values, weights)[reach:-reach] for values in (losses, np.ones_like(losses))
    )
    return sums / totals


def _result(
    rates: np.ndarray, losses: np.ndarray, num_steps: int, divergence: float | None
) -> RangeTest:
    smoothed = smooth(losses, num_steps / _STEPS_PER_WIDTH)
    slopes = np.gradient(smoothed, np.log(rates))
    falls = slopes.min() < 0
    steepest = float(rates[slopes.argmin()]) if falls else None
    return RangeTest(rates, losses, smoothed, steepest, divergence)


def _batches(num_examples: int, size: int, count: int, seed: int) -> Iterator[np.ndarray]:
    """Yield row numbers of `count` batches; each row comes once before one comes again.

    A batch is at most all rows.
    """
    rng = np.random.default_rng(seed)
    left = np.empty(0, int)
    for _ in range(count):
        if len(left) < size:
            left = np.concatenate([left, rng.permutation(num_examples)])
        yield left[:size]
        left = left[size:]


@contextmanager
def _kept_model(model: keras.Model) -> Iterator[None]:
    """Let a copy of the optimizer train the model, and put the model back as it was."""
    borrowed = ("optimizer", "train_function", "steps_per_execution")
    kept = {name: getattr(model, name) for name in borrowed}
    values = [(v, v.numpy()) for v in [*model.variables, *model.metrics_variables]]
    try:
        model.optimizer = _copy_optimizer(model.optimizer, model.trainable_variables)
        model.train_function, model.steps_per_execution = None, 1
        yield
    finally:
        for name, value in kept.items():
            setattr(model, name, value)
        model.reset_metrics()  # those made by the first step have no value to go back to
        for variable, value in values:
            variable.assign(value)


def _copy_optimizer(
    optimizer: keras.optimizers.Optimizer, weights: list[keras.Variable]
) -> keras.optimizers.Optimizer:
    """Return an equal optimizer in the same state; Python's `copy` loses the state."""
    twin = type(optimizer).from_config(optimizer.get_config())
    for name in ("_exclude_from_weight_decay", "_exclude_from_weight_decay_pattern"):
        if hasattr(optimizer, name):  # no part of a configuration
            setattr(twin, name, getattr(optimizer, name))
    twin.build(weights)
    if optimizer.built:
        for mine, its in zip(twin.variables, optimizer.variables, strict=True):
            mine.assign(its)
    return twin


def _check_model(model: Any, owner: str) -> None:
    check_instance(model, "model", owner, keras.Model, "a Keras model", "keras.Sequential([...])")
    if not model.compiled or not model.weights:
        flaw, remedy = (
            ("is not compiled", 'model.compile("adam", "mse") first')
            if not model.compiled
            else ("is not built", "keras.Input(shape) as its first layer")
        )
        raise ValueError(
            f"model of {owner} must be built and compiled. Got {model.name!r}, which {flaw}. "
            f"Try {remedy}."
        )
    if not isinstance(model.optimizer.learning_rate, keras.Variable):
        raise ValueError(
            f"model of {owner} must have a number as learning rate. Got {model.name!r}, whose "
            "optimizer follows a schedule. Try model.compile with learning_rate=0.001, and the "
            "schedule afterwards."
        )


def _check_examples(arrays: Any, name: str, owner: str) -> int:
    """Return the number of examples if these are NumPy arrays that all have it."""
    leaves = keras.tree.flatten(arrays)
    shapes = [array.shape if isinstance(array, np.ndarray) else () for array in leaves]
    sizes = {shape[0] if shape else 0 for shape in shapes}
    if len(sizes) != 1 or 0 in sizes:
        raise ValueError(
            f"{name} of {owner} must be a NumPy array, or several, of shape (num_examples, ...) "
            f"with at least one example. Got arrays of shapes {shapes}. Try {name}_train."
        )
    return sizes.pop()


def _check_data(x: Any, y: Any, owner: str) -> int:
    num_examples = _check_examples(x, "x", owner)
    num_targets = _check_examples(y, "y", owner)
    if num_targets != num_examples:
        raise ValueError(
            f"y of {owner} must have as many examples as x. Got {num_targets} for {num_examples} "
            "of x. Try y_train."
        )
    return num_examples
