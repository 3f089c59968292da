"""A staircase: the rate is multiplied by the same factor every so many steps."""

from typing import Any

import keras
from keras import ops

from companion._validate import check_integer, check_number
from companion.schedules._passage import count


@keras.saving.register_keras_serializable(package="companion")
class StepDecay(keras.optimizers.schedules.LearningRateSchedule):
    r"""A staircase: after every `step_size` steps the rate is multiplied by `factor`.

    Use it to repeat older results, or when the length of the training is open. The rate of step $t$
    is

    .. math::

        \eta_t = \eta_\text{initial} \cdot f^{\lfloor t / s \rfloor}

    with $f$ = `factor` and $s$ = `step_size`. Step $s$ is the first with the second rate. Keras'
    `PiecewiseConstantDecay` changes one step later than its boundary says: a boundary of $s - 1$
    is the same.

    Args:
        initial: The rate of step 0 and the highest one, in (0, inf).
        step_size: Number of steps (not epochs) with the same rate, at least 1.
        factor: What the rate is multiplied by, in (0, 1].

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> schedule = StepDecay(initial=0.5, step_size=2, factor=0.5)
        >>> [float(schedule(step)) for step in range(6)]
        [0.5, 0.5, 0.25, 0.25, 0.125, 0.125]

    Source:
        He et al. (2016), Deep residual learning for image recognition, section 3.4 (the rate is
        divided by 10). Book: practice/learning_rate.
    """

    def __init__(self, initial: float, step_size: int, factor: float = 0.1) -> None:
        owner = "StepDecay"
        self.initial = check_number(initial, "initial", owner, "(0, inf)", 0.1)
        self.step_size = check_integer(step_size, "step_size", owner, "[1, inf)", 1000)
        self.factor = check_number(factor, "factor", owner, "(0, 1]", 0.1)

    def __call__(self, step: Any) -> Any:
        """Return the rate of the step, counted from 0."""
        return self.initial * ops.power(self.factor, count(step // self.step_size))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, from which Keras makes the same schedule again."""
        return {"initial": self.initial, "step_size": self.step_size, "factor": self.factor}
