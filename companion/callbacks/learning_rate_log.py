"""Write down the learning rate that was really used."""

import keras


class LearningRateLog(keras.callbacks.Callback):
    """Log `learning_rate` at the end of each epoch and keep the rate of every step.

    Use it with any way of changing the rate: a schedule in the optimizer, LearningRateScheduler or
    ReduceLROnPlateau. The rate is read when a step begins, after those callbacks have set it and
    before the optimizer counts on, so it is the one that the step uses, wherever this callback
    stands in the list. The epoch's value is that of its last step. A callback that changes the rate
    when a step begins belongs before this one.

    Attributes:
        per_step: The rate of every step of the last fit, in order. With `steps_per_execution=k`
            Keras reports one step in `k`, so it holds the first of each `k`.

    Example:
        >>> import keras, numpy as np
        >>> halving = keras.optimizers.schedules.ExponentialDecay(0.5, 1, 0.5)
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile(keras.optimizers.SGD(halving), "mse")
        >>> log = LearningRateLog()
        >>> x = np.zeros((4, 1))
        >>> history = model.fit(x, x, batch_size=2, epochs=2, callbacks=[log], verbose=0)
        >>> log.per_step, history.history["learning_rate"]
        ([0.5, 0.25, 0.125, 0.0625], [0.25, 0.0625])

    Source:
        Book: start/baseline.
    """

    def __init__(self) -> None:
        super().__init__()
        self.per_step: list[float] = []

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Forget the previous fit."""
        del logs
        self.per_step = []

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Read the rate that this step is about to use."""
        del batch, logs
        self.per_step.append(current_learning_rate(self.model.optimizer))

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Add the rate of the epoch's last step to the logs.

        LearningRateScheduler and ReduceLROnPlateau log the same number under the same name.
        """
        del epoch
        if logs is not None and self.per_step:
            logs["learning_rate"] = self.per_step[-1]


def current_learning_rate(optimizer: keras.Optimizer) -> float:
    """Return the rate that the optimizer's next step will use; a schedule is evaluated.

    Example:
        >>> current_learning_rate(keras.optimizers.SGD(0.25))
        0.25
    """
    return float(optimizer.learning_rate)
