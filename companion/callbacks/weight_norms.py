"""Follow the size of a model's weights: what penalties shrink, and how much is almost zero."""

from collections import Counter
from collections.abc import Mapping

import keras
import numpy as np

from companion._validate import check_number
from companion.callbacks.evaluate_splits import add_logs

_KINDS = ("kernel", "embeddings")  # biases and normalization are left out, as in penalties


class WeightNorms(keras.callbacks.Callback):
    r"""Log `norm_{kernel}` and `sparsity_{kernel}` for every kernel at the end of each epoch.

    Use it to see what a penalty does to the weights. The norm is
    :math:`\lVert w \rVert_2 = \sqrt{\sum_i w_i^2}` over all entries of a kernel. Sparsity is the
    fraction of entries with :math:`|w_i| <` `threshold`: gradient descent steps over zero and, even
    with an L1 penalty, never gives exact zeros, so "zero" needs a threshold.

    A kernel is named after its layer, `"conv2d"`, or by its path if it is one of several,
    `"lstm/lstm_cell/recurrent_kernel"`. Embedding tables count as kernels, biases do not.

    Args:
        threshold: Weights smaller than this in absolute value count as zero, in (0, inf).

    Raises:
        TypeError: `threshold` is not a number.
        ValueError: `threshold` is out of range. When `fit` starts: the model has no kernel.

    Example:
        >>> import keras, numpy as np
        >>> dense = keras.layers.Dense(1, kernel_initializer="ones", name="dense")
        >>> model = keras.Sequential([keras.Input((4,)), dense])
        >>> model.compile("sgd", "mse")
        >>> norms = WeightNorms()
        >>> history = model.fit(np.zeros((2, 4)), np.zeros(2), callbacks=[norms], verbose=0)
        >>> norms.table()
        {'epoch': [0], 'norm_dense': [2.0], 'sparsity_dense': [0.0]}

    Source:
        Book: start/overfitting.
    """

    def __init__(self, threshold: float = 1e-3) -> None:
        super().__init__()
        self.threshold = check_number(threshold, "threshold", "WeightNorms", "(0, inf)", 1e-3)
        self._rows: list[dict[str, float]] = []

    def table(self) -> dict[str, list[float]]:
        """Return the columns of the last fit, `epoch` first; each has one value per epoch."""
        names = self._rows[0] if self._rows else ["epoch"]
        return {name: [row[name] for row in self._rows] for name in names}

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Forget the previous fit."""
        del logs
        self._rows = []
        if not kernels(self.model):
            raise ValueError(
                f"WeightNorms found no kernel in the model {self.model.name!r}. "
                "Use it with a model that has trainable Dense, convolution or embedding layers."
            )

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Measure every kernel once."""
        values = norms_and_sparsity(kernels(self.model), self.threshold)
        self._rows.append({"epoch": epoch, **values})
        if logs is not None:
            add_logs(logs, values)


def norms_and_sparsity(weights: Mapping[str, np.ndarray], threshold: float) -> dict[str, float]:
    """Return the L2 norm and the fraction below `threshold` of every array, arrays of any shape.

    Example:
        >>> norms_and_sparsity({"dense": np.array([[3.0, 0.0], [0.0, 4.0]])}, threshold=1e-3)
        {'norm_dense': 5.0, 'sparsity_dense': 0.5}
    """
    values = {}
    for name, array in weights.items():
        flat = np.asarray(array, dtype=np.float64).ravel()
        values[f"norm_{name}"] = float(np.linalg.norm(flat))
        values[f"sparsity_{name}"] = float(np.mean(np.abs(flat) < threshold))
    return values


def kernels(model: keras.Model) -> dict[str, np.ndarray]:
    """Return the values of `kernel_variables`, arrays of any shape."""
    return {name: variable.numpy() for name, variable in kernel_variables(model).items()}


def kernel_variables(model: keras.Model) -> dict[str, keras.Variable]:
    """Return the trainable kernels of a built model by name, in the order of its layers."""
    found: dict[str, keras.Variable] = {}
    seen: Counter[str] = Counter()
    for variable in model.trainable_weights:
        if variable.name.endswith(_KINDS):
            name = variable.path.removeprefix(f"{model.name}/").removesuffix(f"/{_KINDS[0]}")
            seen[name] += 1  # nested models may hold layers of the same name
            unique = name if seen[name] == 1 else f"{name}#{seen[name]}"
            found[unique] = variable
    return found
