"""Exponential decay that is given by where it ends."""

from typing import Any

import keras
from keras import ops

from companion._validate import check_integer, check_number
from companion.schedules._passage import passed


@keras.saving.register_keras_serializable(package="companion")
class Exponential(keras.optimizers.schedules.LearningRateSchedule):
    r"""Exponential decay between two rates: every step multiplies the rate by the same factor.

    Use it where it is clear which rates the training begins and ends with. The rate of step $t$ is

    .. math::

        \eta_t = \eta_\text{initial}
        \left(\frac{\eta_\text{final}}{\eta_\text{initial}}\right)^{t / (T - 1)}

    with $T$ = `total_steps`; step $T - 1$ and all later ones have $\eta_\text{final}$. Keras'
    `ExponentialDecay` is the same curve, given by a factor per `decay_steps` and without an end:
    `decay_steps = T - 1` and `decay_rate = final / initial`.

    Args:
        initial: The rate of step 0 and the highest one, in (0, inf).
        final: The rate at the last step, above 0 and at most `initial`.
        total_steps: Number of steps (batches times epochs), at least 2.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> schedule = Exponential(initial=1.0, final=0.0625, total_steps=5)
        >>> [float(schedule(step)) for step in range(6)]
        [1.0, 0.5, 0.25, 0.125, 0.0625, 0.0625]

    Source:
        Li and Arora (2020), An exponential learning rate schedule for deep learning.
        Book: practice/learning_rate.
    """

    def __init__(self, initial: float, final: float, total_steps: int) -> None:
        owner = "Exponential"
        self.initial = check_number(initial, "initial", owner, "(0, inf)", 0.1)
        self.final = check_number(final, "final", owner, f"(0, {self.initial!r}]", self.initial)
        self.total_steps = check_integer(total_steps, "total_steps", owner, "[2, inf)", 1000)

    def __call__(self, step: Any) -> Any:
        """Return the rate of the step, counted from 0."""
        part = passed(step, 0, self.total_steps - 1)
        rate = self.initial * ops.power(self.final / self.initial, part)
        within = ops.clip(rate, self.final, self.initial)
        return ops.where(part < 1, within, self.final)  # rounding would miss it by a bit

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, from which Keras makes the same schedule again."""
        return {"initial": self.initial, "final": self.final, "total_steps": self.total_steps}
