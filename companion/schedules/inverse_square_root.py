"""Linear warm-up, then decay with one over the square root of the step."""

from typing import Any

import keras
from keras import ops

from companion._validate import check_integer, check_number
from companion.schedules._passage import count


@keras.saving.register_keras_serializable(package="companion")
class InverseSquareRoot(keras.optimizers.schedules.LearningRateSchedule):
    r"""Linear warm-up to the peak, then decay with one over the square root of the step.

    Use it when the length of the training is open: the rate never reaches 0 and any step can be
    the last. The rate of step $t$ is

    .. math::

        \eta_t = \eta_\text{peak}
        \min\left(\frac{t + 1}{w},\ \sqrt{\frac{w}{t + 1}}\right)

    with $w$ = `warmup_steps`; the peak is at step $w - 1$. The schedule of the Transformer is this
    one with a peak of $1 / \sqrt{d w}$ for a model of width $d$.

    Args:
        peak: The highest rate, in (0, inf).
        warmup_steps: Number of steps of the warm-up, at least 1; 1 is none. It also sets how slow
            the decay is.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> schedule = InverseSquareRoot(peak=1.0, warmup_steps=4)
        >>> [float(schedule(step)) for step in (0, 1, 2, 3, 15, 63)]
        [0.25, 0.5, 0.75, 1.0, 0.5, 0.25]

    Source:
        Vaswani et al. (2017), Attention is all you need, section 5.3. Book: practice/learning_rate.
    """

    def __init__(self, peak: float, warmup_steps: int) -> None:
        owner = "InverseSquareRoot"
        self.peak = check_number(peak, "peak", owner, "(0, inf)", 0.1)
        self.warmup_steps = check_integer(warmup_steps, "warmup_steps", owner, "[1, inf)", 1000)

    def __call__(self, step: Any) -> Any:
        """Return the rate of the step, counted from 0."""
        way = (count(step) + 1) / self.warmup_steps
        return self.peak * ops.minimum(way, ops.sqrt(1 / way))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, from which Keras makes the same schedule again."""
        return {"peak": self.peak, "warmup_steps": self.warmup_steps}
