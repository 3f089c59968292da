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
CLASSIFY = "companion.experiments.training:train_classifier"
REGULARIZE = "companion.experiments.training:train_regularized"


def slug(number: float) -> str:
    """Return a number as part of an arm's name, such as `0-003`."""
    return f"{number:g}".replace(".", "-")


def optimizer(class_name: str, **config: float) -> Config:
    """Return an optimizer as Keras serializes it."""
    return {"class_name": class_name, "config": config}


def _small(epochs: int, build_args: Config, **more: Any) -> Config:
    return {**CNN, **SMALL_SCALE, "build_args": build_args, "epochs": epochs, **more}


def _full(epochs: int, build_args: Config, **more: Any) -> Config:
    return {**CNN, **FULL_SCALE, "build_args": build_args, "epochs": epochs, **more}


L1_PENALTIES = (1e-5, 1e-4, 1e-3, 1e-2)
L1_PROXIMAL = (0.01, 0.03, 0.1, 0.3)


def _l1_arms() -> Mapping[str, Config]:
    penalty = {f"penalty-{slug(l1)}": _small(15, {"l1": l1}) for l1 in L1_PENALTIES}
    proximal = {f"proximal-{slug(l1)}": _small(15, {}, proximal_l1=l1) for l1 in L1_PROXIMAL}
    return {"none": _small(15, {}), **penalty, **proximal}


LEARNING_RATES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
L2_PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1)
WEIGHT_DECAYS = (0.01, 0.1, 1.0, 10.0)


def _l2_arms() -> Mapping[str, Config]:
    arms = {}
    for rate in LEARNING_RATES:
        adam = optimizer("Adam", learning_rate=rate)
        arms[f"none-{slug(rate)}"] = _small(6, {}, optimizer=adam)
        for l2 in L2_PENALTIES:
            arms[f"l2-{slug(l2)}-{slug(rate)}"] = _small(6, {"l2": l2}, optimizer=adam)
        for decay in WEIGHT_DECAYS:
            decaying = optimizer("Adam", learning_rate=rate, weight_decay=decay)
            arms[f"decay-{slug(decay)}-{slug(rate)}"] = _small(6, {}, optimizer=decaying)
    return arms


DROPOUT_RATES = (0.0, 0.25, 0.5, 0.75)
EPOCHS_OF_TRAINING_SIZE = {1_000: 40, 4_000: 20, 16_000: 10}


def _dropout_arms() -> Mapping[str, Config]:
    return {
        f"size-{size}-rate-{slug(rate)}": {**_small(epochs, {"dropout": rate}), "train_size": size}
        for (size, epochs), rate in product(EPOCHS_OF_TRAINING_SIZE.items(), DROPOUT_RATES)
    }


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


SHIFTED = {"flip": True, "shift": 4}


def _augmentation_arms() -> Mapping[str, Config]:
    return {
        "none": _full(15, {}),
        "flip": _full(15, {}, augmentation={"flip": True}),
        "flip-shift": _full(15, {}, augmentation=SHIFTED),
        "flip-shift-cutout": _full(15, {}, augmentation={**SHIFTED, "cutout": 8}),
        "label-smoothing": _full(15, {}, label_smoothing=0.1),
    }


def _combining_arms() -> Mapping[str, Config]:
    return {
        "none": _full(15, {}),
        "l2": _full(15, {"l2": 0.001}),
        "dropout": _full(15, {"dropout": 0.5}),
        "l2-dropout": _full(15, INTRODUCTORY),
        "l2-dropout-batch-norm": _full(15, {**INTRODUCTORY, "batch_norm": True}),
        "l2-dropout-augmentation": _full(15, INTRODUCTORY, augmentation=SHIFTED),
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
        name="l2",
        question="Which strength of L2 or of weight decay suits which learning rate of Adam?",
        train=REGULARIZE,
        arms=_l2_arms(),
        seeds=(1, 2, 3),
        dataset="cifar-10",
    ),
    Study(
        name="dropout",
        question="Which dropout rate suits how many training images?",
        train=CLASSIFY,
        arms=_dropout_arms(),
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
    Study(
        name="data-augmentation",
        question="What do flips, shifts, cutout and label smoothing add on all training images?",
        train=REGULARIZE,
        arms=_augmentation_arms(),
        seeds=(1, 2, 3),
        dataset="cifar-10",
    ),
    Study(
        name="combining",
        question="What do L2, dropout, BatchNorm and augmentation add, alone and together?",
        train=REGULARIZE,
        arms=_combining_arms(),
        seeds=(1, 2, 3),
        dataset="cifar-10",
    ),
)

STUDIES = {study.name: study for study in _STUDIES}
