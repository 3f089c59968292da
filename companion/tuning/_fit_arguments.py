"""The arguments of `model.fit` in cross-validation: which are allowed, and a fresh copy a fold."""

import copy
import inspect
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import keras

from companion._validate import check_instance, check_integer, check_text, refuse
from companion.callbacks import StopEarly

INNER = "inner=ShuffleSplit(n_splits=1, test_size=0.2, random_state=0)"
_LEFT_OUT = {  # argument of fit: why, and what to do instead
    "x": ("the fold's rows are passed for you", "x of the call itself"),
    "y": ("the fold's rows are passed for you", "y of the call itself"),
    "validation_data": ("test rows would choose the epoch", INNER),
    "validation_split": ("it takes the last rows, however they are sorted", INNER),
    "sample_weight": ("its rows are not those of a fold", "class_weight"),
    "initial_epoch": ("every fold starts with a new model", "epochs"),
}
_ALLOWED = set(inspect.signature(keras.Model.fit).parameters) - {"self", *_LEFT_OUT}
_WATCHERS = (keras.callbacks.EarlyStopping, keras.callbacks.ReduceLROnPlateau, StopEarly)


def check_fit(fit: Any, has_inner: bool, owner: str) -> Mapping[str, Any]:
    """Return `fit` if every fold can be fitted with it; None stands for Keras' defaults.

    Raises:
        TypeError: Not a mapping of names, or a callback is none or cannot be copied.
        ValueError: An argument that a fold may not have, or does not know; a used callback; or one
            that watches validation data where there are none.
    """
    if fit is None:
        return {}
    check_instance(fit, "fit", owner, Mapping, "a mapping of arguments of model.fit", _EXAMPLE)
    for name, value in fit.items():
        _check_name(name, value, owner)
    for name in ("epochs", "batch_size"):
        if fit.get(name) is not None:
            check_integer(fit[name], f"fit[{name!r}]", owner, "[1, inf)", 32)
    for callback in _callbacks(fit.get("callbacks"), owner):
        _check_callback(callback, has_inner, owner)
    return fit


_EXAMPLE = '{"epochs": 10}'


def fresh_arguments(fit: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the arguments of one fold: silent unless told, with callbacks nobody has used."""
    arguments = {"verbose": 0, **(fit or {})}
    arguments["callbacks"] = copy.deepcopy(_callbacks(arguments.get("callbacks"), "fit"))
    return arguments


def evaluated_epoch(callbacks: Sequence[keras.callbacks.Callback], epochs: int) -> int:
    """Return how many epochs of training are behind the weights that `fit` left."""
    for callback in callbacks:
        if isinstance(callback, StopEarly) and callback.state.best_epoch >= 0:
            return callback.state.best_epoch + 1
        if isinstance(callback, keras.callbacks.EarlyStopping) and callback.best_weights:
            return callback.best_epoch + 1
    return epochs


def _check_name(name: Any, value: Any, owner: str) -> None:
    check_text(name, "a name in fit", owner, "'epochs'")
    if name in _LEFT_OUT:
        reason, remedy = _LEFT_OUT[name]
        refuse(ValueError, value, f"fit[{name!r}]", owner, f"left out, since {reason}", remedy)
    if name not in _ALLOWED:
        listed = f"an argument of model.fit: {', '.join(sorted(_ALLOWED))}"
        refuse(ValueError, name, "a name in fit", owner, listed, "'epochs'")


def _callbacks(callbacks: Any, owner: str) -> list[keras.callbacks.Callback]:
    if callbacks is None:
        return []
    if isinstance(callbacks, keras.callbacks.Callback):
        return [callbacks]
    name, remedy = "fit['callbacks']", '[StopEarly("val_loss", StoppingRule(mode="min"))]'
    check_instance(callbacks, name, owner, (list, tuple), "a list of Keras callbacks", remedy)
    for index, callback in enumerate(callbacks):
        kind = keras.callbacks.Callback
        check_instance(callback, f"{name}[{index}]", owner, kind, "a Keras callback", remedy)
    return list(callbacks)


def _check_callback(callback: keras.callbacks.Callback, has_inner: bool, owner: str) -> None:
    kind = type(callback).__name__
    name = f"fit['callbacks'] {kind}"
    if callback.model is not None:
        refuse(ValueError, callback, name, owner, "a callback that no fit has used", f"{kind}(...)")
    if isinstance(callback, _WATCHERS) and callback.monitor.startswith("val_") and not has_inner:
        refuse(ValueError, callback.monitor, f"{name}.monitor", owner, "logged", INNER)
    try:
        copy.deepcopy(callback)
    except Exception as error:  # whatever a callback holds: a lock, an open file, a generator
        raise TypeError(
            f"{name} of {owner} must be a callback that can be copied, since every fold has its "
            f"own. Got {error!r}. Try opening files and starting threads in on_train_begin."
        ) from error
    if isinstance(callback, keras.callbacks.EarlyStopping) and not callback.restore_best_weights:
        warnings.warn(
            "EarlyStopping without restore_best_weights=True leaves the last weights, and these "
            "are scored. Pass restore_best_weights=True, or use StopEarly.",
            UserWarning,
            stacklevel=4,
        )
