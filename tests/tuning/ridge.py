"""Ridge regression as a Keras model: one step of `fit` on all rows reaches the closed form."""

from collections.abc import Callable

import keras
import numpy as np
from keras import ops

FIT = {"batch_size": 1000, "epochs": 1}  # more than all rows: one step sees them all


def ridge_problem(num_rows: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.normal(loc=1.0, scale=[1.0, 2.0, 0.5], size=(num_rows, 3))
    return x, x @ [1.0, -0.5, 2.0] + 3 + rng.normal(size=num_rows)


class Ridge(keras.Model):
    """Minimizes the sum of squares plus `alpha` times the squared weights; the bias is free."""

    def __init__(self, alpha: float) -> None:
        super().__init__()
        self.alpha, self.dense = alpha, keras.layers.Dense(1)

    def call(self, x):
        return self.dense(x)

    def train_step(self, data):
        inputs, targets, _ = keras.utils.unpack_x_y_sample_weight(data)
        self(inputs)  # builds
        x, y = ops.cast(inputs, "float64"), ops.reshape(ops.cast(targets, "float64"), (-1, 1))
        x_mean, y_mean = ops.mean(x, axis=0, keepdims=True), ops.mean(y)
        x_zero, penalty = x - x_mean, self.alpha * ops.eye(x.shape[1], dtype="float64")
        gram = ops.transpose(x_zero) @ x_zero + penalty
        weights = ops.solve(gram, ops.transpose(x_zero) @ (y - y_mean))
        self.dense.kernel.assign(weights)
        self.dense.bias.assign(ops.reshape(y_mean - x_mean @ weights, (1,)))
        return self.compute_metrics(inputs, targets, self(inputs))


def ridge(alpha: float) -> Callable[[], keras.Model]:
    """Return a `build` for `cross_validate`."""

    def build() -> keras.Model:
        model = Ridge(alpha)
        model.compile(loss="mse", metrics=["mse"], run_eagerly=True)
        return model

    return build
