"""One cycle: linear up, linear down."""

from typing import Any

import keras
from keras import ops

from companion._validate import check_integer, check_number
from companion.schedules._passage import blend, count, passed

_BELOW_PEAK = 25  # the usual quotient of the peak and the first rate


@keras.saving.register_keras_serializable(package="companion")
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    r"""One triangle: linear up to the peak, linear down to the end value.

    Use it for short training at a high peak, such as the learning-rate finder suggests: the way up
    is a warm-up, the way down settles what the high rates found. The rate of step $t$ is

    .. math::

        \eta_t = \begin{cases}
        \eta_\text{initial} + (\eta_\text{peak} - \eta_\text{initial})\, t / s & t \le s \\
        \eta_\text{peak} + (\eta_\text{final} - \eta_\text{peak})\,
        (t - s) / (T - 1 - s) & s < t < T
        \end{cases}

    with $T$ = `total_steps` and the peak at step $s$, which is `warmup_fraction` times $T - 1$,
    rounded, but neither the first step nor the last. Step $T - 1$ and all later ones have
    $\eta_\text{final}$. PyTorch's `OneCycleLR` differs in its defaults: both ways are half cosines,
    the peak is at 30% of the steps, and momentum moves against the rate. Here momentum stays as it
    is.

    Args:
        peak: The highest rate, in (0, inf).
        total_steps: Number of steps (batches times epochs), at least 3.
        warmup_fraction: Part of the steps on the way up, in (0, 1).
        initial: The rate of step 0, above 0 and at most `peak`; None (the default) is `peak / 25`.
        final: The rate at the last step, at least 0 and at most `peak`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> schedule = OneCycle(peak=1.0, total_steps=7, warmup_fraction=0.3, initial=0.5)
        >>> [float(schedule(step)) for step in range(8)]
        [0.5, 0.75, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]

    Source:
        Smith and Topin (2018), Super-convergence: Very fast training of neural networks using large
        learning rates. Book: practice/learning_rate.
    """

    def __init__(
        self,
        peak: float,
        total_steps: int,
        warmup_fraction: float = 0.25,
        initial: float | None = None,
        final: float = 0.0,
    ) -> None:
        owner = "OneCycle"
        self.peak = check_number(peak, "peak", owner, "(0, inf)", 0.1)
        self.total_steps = check_integer(total_steps, "total_steps", owner, "[3, inf)", 1000)
        self.warmup_fraction = check_number(
            warmup_fraction, "warmup_fraction", owner, "(0, 1)", 0.25
        )
        start = self.peak / _BELOW_PEAK if initial is None else initial
        self.initial = check_number(start, "initial", owner, f"(0, {self.peak!r}]", self.peak)
        self.final = check_number(final, "final", owner, f"[0, {self.peak!r}]", 0.0)

    @property
    def peak_step(self) -> int:
        """The step whose rate is the peak."""
        return min(
            max(round(self.warmup_fraction * (self.total_steps - 1)), 1), self.total_steps - 2
        )

    def __call__(self, step: Any) -> Any:
        """Return the rate of the step, counted from 0."""
        top = self.peak_step
        rising = blend(self.initial, self.peak, passed(step, 0, top))
        falling = blend(self.peak, self.final, passed(step, top, self.total_steps - 1))
        return ops.where(count(step) < top, rising, falling)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, from which Keras makes the same schedule again."""
        return {
            "peak": self.peak,
            "total_steps": self.total_steps,
            "warmup_fraction": self.warmup_fraction,
            "initial": self.initial,
            "final": self.final,
        }
