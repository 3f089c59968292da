"""Measure a model on any number of splits after every epoch, all in inference mode."""

from collections.abc import Mapping
from typing import Any

import keras

from companion._validate import check_instance, check_integer, check_text

_ARRAYS = "a pair (x, y) of arrays with the same number of samples, at least 1"
_PAIR_LENGTH = 2


class EvaluateSplits(keras.callbacks.Callback):
    """Log `{split}_{metric}` for every split and every compiled metric at the end of each epoch.

    Use it when splits are to be compared with each other. What `fit` prints for the training data
    is an average over an epoch in which the weights changed and dropout was on; here all splits are
    measured with the same weights, in inference mode. The values enter the `History` beside Keras'
    own. `{split}_loss` contains the penalties, as every Keras loss does: compile a cross-entropy
    metric to see the data term alone.

    A callback that monitors one of these names, such as EarlyStopping, belongs after this one in
    the list and needs its `mode` spelled out, since Keras knows the direction of its own names
    only. Each split costs one forward pass per epoch. Training itself is unchanged.

    Args:
        splits: Split name to `(x, y)`, as `model.evaluate` takes them, such as
            `{"train": (x_train, y_train), "test": (x_test, y_test)}`. Multi-input models take lists
            or dicts of arrays.
        batch_size: Samples per forward pass, at least 1; it changes speed and memory, not results.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `splits` is empty, or its arrays differ in length. While training: a name is
            already logged by another callback.

    Example:
        >>> import keras, numpy as np
        >>> x, y = np.zeros((4, 2)), np.zeros((4, 1))
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        >>> model.compile(loss="mse")
        >>> measure = EvaluateSplits({"test": (x, y)})
        >>> model.fit(x, y, callbacks=[measure], verbose=0).history["test_loss"]
        [0.0]

    Source:
        Book: start/overfitting.
    """

    def __init__(self, splits: Mapping[str, tuple[Any, Any]], batch_size: int = 1000) -> None:
        super().__init__()
        owner = type(self).__name__
        self.splits = check_splits(splits, owner)
        self.batch_size = check_integer(batch_size, "batch_size", owner, "[1, inf)", 1000)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Add the measurements to the epoch's logs."""
        del epoch
        if logs is not None:
            add_logs(logs, split_metrics(self.model, self.splits, self.batch_size))


def split_metrics(
    model: keras.Model, splits: Mapping[str, tuple[Any, Any]], batch_size: int
) -> dict[str, float]:
    """Return `{split}_{metric}` of a compiled model, in inference mode, for every split."""
    return {
        f"{name}_{metric}": float(value)
        for name, (x, y) in splits.items()
        for metric, value in model.evaluate(
            x, y, batch_size=batch_size, verbose=0, return_dict=True
        ).items()
    }


def add_logs(logs: dict[str, float], values: Mapping[str, float]) -> None:
    """Add `values` to the epoch's `logs`; a name that is taken is an error, never overwritten."""
    for name, value in values.items():
        if name in logs:
            raise ValueError(
                f"{name!r} is logged by two callbacks. Keep one of them, or rename a split."
            )
        logs[name] = value


def check_splits(splits: Any, owner: str) -> dict[str, tuple[Any, Any]]:
    """Return `splits` as a dict if it maps names to pairs of arrays of equal length."""
    remedy = '{"test": (x_test, y_test)}'
    check_instance(splits, "splits", owner, Mapping, "a mapping of name to (x, y)", remedy)
    if not splits:
        raise ValueError(f"splits of {owner} must not be empty. Got splits={{}}. Try {remedy}.")
    return {
        check_text(name, "a split name", owner, "'test'"): check_pair(
            pair, f"splits[{name!r}]", owner
        )
        for name, pair in splits.items()
    }


def check_pair(pair: Any, name: str, owner: str) -> tuple[Any, Any]:
    """Return `pair` as a tuple if it is `(x, y)`, arrays or nests of arrays of equal length."""
    check_instance(pair, name, owner, (tuple, list), _ARRAYS, "(x_test, y_test)")
    shapes = [tuple(getattr(array, "shape", ())) for array in keras.tree.flatten(pair)]
    sizes = {shape[0] if shape else 0 for shape in shapes}
    if len(pair) != _PAIR_LENGTH or len(sizes) != 1 or 0 in sizes:
        raise ValueError(
            f"{name} of {owner} must be {_ARRAYS}. Got {len(pair)} parts with arrays of shapes "
            f"{shapes}. Try (x_test, y_test)."
        )
    x, y = pair
    return x, y
