"""Every study of the book, by name."""

from collections.abc import Mapping
from itertools import product
from typing import Any

from companion.experiments.study import Config, Study

FULL_SCALE = {"train_size": 40_000, "evaluation_size": 10_000}
SMALL_SCALE = {"train_size": 5_000, "evaluation_size": 5_000}
ADAM = {"class_name": "Adam", "config": {"learning_rate": 0.001}}
CNN = {"build": "companion.models:build_cnn", "optimizer": ADAM, "batch_size": 64}
INTRODUCTORY = {"l2": 0.001, "dropout": 0.5}
REGULARIZE = "companion.experiments.training:train_regularized"


def slug(number: float) -> str:
    """Return a number as part of an arm's name, such as `0-003`."""
    return f"{number:g}".replace(".", "-")


def optimizer(class_name: str, **config: float) -> Config:
    """Return an optimizer as Keras serializes it."""
    return {"class_name": class_name, "config": config}


def _small(epochs: int, build_args: Config, **more: Any) -> Config:
    return {**CNN, **SMALL_SCALE, "build_args": build_args, "epochs": epochs, **more}


L1_PENALTIES = (1e-5, 1e-4, 1e-3, 1e-2)
L1_PROXIMAL = (0.01, 0.03, 0.1, 0.3)


def _l1_arms() -> Mapping[str, Config]:
    penalty = {f"penalty-{slug(l1)}": _small(15, {"l1": l1}) for l1 in L1_PENALTIES}
    proximal = {f"proximal-{slug(l1)}": _small(15, {}, proximal_l1=l1) for l1 in L1_PROXIMAL}
    return {"none": _small(15, {}), **penalty, **proximal}


SGD_RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)


def _batch_norm_arms() -> Mapping[str, Config]:
    return {
        f"{name}-{slug(rate)}": _small(
            8,
            {"batch_norm": name == "batch-norm"},
            optimizer=optimizer("SGD", learning_rate=rate, momentum=0.9),
        )
        for name, rate in product(("plain", "batch-norm"), SGD_RATES)
    }


_STUDIES = (
    Study(
        name="baseline",
        question="How well does the introductory CNN do after its 50 epochs?",
        train="companion.experiments.training:train_classifier",
        arms={"introductory": {**CNN, **FULL_SCALE, "build_args": INTRODUCTORY, "epochs": 50}},
        seeds=(1, 2, 3),
        dataset="cifar-10",
    ),
    Study(
        name="recompile",
        question="Does compiling a trained model again start its training anew?",
        train="companion.experiments.training:train_in_two_stages",
        arms={
            arm: _small(15, INTRODUCTORY, new_model=arm == "new-model")
            for arm in ("same-model", "new-model")
        },
        seeds=(1, 2, 3, 4, 5),
        dataset="cifar-10",
    ),
    Study(
        name="overfitting",
        question="What does the introductory CNN do without L2 and dropout?",
        train="companion.experiments.training:train_classifier",
        arms={"unregularized": {**CNN, **FULL_SCALE, "build_args": {}, "epochs": 30}},
        seeds=(1, 2, 3),
        dataset="cifar-10",
    ),
    Study(
        name="capacity",
        question="How do training and test accuracy change as the network grows?",
        train="companion.experiments.training:train_classifier",
        arms={
            f"width-{width}": _small(25, {"filters": [width, 2 * width, 2 * width]})
            for width in (2, 4, 8, 16, 32)
        },
        seeds=(1, 2, 3, 4, 5),
        dataset="cifar-10",
    ),
    Study(
        name="l1",
        question="How sparse do an L1 penalty and a proximal step make the CNN, at what accuracy?",
        train=REGULARIZE,
        arms=_l1_arms(),
        seeds=(1, 2, 3, 4, 5),
        dataset="cifar-10",
    ),
    Study(
        name="batch-normalization",
        question="Which learning rates of SGD does the CNN bear, with and without BatchNorm?",
        train=REGULARIZE,
        arms=_batch_norm_arms(),
        seeds=(1, 2, 3, 4, 5),
        dataset="cifar-10",
    ),
)

STUDIES = {study.name: study for study in _STUDIES}
