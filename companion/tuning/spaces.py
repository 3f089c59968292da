"""Search spaces: KerasTuner's `hp` in, plain values for a builder of the book out."""

from typing import Any

from keras_tuner import HyperParameters

from companion._validate import check_instance

RATES = {  # learning rates that each optimizer is usually trained with
    "sgd": (1e-3, 1.0),
    "adagrad": (1e-3, 1.0),
    "rmsprop": (1e-5, 1e-2),
    "adam": (1e-5, 1e-2),
}


def regularization_space(hp: HyperParameters) -> dict[str, float]:
    """Return a strength of L1 and of L2, and a dropout rate, for `build_cnn` or `build_mlp`.

    Use it as `build_cnn(**regularization_space(hp))`. On a logarithmic scale no strength is 0, so
    the hyperparameter `penalty` switches them: `"none"`, `"l1"`, `"l2"` or `"l1_l2"`. Strengths are
    active, and searched, only where their penalty is on. A fresh `hp` gives the model without
    regularization.

    Args:
        hp: KerasTuner's hyperparameters, which a tuner passes to your `build`.

    Returns:
        `l1` (0 or from 1e-6 to 1e-3), `l2` (0 or from 1e-5 to 1e-2) and `dropout` (from 0 to 0.7).

    Raises:
        TypeError: `hp` is no `keras_tuner.HyperParameters`.

    Example:
        >>> regularization_space(HyperParameters())
        {'l1': 0.0, 'l2': 0.0, 'dropout': 0.0}

    Source:
        Bergstra and Bengio (2012), Random search for hyper-parameter optimization.
        Book: regularization/combining.
    """
    _check(hp, "regularization_space")
    hp.Choice("penalty", ["none", "l1", "l2", "l1_l2"])
    with hp.conditional_scope("penalty", ["l1", "l1_l2"]):
        l1 = hp.Float("l1", 1e-6, 1e-3, sampling="log")
    with hp.conditional_scope("penalty", ["l2", "l1_l2"]):
        l2 = hp.Float("l2", 1e-5, 1e-2, sampling="log")
    dropout = hp.Float("dropout", 0.0, 0.7)
    return {"l1": l1 or 0.0, "l2": l2 or 0.0, "dropout": dropout}  # None where inactive


def optimizer_space(hp: HyperParameters) -> dict[str, Any]:
    """Return an optimizer and its learning rate, for `build_optimizer`.

    Use it where the optimizer itself is in question. A rate that suits Adam is far too small for
    SGD, so every optimizer has a range, and a hyperparameter such as `learning_rate_adam`, of its
    own, on a logarithmic scale.

    Args:
        hp: KerasTuner's hyperparameters, which a tuner passes to your `build`.

    Returns:
        `optimizer` (`"sgd"`, `"adagrad"`, `"rmsprop"` or `"adam"`) and `learning_rate` (from 1e-3
        to 1 for the first two, from 1e-5 to 0.01 for the others).

    Raises:
        TypeError: `hp` is no `keras_tuner.HyperParameters`.

    Example:
        >>> optimizer_space(HyperParameters())
        {'optimizer': 'sgd', 'learning_rate': 0.001}

    Source:
        Choi et al. (2019), On empirical comparisons of optimizers for deep learning.
        Book: optimizers/choosing.
    """
    _check(hp, "optimizer_space")
    optimizer = hp.Choice("optimizer", list(RATES))
    rates = {}
    for name, (low, high) in RATES.items():
        with hp.conditional_scope("optimizer", [name]):
            rates[name] = hp.Float(f"learning_rate_{name}", low, high, sampling="log")
    return {"optimizer": optimizer, "learning_rate": rates[optimizer]}


def schedule_space(hp: HyperParameters) -> dict[str, Any]:
    """Return a learning-rate schedule with its own settings, for `build_optimizer`.

    Use it beside `optimizer_space`, whose learning rate is the schedule's highest.

    Args:
        hp: KerasTuner's hyperparameters, which a tuner passes to your `build`.

    Returns:
        `schedule`: `"constant"`; `"warmup_cosine"` or `"one_cycle"` with `warmup_fraction` (from
        0.05 to 0.4); `"exponential"` with `final_fraction` (from 1e-3 to 0.1, logarithmic).

    Raises:
        TypeError: `hp` is no `keras_tuner.HyperParameters`.

    Example:
        >>> schedule_space(HyperParameters())
        {'schedule': 'constant'}
        >>> hp = HyperParameters()
        >>> hp.values["schedule"] = "one_cycle"
        >>> schedule_space(hp)
        {'schedule': 'one_cycle', 'warmup_fraction': 0.05}

    Source:
        Goyal et al. (2017), Accurate, large minibatch SGD. Book: practice/learning_rate.
    """
    _check(hp, "schedule_space")
    config = {
        "schedule": hp.Choice("schedule", ["constant", "warmup_cosine", "one_cycle", "exponential"])
    }
    with hp.conditional_scope("schedule", ["warmup_cosine", "one_cycle"]):
        config["warmup_fraction"] = hp.Float("warmup_fraction", 0.05, 0.4)
    with hp.conditional_scope("schedule", ["exponential"]):
        config["final_fraction"] = hp.Float("final_fraction", 1e-3, 0.1, sampling="log")
    return {name: value for name, value in config.items() if value is not None}


def batch_size_space(hp: HyperParameters) -> dict[str, int]:
    """Return a batch size, for `model.fit`.

    Use it in a hypermodel's `fit`, or in a tuner's `run_trial`, and search the learning rate along
    with it: the best rate changes with the batch size.

    Args:
        hp: KerasTuner's hyperparameters, which a tuner passes to your `fit`.

    Returns:
        `batch_size`: a power of two from 16 to 512, 64 by default.

    Raises:
        TypeError: `hp` is no `keras_tuner.HyperParameters`.

    Example:
        >>> batch_size_space(HyperParameters())
        {'batch_size': 64}

    Source:
        Shallue et al. (2019), Measuring the effects of data parallelism on neural network training.
        Book: practice/batch_size.
    """
    _check(hp, "batch_size_space")
    return {"batch_size": hp.Int("batch_size", 16, 512, step=2, sampling="log", default=64)}


def _check(hp: HyperParameters, owner: str) -> None:
    allowed, remedy = "KerasTuner's hyperparameters", "keras_tuner.HyperParameters()"
    check_instance(hp, "hp", owner, HyperParameters, allowed, remedy)
