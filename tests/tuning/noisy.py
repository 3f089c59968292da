"""A model whose training depends on random numbers."""

import keras
import numpy as np


def noisy(initial="glorot_uniform", spend=0):
    """Return a build whose training depends on initial weights, dropout and the order of rows."""

    def build():
        np.random.rand(spend)  # noqa: NPY002
        keras.random.normal((spend,))
        model = keras.Sequential([keras.Input((3,))])
        model.add(keras.layers.Dropout(0.5))
        model.add(keras.layers.Dense(1, kernel_initializer=initial))
        model.compile("sgd", "mse", metrics=["mae"], run_eagerly=True)
        return model

    return build
