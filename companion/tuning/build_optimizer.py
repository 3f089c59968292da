"""The Keras optimizer that a configuration of the search spaces describes."""

import keras

from companion._validate import check_choice, check_integer, check_number, refuse
from companion.schedules import Exponential, OneCycle, WarmupCosine

MOMENTUM = 0.9
OPTIMIZERS = {
    "sgd": lambda rate: keras.optimizers.SGD(rate, momentum=MOMENTUM),
    "adagrad": keras.optimizers.Adagrad,
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
}
SCHEDULES = ("constant", "warmup_cosine", "one_cycle", "exponential")


def build_optimizer(
    optimizer: str,
    learning_rate: float,
    *,
    schedule: str = "constant",
    warmup_fraction: float = 0.1,
    final_fraction: float = 0.01,
    total_steps: int | None = None,
) -> keras.optimizers.Optimizer:
    """Build a new optimizer from plain values, such as a search space returns.

    Use it as `build_optimizer(**optimizer_space(hp), **schedule_space(hp), total_steps=1000)`, once
    for every model, since an optimizer cannot serve two. Hyperparameters beyond these are Keras'
    defaults; SGD has a momentum of 0.9.

    Args:
        optimizer: `"sgd"`, `"adagrad"`, `"rmsprop"` or `"adam"`.
        learning_rate: The rate, the highest one of a schedule, in [1e-10, 1e10].
        schedule: `"constant"` (the default), `"warmup_cosine"`, `"one_cycle"` or `"exponential"`.
        warmup_fraction: Part of the steps that the rate rises, of the second and third schedule, in
            (0, 1).
        final_fraction: Last rate divided by the first, of the last schedule, in [1e-6, 1].
        total_steps: Number of steps (batches times epochs), at least 3; None only where the rate is
            constant.

    Returns:
        A Keras optimizer.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range, or a schedule has no `total_steps`.

    Example:
        >>> adam = build_optimizer("adam", 0.5, schedule="one_cycle", total_steps=9)
        >>> type(adam).__name__
        'Adam'

    Source:
        Book: optimizers/choosing.
    """
    owner = "build_optimizer"
    make = OPTIMIZERS[check_choice(optimizer, "optimizer", owner, OPTIMIZERS)]
    rate = check_number(learning_rate, "learning_rate", owner, "[1e-10, 1e10]", 0.001)
    kind = check_choice(schedule, "schedule", owner, SCHEDULES)
    warmup = check_number(warmup_fraction, "warmup_fraction", owner, "(0, 1)", 0.1)
    final = check_number(final_fraction, "final_fraction", owner, "[1e-6, 1]", 0.01)
    if total_steps is not None:
        total_steps = check_integer(total_steps, "total_steps", owner, "[3, inf)", 1000)
    if kind == "constant":
        return make(rate)
    if total_steps is None:
        allowed = f"a whole number where the schedule is {kind!r}"
        refuse(ValueError, total_steps, "total_steps", owner, allowed, 1000)
    if kind == "exponential":
        return make(Exponential(rate, final * rate, total_steps))
    if kind == "one_cycle":
        return make(OneCycle(rate, total_steps, warmup))
    warmup_steps = min(round(warmup * total_steps), total_steps - 1)
    return make(WarmupCosine(rate, total_steps, warmup_steps))
