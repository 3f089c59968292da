"""The table, for the usual optimizers or for the reader's own."""

from collections.abc import Sequence
from typing import Any, NoReturn

import keras
import numpy as np

from companion._validate import refuse
from companion.conversion import optax, pytorch
from companion.conversion.code import Settings, call
from companion.conversion.table import Conversion, ConversionTable

_OWNER = "conversion_table"
_KINDS = {
    keras.optimizers.SGD: (pytorch.sgd, optax.sgd),
    keras.optimizers.Adagrad: (pytorch.adagrad, optax.adagrad),
    keras.optimizers.RMSprop: (pytorch.rmsprop, optax.rmsprop),
    keras.optimizers.Adam: (pytorch.adam, optax.adam),
    keras.optimizers.AdamW: (pytorch.adam, optax.adam),
}
_NOT_CONVERTED = (  # with the value that switches each of them off
    ("clipnorm", None),
    ("clipvalue", None),
    ("global_clipnorm", None),
    ("use_ema", False),
    ("loss_scale_factor", None),
    ("gradient_accumulation_steps", None),
)
_OF_EVERY_KIND = {name for name, _ in _NOT_CONVERTED} | {
    "name",
    "ema_momentum",
    "ema_overwrite_frequency",
}


def conversion_table(
    optimizers: keras.optimizers.Optimizer | Sequence[keras.optimizers.Optimizer] | None = None,
) -> ConversionTable:
    """Write Keras optimizers for PyTorch and Optax, and say what still differs.

    Use it to carry a run from one framework to another. Every number that matters is written out,
    since defaults differ: PyTorch's RMSprop averages with 0.99 and not 0.9, its accumulator in
    Adagrad starts at 0 and not 0.1, AdamW decays by 0.004 in Keras, 0.01 in PyTorch and 0.0001 in
    Optax, and the epsilon of Adam is 1e-7 in Keras and 1e-8 in both others. Weights that Keras
    excludes from decay need parameter groups in PyTorch and a `mask` in Optax.

    Args:
        optimizers: A Keras SGD, Adagrad, RMSprop, Adam or AdamW, or a list of them, with constant
            hyperparameters and without clipping, averaging or scaling of any kind. None (the
            default) shows the usual ones.

    Returns:
        One `Conversion` for each; a notebook shows them as a table.

    Raises:
        TypeError: An optimizer is not one of these five.
        ValueError: The list is empty, or an optimizer has options that are not converted.

    Example:
        >>> conversion_table(keras.optimizers.SGD(0.1, momentum=0.875, nesterov=True))[0].pytorch
        'torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.875, nesterov=True)'

    Source:
        Source code of Keras 3.15, PyTorch 2.9 and Optax 0.2.
        Book: optimizers/momentum, optimizers/adagrad, optimizers/rmsprop.
    """
    if optimizers is None:
        optimizers = _usual()
    if not isinstance(optimizers, list | tuple):
        return ConversionTable([_convert(optimizers, "optimizers")])
    if not optimizers:
        _refuse(ValueError, optimizers, "optimizers", "one Keras optimizer or more")
    return ConversionTable(
        [_convert(optimizer, f"optimizers[{i}]") for i, optimizer in enumerate(optimizers)]
    )


def _usual() -> list[keras.optimizers.Optimizer]:
    kinds = keras.optimizers
    return [
        kinds.SGD(),
        kinds.SGD(momentum=0.9),
        kinds.SGD(momentum=0.9, nesterov=True, weight_decay=0.0001),
        kinds.Adagrad(),
        kinds.RMSprop(),
        kinds.RMSprop(momentum=0.9, centered=True),
        kinds.Adam(),
        kinds.Adam(amsgrad=True),
        kinds.AdamW(),
    ]


def _convert(optimizer: Any, name: str) -> Conversion:
    if type(optimizer) not in _KINDS:
        _refuse(TypeError, optimizer, name, "a Keras SGD, Adagrad, RMSprop, Adam or AdamW")
    settings = _settings(optimizer, name)
    decay = settings["weight_decay"] or None
    in_pytorch, in_optax = (
        convert({**settings, "weight_decay": decay}) for convert in _KINDS[type(optimizer)]
    )
    return Conversion(
        call(f"keras.optimizers.{type(optimizer).__name__}", **settings),
        in_pytorch.text,
        in_optax.text,
        " ".join(in_pytorch.warnings),
        " ".join(in_optax.warnings),
    )


def _settings(optimizer: keras.optimizers.Optimizer, name: str) -> Settings:
    """Return the hyperparameters, the learning rate with the digits that float32 keeps."""
    config = optimizer.get_config()
    for option, off in _NOT_CONVERTED:
        if config[option] != off:
            _refuse(ValueError, optimizer, name, f"without {option}")
    settings = {key: value for key, value in config.items() if key not in _OF_EVERY_KIND}
    for key, value in settings.items():
        if not isinstance(value, int | float | None):
            _refuse(ValueError, optimizer, name, f"an optimizer with a constant {key}")
    settings["learning_rate"] = float(str(np.float32(settings["learning_rate"])))
    if "momentum" in settings:
        settings["momentum"] = settings["momentum"] or None
    return settings


def _refuse(error: type[Exception], value: object, name: str, allowed: str) -> NoReturn:
    refuse(error, value, name, _OWNER, allowed, "keras.optimizers.Adam()")
