"""The training functions behind the records. Importing this module imports Keras."""

import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from companion.augmentation import build_augmenter, prepend
from companion.callbacks import EvaluateSplits, ProximalL1
from companion.callbacks.evaluate_splits import add_logs
from companion.callbacks.weight_norms import kernels
from companion.datasets import load_cifar10
from companion.datasets.preprocessing import to_float
from companion.experiments.study import DATA_KEY, Config, History, Report, load_function
from companion.weight_decay import weight_decay_exclusions

__all__ = ["train_classifier", "train_in_two_stages", "train_regularized", "train_timed"]

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


def train_regularized(config: Config, seed: int, report: Report) -> History:
    """Train a classifier once with techniques that are not arguments of its builder.

    Args:
        config: As for `train_classifier`, and as far as wanted: `proximal_l1`, the strength of the
            proximal step after every update; `augmentation`, arguments of `build_augmenter`;
            `label_smoothing`, in [0, 1). An optimizer's `weight_decay` acts on the kernels that
            the builder's penalties act on, and on nothing else.
        seed: As for `train_classifier`.
        report: As for `train_classifier`.

    Returns:
        The metrics of `train_classifier`; `weight_norm`, the L2 norm of all kernels together;
        `zero_weights` and `small_weights`, the fractions of their entries that are zero and that
        are below 0.001. A loss that overflows is recorded as the largest float32.

    Source:
        Book: regularization/l1.
    """
    _seed_everything(seed)
    splits = _load_splits(config, seed)
    network = _build(config, seed)
    model = network
    if "augmentation" in config:
        model = prepend(build_augmenter(**config["augmentation"], seed=seed), network)
    model.compile(
        optimizer=_optimizer(config, network),
        loss=_smoothed_cross_entropy(config.get("label_smoothing", 0.0)),
        metrics=["accuracy", keras.metrics.SparseCategoricalCrossentropy(name="cross_entropy")],
        jit_compile=False,  # slower than plain graphs on CPUs
    )
    history = model.fit(
        *splits.pop("fit"),
        epochs=config["epochs"],
        batch_size=config["batch_size"],
        callbacks=_callbacks(config, splits, report),
        verbose=0,
    )
    return {name: _finite(values) for name, values in history.history.items()}


def train_timed(config: Config, seed: int, report: Report) -> History:
    """Train a classifier once and log the computing time that each epoch's updates took.

    Use it to compare batch sizes at equal time. Time is that of the processor, summed over its
    threads: it leaves out waiting, but other work on the machine still lengthens it.

    Args:
        config: As for `train_classifier`.
        seed: As for `train_classifier`.
        report: As for `train_classifier`.

    Returns:
        The metrics of `train_classifier`, and `cpu_seconds`, the computing time from the start of
        the training to the end of each epoch, without that of the evaluations between epochs. A
        loss that overflows is recorded as the largest float32.

    Source:
        Book: optimizers/sgd.
    """
    _seed_everything(seed)
    splits = _load_splits(config, seed)
    model = _build(config, seed)
    _compile(model, config)
    history = model.fit(
        *splits.pop("fit"),
        epochs=config["epochs"],
        batch_size=config["batch_size"],
        callbacks=[_Stopwatch(), EvaluateSplits(splits), _progress(report, config["epochs"])],
        verbose=0,
    )
    return {name: _finite(values) for name, values in history.history.items()}


SMALL_WEIGHT = 1e-3
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


def _optimizer(config: Config, network: keras.Model) -> keras.optimizers.Optimizer:
    optimizer = keras.optimizers.get(dict(config["optimizer"]))
    if optimizer.weight_decay is not None:
        spared = [*weight_decay_exclusions(network), network.layers[-1].kernel]
        optimizer.exclude_from_weight_decay(var_list=spared)
    return optimizer


def _callbacks(
    config: Config, splits: dict[str, Arrays], report: Report
) -> list[keras.callbacks.Callback]:
    epochs = config["epochs"]
    progress: Any = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: report((epoch + 1) / epochs)  # noqa: ARG005
    )
    proximal = [ProximalL1(config["proximal_l1"])] if "proximal_l1" in config else []
    return [*proximal, EvaluateSplits(splits), _WeightSizes(), progress]


def _smoothed_cross_entropy(label_smoothing: float) -> Callable[[Any, Any], Any]:
    """Return a loss for labels that are whole numbers; Keras smooths one-hot labels only."""

    def loss(labels: Any, probabilities: Any) -> Any:
        one_hot = keras.ops.one_hot(keras.ops.reshape(labels, (-1,)), probabilities.shape[-1])
        return keras.losses.categorical_crossentropy(
            one_hot, probabilities, label_smoothing=label_smoothing
        )

    return loss


class _WeightSizes(keras.callbacks.Callback):
    """Log the norm of all kernels together, and how many of their entries are zero or small."""

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        del epoch
        weights = np.concatenate([kernel.ravel() for kernel in kernels(self.model).values()])
        sizes = {
            "weight_norm": float(np.linalg.norm(weights.astype(np.float64))),
            "zero_weights": float(np.mean(weights == 0)),
            "small_weights": float(np.mean(np.abs(weights) < SMALL_WEIGHT)),
        }
        if logs is not None:
            add_logs(logs, sizes)


class _Stopwatch(keras.callbacks.Callback):
    """Log the computing time of the updates so far; stands before callbacks that evaluate."""

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        del logs
        self._spent = 0.0
        self._start = time.process_time()

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        del logs
        if epoch:  # the first began with the training, which builds the graph
            self._start = time.process_time()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        del epoch
        self._spent += time.process_time() - self._start
        if logs is not None:
            add_logs(logs, {"cpu_seconds": self._spent})


def _progress(report: Report, epochs: int) -> keras.callbacks.Callback:
    callback: keras.callbacks.Callback = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: report((epoch + 1) / epochs)  # noqa: ARG005
    )
    return callback


def _finite(values: list[float]) -> list[float]:
    largest = float(np.finfo(np.float32).max)
    return np.nan_to_num(np.asarray(values, np.float64), nan=largest, posinf=largest).tolist()
