"""Stop training when a measured value no longer improves, keep the best epoch, and say why."""

import math
import warnings
from typing import Any

import keras

from companion._validate import check_instance, check_text
from companion.from_scratch import StoppingRule, StoppingState


class StopEarly(keras.callbacks.Callback):
    """Stop when `rule` says so, and hand back the weights of the best epoch.

    Use it in place of Keras' EarlyStopping. It stops at the same epoch, by the same rule, and adds
    what that one leaves to you: the best weights are kept without being asked for, also where
    training runs to its end; a name that is not measured is an error, not a warning; a value that
    is NaN or infinite stops at once and is never the best; and `reason` says what happened.

    The monitored value is needed after every epoch, so `validation_freq` must be 1. To monitor what
    another callback logs, such as EvaluateSplits, put that one first in the list. A `val_loss`
    contains the penalties: compile a cross-entropy metric and monitor `val_cross_entropy`.

    Args:
        monitor: Name of the value in the epoch's logs, such as `"val_cross_entropy"`.
        rule: When to stop, such as `StoppingRule(mode="min", patience=5)`.

    Attributes:
        state: Where the rule stands; `state.best_epoch` counts from 0.
        reason: Why the last fit ended and what was kept, in words, with epochs counted from 1, as
            Keras prints them.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `monitor` is blank. While training: it is not among the epoch's logs, or it is
            NaN or infinite before there is an epoch to keep.

    Example:
        >>> import keras, numpy as np
        >>> x, y = np.ones((4, 1)), np.ones((4, 1))
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile(keras.optimizers.SGD(0.0), "mse")
        >>> stop = StopEarly("loss", StoppingRule(mode="min", patience=3))
        >>> history = model.fit(x, y, epochs=20, callbacks=[stop], verbose=0)
        >>> stop.reason.partition(":")[0]
        'Stopped after epoch 4'

    Source:
        Prechelt (1998), Early stopping - but when? Book: regularization/early_stopping.
    """

    def __init__(self, monitor: str, rule: StoppingRule) -> None:
        super().__init__()
        self.monitor = check_text(monitor, "monitor", "StopEarly", "'val_loss'")
        remedy = 'StoppingRule(mode="min", patience=5)'
        self.rule: StoppingRule = check_instance(
            rule, "rule", "StopEarly", StoppingRule, "a StoppingRule", remedy
        )
        self.state: StoppingState = self.rule.init()
        self.reason = ""
        self._best_weights: list[Any] | None = None

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Forget the previous fit."""
        del logs
        self.state, self.reason, self._best_weights = self.rule.init(), "", None

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Let the rule decide, and copy the weights of an epoch that is the best so far."""
        if logs is None:  # a hook called by hand: nothing was measured
            return
        value = self._read(epoch, logs)
        if math.isfinite(value):
            self.state = self.rule.update(epoch, value, self.state)
        else:
            self._give_up(epoch, value)
        if self.state.best_epoch == epoch:
            self._best_weights = self.model.get_weights()
        self.model.stop_training = self.model.stop_training or self.state.stop
        self.reason = describe(self.monitor, value, self.state, self.rule.baseline)

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        """Put the best weights back."""
        del logs
        if self._best_weights is not None:
            self.model.set_weights(self._best_weights)
        self._best_weights = None

    def _read(self, epoch: int, logs: dict[str, float]) -> float:
        if self.monitor not in logs:
            logged = ", ".join(map(repr, logs)) or "nothing"
            raise ValueError(
                f"monitor of StopEarly must be logged after every epoch. Got {self.monitor!r}; "
                f"epoch {epoch + 1} logs {logged}. Choose one of these, pass "
                "validation data, or move the callback that logs it before StopEarly."
            )
        return float(logs[self.monitor])

    def _give_up(self, epoch: int, value: float) -> None:
        if self._best_weights is None:
            raise ValueError(
                f"{self.monitor!r} is {value} after epoch {epoch + 1}, and StopEarly has no "
                "earlier epoch to keep. Lower the learning rate, or look for NaN in the data."
            )
        self.state = self.state._replace(epoch=epoch, stop=True)
        reason = describe(self.monitor, value, self.state, self.rule.baseline)
        warnings.warn(reason, RuntimeWarning, stacklevel=2)


def describe(
    monitor: str, value: float, state: StoppingState, baseline: float | None = None
) -> str:
    """Return why training ends here and which weights are kept, in one sentence; epochs from 1.

    With a baseline patience also runs out where a value improves without beating it.

    Example:
        >>> state = StoppingRule(mode="min", patience=1).run([0.5, 0.7])
        >>> describe("loss", 0.7, state)
        'Stopped after epoch 2: loss has not improved since epoch 1, whose weights are kept (0.5).'
    """
    last, kept = state.epoch + 1, state.best_epoch + 1
    if not kept:
        return f"Ended after epoch {last}, before start_from_epoch: the last weights are kept."
    keeps = f"epoch {kept}, whose weights are kept ({state.best:.4g})."
    if not math.isfinite(value):
        return f"Stopped after epoch {last}: {monitor} is {value}. The best was {keeps}"
    if state.stop and baseline is not None:
        return (
            f"Stopped after epoch {last}: {monitor} has not both improved and beaten the baseline "
            f"{baseline:.4g} for {state.wait} epochs. The best was that of {keeps}"
        )
    if state.stop:
        return f"Stopped after epoch {last}: {monitor} has not improved since {keeps}"
    return f"Ended after epoch {last} with patience left. The best {monitor} was that of {keeps}"
