"""Linear warm-up, then half a cosine down."""

import math
from typing import Any

import keras
from keras import ops

from companion._validate import check_integer, check_number
from companion.schedules._passage import blend, count, passed


@keras.saving.register_keras_serializable(package="companion")
class WarmupCosine(keras.optimizers.schedules.LearningRateSchedule):
    r"""Linear warm-up to the peak, then half a cosine down to the end value.

    Use it when the number of steps is known beforehand: it is the usual choice for training of a
    fixed length. The rate of step $t$ is

    .. math::

        \eta_t = \begin{cases}
        \eta_\text{peak}\,(t + 1) / w & t < w \\
        \eta_\text{final} + \tfrac12 (\eta_\text{peak} - \eta_\text{final})
        \left(1 + \cos \pi \dfrac{t - s}{T - 1 - s}\right) & w \le t < T
        \end{cases}

    with $w$ = `warmup_steps`, $T$ = `total_steps` and $s = \max(w - 1, 0)$, the only step at the
    peak. Step 0 already moves the weights, by $\eta_\text{peak} / w$; step $T - 1$ and all later
    ones have $\eta_\text{final}$. With the default of 0 they move nothing.

    Args:
        peak: The highest rate, in (0, inf).
        total_steps: Number of steps (batches times epochs), at least 2.
        warmup_steps: Number of steps of the warm-up, at least 0 and less than `total_steps`.
        final: The rate at the last step, at least 0 and at most `peak`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> schedule = WarmupCosine(peak=0.5, total_steps=5, warmup_steps=2, final=0.25)
        >>> [round(float(schedule(step)), 4) for step in range(6)]
        [0.25, 0.5, 0.4375, 0.3125, 0.25, 0.25]

    Source:
        Loshchilov and Hutter (2017), SGDR: Stochastic gradient descent with warm restarts; warm-up:
        Goyal et al. (2017), Accurate, large minibatch SGD. Book: practice/learning_rate.
    """

    def __init__(
        self, peak: float, total_steps: int, warmup_steps: int = 0, final: float = 0.0
    ) -> None:
        owner = "WarmupCosine"
        self.peak = check_number(peak, "peak", owner, "(0, inf)", 0.1)
        self.total_steps = check_integer(total_steps, "total_steps", owner, "[2, inf)", 1000)
        shorter = f"[0, {self.total_steps - 1}]"
        self.warmup_steps = check_integer(warmup_steps, "warmup_steps", owner, shorter, 0)
        self.final = check_number(final, "final", owner, f"[0, {self.peak!r}]", 0.0)

    def __call__(self, step: Any) -> Any:
        """Return the rate of the step, counted from 0."""
        warmup = self.peak * ops.minimum((count(step) + 1) / max(self.warmup_steps, 1), 1.0)
        top = max(self.warmup_steps - 1, 0)
        part = (1 - ops.cos(math.pi * passed(step, top, self.total_steps - 1))) / 2
        return ops.where(count(step) < top, warmup, blend(self.peak, self.final, part))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, from which Keras makes the same schedule again."""
        return {
            "peak": self.peak,
            "total_steps": self.total_steps,
            "warmup_steps": self.warmup_steps,
            "final": self.final,
        }
