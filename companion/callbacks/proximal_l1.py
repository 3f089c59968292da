"""Take the proximal step of an L1 penalty after every update: exact zeros in any Keras model."""

from typing import Any

import keras
from keras import ops

from companion._validate import check_number
from companion.callbacks.weight_norms import kernel_variables


class ProximalL1(keras.callbacks.Callback):
    r"""Move every kernel weight toward zero by `learning_rate * strength`, and stop at zero.

    Use it in place of an L1 regularizer when weights should be exactly zero. A regularizer's
    subgradient steps over zero and never lands on it; the proximal step is the soft threshold

    .. math:: w \leftarrow \operatorname{sign}(w) \max(|w| - \eta \lambda, 0)

    with the learning rate :math:`\eta` of the step and the strength :math:`\lambda`. For plain SGD
    the two together are proximal gradient descent on `loss + strength * sum(abs(w))`. With momentum
    or an adaptive optimizer the step is decoupled from the gradient, as weight decay is in AdamW:
    every weight shrinks by the same amount. Biases and normalization weights are left alone. The
    penalty does not appear in the loss.

    Leave the optimizer's `gradient_accumulation_steps` and `use_ema` unset. With the former the
    threshold would apply after every batch, also where no update happened; with the latter the
    averages that replace the weights in the end have not been thresholded and hold no zeros.

    Args:
        strength: Strength of the penalty, in [0, inf).

    Raises:
        TypeError: `strength` is not a number.
        ValueError: `strength` is out of range. When `fit` starts: the model has no kernel, or is
            compiled with `steps_per_execution` above 1, which hides updates from callbacks.

    Example:
        >>> import keras, numpy as np
        >>> dense = keras.layers.Dense(1, kernel_initializer="ones", name="dense")
        >>> model = keras.Sequential([keras.Input((4,)), dense])
        >>> model.compile(keras.optimizers.SGD(0.5), "mse")
        >>> x, y = np.zeros((2, 4)), np.zeros((2, 1))
        >>> history = model.fit(x, y, callbacks=[ProximalL1(0.5)], verbose=0)
        >>> dense.kernel.numpy().ravel().tolist()
        [0.75, 0.75, 0.75, 0.75]

    Source:
        Parikh and Boyd (2014), section 6.5.2. Book: regularization/l1.
    """

    def __init__(self, strength: float) -> None:
        super().__init__()
        self.strength = check_number(strength, "strength", "ProximalL1", "[0, inf)", 1e-4)
        self._kernels: list[keras.Variable] = []
        self._learning_rate = 0.0

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Find the kernels of the model."""
        del logs
        self._kernels = list(kernel_variables(self.model).values())
        if not self._kernels:
            raise ValueError(
                f"ProximalL1 found no kernel in the model {self.model.name!r}. "
                "Use it with a model that has trainable Dense, convolution or embedding layers."
            )
        if self.model.steps_per_execution > 1:
            raise ValueError(
                "steps_per_execution of the model must be 1 for ProximalL1, which acts after every "
                f"update. Got steps_per_execution={self.model.steps_per_execution}. Try 1."
            )

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Note the learning rate of the update to come: a schedule has moved on after it."""
        del batch, logs
        self._learning_rate = float(self.model.optimizer.learning_rate)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Apply the soft threshold to every kernel."""
        del batch, logs
        threshold = self._learning_rate * self.strength
        for kernel in self._kernels:
            kernel.assign(ops.sign(kernel) * ops.maximum(ops.abs(kernel) - threshold, 0.0))
