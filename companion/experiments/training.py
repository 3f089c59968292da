"""The training functions behind the records. Importing this module imports Keras."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from companion.callbacks import EvaluateSplits
from companion.datasets import load_cifar10
from companion.datasets.preprocessing import to_float
from companion.experiments.study import DATA_KEY, Config, History, Report, load_function

__all__ = ["train_classifier", "train_in_two_stages"]

Arrays = tuple[np.ndarray, np.ndarray]


def train_classifier(config: Config, seed: int, report: Report) -> History:
    """Train a CIFAR-10 classifier once and return every epoch's metrics.

    Args:
        config: `build` (address of a builder) and `build_args`; `optimizer` (a serialized Keras
            optimizer); `epochs`, `batch_size`, `train_size`, and `evaluation_size`, the number of
            images of each split that are evaluated after every epoch.
        seed: Fixes initial weights, batches, dropout, and which images train and validate.
        report: Called with the finished fraction after every epoch.

    Returns:
        `loss`, `accuracy`, `cross_entropy` as `fit` averages them while training, and
        `train_...`, `validation_...`, `test_...` of each, in inference mode after the epoch. Test
        metrics are recorded, never used to choose anything.

    Source:
        Book: start/baseline.
    """
    _seed_everything(seed)
    splits = _load_splits(config, seed)
    model = _build(config, seed)
    _compile(model, config)
    return _fit(model, config, splits, report, first_epoch=0, epochs=config["epochs"])


def train_in_two_stages(config: Config, seed: int, report: Report) -> History:
    """Fit, compile again, and fit again, as the two introductory scripts do one after the other.

    Args:
        config: As for `train_classifier`; each stage has `epochs` epochs. With `new_model` true the
            second stage begins with a newly built model, otherwise with the same one.
        seed: As for `train_classifier`.
        report: As for `train_classifier`.

    Returns:
        The metrics of both stages in one list each.

    Source:
        Book: start/baseline.
    """
    _seed_everything(seed)
    splits = _load_splits(config, seed)
    epochs = config["epochs"]
    model = _build(config, seed)
    _compile(model, config)
    first = _fit(model, config, splits, report, first_epoch=0, epochs=2 * epochs)
    if config["new_model"]:
        model = _build(config, seed + SEED_OF_SECOND_MODEL)
    _compile(model, config)
    second = _fit(model, config, splits, report, first_epoch=epochs, epochs=2 * epochs)
    return {metric: first[metric] + second[metric] for metric in first}


SEED_OF_SECOND_MODEL = 1000  # far from the seeds of the first models


def _seed_everything(seed: int) -> None:
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def _load_splits(config: Config, seed: int) -> dict[str, Arrays]:
    data = load_cifar10(subset=config["train_size"], seed=seed)
    if data.fingerprint != config[DATA_KEY]:
        raise ValueError(
            f"The data changed while the study ran: {data.evidence} was found in place of "
            f"{config[DATA_KEY][:8]}. Restore it and run again."
        )
    size = config["evaluation_size"]
    parts = {
        "fit": data.train,
        "train": data.train.take(min(size, len(data.train)), seed=seed),
        "validation": data.validation.take(min(size, len(data.validation)), seed=seed),
        "test": data.test.take(min(size, len(data.test)), seed=seed),
    }
    return {name: (to_float(part.images), part.labels) for name, part in parts.items()}


def _build(config: Config, seed: int) -> keras.Model:
    return load_function(config["build"])(**config["build_args"], seed=seed)


def _compile(model: keras.Model, config: Config) -> None:
    model.compile(
        optimizer=keras.optimizers.get(dict(config["optimizer"])),
        loss="sparse_categorical_crossentropy",
        metrics=[
            "accuracy",
            keras.metrics.SparseCategoricalCrossentropy(name="cross_entropy"),
        ],
        jit_compile=False,  # slower than plain graphs on CPUs
    )


def _fit(
    model: keras.Model,
    config: Config,
    splits: dict[str, Arrays],
    report: Report,
    *,
    first_epoch: int,
    epochs: int,
) -> History:
    evaluated = {name: arrays for name, arrays in splits.items() if name != "fit"}
    progress: Any = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: report((first_epoch + epoch + 1) / epochs)  # noqa: ARG005
    )
    history = model.fit(
        *splits["fit"],
        epochs=config["epochs"],
        batch_size=config["batch_size"],
        callbacks=[EvaluateSplits(evaluated), progress],
        verbose=0,
    )
    return {
        metric: [float(value) for value in values] for metric, values in history.history.items()
    }
