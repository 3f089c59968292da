"""Early stopping: which epoch is kept, and when patience has run out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from companion._validate import (
    check_choice,
    check_instance,
    check_integer,
    check_number,
    check_sample,
)


class StoppingState(NamedTuple):
    """What a stopping rule remembers from one epoch to the next; epochs count from 0.

    Attributes:
        epoch: The last epoch that was seen; -1 before the first.
        best: The value that later ones must improve on; infinite while there is none.
        best_epoch: The epoch that it belongs to, the one to keep; -1 while there is none.
        wait: Epochs since then. With a baseline, epochs since a best value that beat it.
        stop: Whether to stop training now.
    """

    epoch: int
    best: float
    best_epoch: int
    wait: int
    stop: bool


@dataclass(frozen=True, kw_only=True)
class StoppingRule:
    r"""Decide after every epoch whether to go on, from one monitored value.

    Use it with `companion.callbacks.StopEarly` while training, or on a stored history to see what
    another patience would have cost: the decision needs nothing but the values.

    With `mode="min"` and `min_delta` $\delta$, a value $v$ improves on a reference $r$ if

    $$v + \delta < r$$

    With `mode="max"`, if $v - \delta > r$. An epoch that improves on the best value becomes the
    best. When `patience` epochs in a row have not, it stops.

    Args:
        mode: `"min"` if small values are good, such as losses, or `"max"`, such as accuracies.
        patience: Epochs without improvement after which to stop, at least 0. 0 does what 1 does:
            stop at the first epoch that does not improve.
        min_delta: How much better a value must be to count as an improvement, in its own units, in
            [0, inf). An epoch that is better by less is not kept either.
        baseline: A value to beat. Patience runs on through improvements that do not beat it; an
            improving epoch still never stops. None (the default) asks for nothing.
        start_from_epoch: Epochs at the start that are ignored, at least 0: they neither stop
            training nor become the best.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range.

    Example:
        >>> rule = StoppingRule(mode="min", patience=2)
        >>> state = rule.run([0.9, 0.7, 0.8, 0.75, 0.6])
        >>> state.stop, state.epoch, state.best_epoch
        (True, 3, 1)

    Source:
        Prechelt (1998), Early stopping - but when? Book: regularization/early_stopping.

    Differs from Keras:
        `mode` and `patience` have no default. Keras turns the sign of a negative `min_delta` and
        takes NaN for the best value if it is the first; both are refused here. Keras compares in
        float32, this in float64.
    """

    mode: Literal["min", "max"]
    patience: int
    min_delta: float = 0.0
    baseline: float | None = None
    start_from_epoch: int = 0

    def __post_init__(self) -> None:
        """Refuse what Keras would correct silently."""
        owner = type(self).__name__
        check_choice(self.mode, "mode", owner, ("min", "max"))
        check_integer(self.patience, "patience", owner, "[0, inf)", 5)
        check_number(self.min_delta, "min_delta", owner, "[0, inf)", 0.001)
        if self.baseline is not None:
            check_number(self.baseline, "baseline", owner, "(-inf, inf)", 0.5)
        check_integer(self.start_from_epoch, "start_from_epoch", owner, "[0, inf)", 0)

    def init(self) -> StoppingState:
        """Return the state before the first epoch."""
        worst = math.inf if self.mode == "min" else -math.inf
        return StoppingState(epoch=-1, best=worst, best_epoch=-1, wait=0, stop=False)

    def update(self, epoch: int, value: float, state: StoppingState) -> StoppingState:
        """Return the state after one more epoch.

        Args:
            epoch: Number of the epoch, at least 0 and above that of `state`.
            value: What was measured at its end, in (-inf, inf).
            state: The state before it.

        Returns:
            The new state; `state` itself does not change.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: `epoch` is not above that of `state`, or `value` is NaN or infinite.
        """
        epoch, value = self._check(epoch, value, state)
        if epoch < self.start_from_epoch:
            return state._replace(epoch=epoch)
        wait = state.wait + 1
        if self._improves(value, state.best):
            beaten = self.baseline is None or self._improves(value, self.baseline)
            return StoppingState(epoch, value, epoch, 0 if beaten else wait, stop=False)
        return state._replace(epoch=epoch, wait=wait, stop=wait >= self.patience)

    def run(self, values: Sequence[float] | np.ndarray) -> StoppingState:
        """Return the state in which training would have ended, from the values of all epochs.

        Args:
            values: At least one finite number, one for each epoch from epoch 0 on.

        Returns:
            The state after the epoch that stops, or after the last one if patience does not run
            out.

        Raises:
            TypeError: `values` are not numbers.
            ValueError: There are none, or one is NaN or infinite.
        """
        owner, allowed = "StoppingRule.run", "at least 1 finite number in one row"
        state = self.init()
        checked = check_sample(values, "values", owner, (1,), 1, allowed, "[0.9, 0.7]")
        for epoch, value in enumerate(checked):
            state = self.update(epoch, float(value), state)
            if state.stop:
                break
        return state

    def _improves(self, value: float, reference: float) -> bool:
        if self.mode == "min":
            return value + self.min_delta < reference
        return value - self.min_delta > reference

    def _check(self, epoch: int, value: float, state: StoppingState) -> tuple[int, float]:
        owner, remedy = "StoppingRule.update", "rule.init()"
        check_instance(state, "state", owner, StoppingState, "a StoppingState", remedy)
        return (
            check_integer(epoch, "epoch", owner, f"[{state.epoch + 1}, inf)", state.epoch + 1),
            check_number(value, "value", owner, "(-inf, inf)", 0.9),
        )
