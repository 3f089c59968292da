"""What the studies share: the network, the two scales and how arms are named."""

from typing import Any

from companion.experiments.study import Config

FULL_SCALE = {"train_size": 40_000, "evaluation_size": 10_000}
SMALL_SCALE = {"train_size": 5_000, "evaluation_size": 5_000}
ADAM = {"class_name": "Adam", "config": {"learning_rate": 0.001}}
CNN = {"build": "companion.models:build_cnn", "optimizer": ADAM, "batch_size": 64}
INTRODUCTORY = {"l2": 0.001, "dropout": 0.5}
CLASSIFY = "companion.experiments.training:train_classifier"
REGULARIZE = "companion.experiments.training:train_regularized"


def slug(number: float) -> str:
    """Return a number as part of an arm's name, such as `0-003`."""
    return f"{number:g}".replace(".", "-")


def optimizer(class_name: str, **config: float) -> Config:
    """Return an optimizer as Keras serializes it."""
    return {"class_name": class_name, "config": config}


def small_scale(epochs: int, build_args: Config, **more: Any) -> Config:
    """Return the configuration of a CNN on 5,000 images; `more` overrides or adds."""
    return {**CNN, **SMALL_SCALE, "build_args": build_args, "epochs": epochs, **more}


def full_scale(epochs: int, build_args: Config, **more: Any) -> Config:
    """Return the configuration of a CNN on 40,000 images; `more` overrides or adds."""
    return {**CNN, **FULL_SCALE, "build_args": build_args, "epochs": epochs, **more}
