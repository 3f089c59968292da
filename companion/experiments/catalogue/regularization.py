"""Studies of the part on regularization."""

from collections.abc import Mapping
from itertools import product

from companion.experiments.catalogue.settings import (
    CLASSIFY,
    INTRODUCTORY,
    REGULARIZE,
    full_scale,
    optimizer,
    slug,
    small_scale,
)
from companion.experiments.study import Config, Study

L1_PENALTIES = (1e-5, 1e-4, 1e-3, 1e-2)
L1_PROXIMAL = (0.01, 0.03, 0.1, 0.3)


def _l1_arms() -> Mapping[str, Config]:
    penalty = {f"penalty-{slug(l1)}": small_scale(15, {"l1": l1}) for l1 in L1_PENALTIES}
    proximal = {f"proximal-{slug(l1)}": small_scale(15, {}, proximal_l1=l1) for l1 in L1_PROXIMAL}
    return {"none": small_scale(15, {}), **penalty, **proximal}


LEARNING_RATES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
L2_PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1)
WEIGHT_DECAYS = (0.01, 0.1, 1.0, 10.0)


def _l2_arms() -> Mapping[str, Config]:
    arms = {}
    for rate in LEARNING_RATES:
        adam = optimizer("Adam", learning_rate=rate)
        arms[f"none-{slug(rate)}"] = small_scale(6, {}, optimizer=adam)
        for l2 in L2_PENALTIES:
            arms[f"l2-{slug(l2)}-{slug(rate)}"] = small_scale(6, {"l2": l2}, optimizer=adam)
        for decay in WEIGHT_DECAYS:
            decaying = optimizer("Adam", learning_rate=rate, weight_decay=decay)
            arms[f"decay-{slug(decay)}-{slug(rate)}"] = small_scale(6, {}, optimizer=decaying)
    return arms


DROPOUT_RATES = (0.0, 0.25, 0.5, 0.75)
EPOCHS_OF_TRAINING_SIZE = {1_000: 40, 4_000: 20, 16_000: 10}


def _dropout_arms() -> Mapping[str, Config]:
    return {
        f"size-{size}-rate-{slug(rate)}": {
            **small_scale(epochs, {"dropout": rate}),
            "train_size": size,
        }
        for (size, epochs), rate in product(EPOCHS_OF_TRAINING_SIZE.items(), DROPOUT_RATES)
    }


SGD_RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)


def _batch_norm_arms() -> Mapping[str, Config]:
    return {
        f"{name}-{slug(rate)}": small_scale(
            8,
            {"batch_norm": name == "batch-norm"},
            optimizer=optimizer("SGD", learning_rate=rate, momentum=0.9),
        )
        for name, rate in product(("plain", "batch-norm"), SGD_RATES)
    }


SHIFTED = {"flip": True, "shift": 4}


def _augmentation_arms() -> Mapping[str, Config]:
    return {
        "none": full_scale(15, {}),
        "flip": full_scale(15, {}, augmentation={"flip": True}),
        "flip-shift": full_scale(15, {}, augmentation=SHIFTED),
        "flip-shift-cutout": full_scale(15, {}, augmentation={**SHIFTED, "cutout": 8}),
        "label-smoothing": full_scale(15, {}, label_smoothing=0.1),
    }


def _combining_arms() -> Mapping[str, Config]:
    return {
        "none": full_scale(15, {}),
        "l2": full_scale(15, {"l2": 0.001}),
        "dropout": full_scale(15, {"dropout": 0.5}),
        "l2-dropout": full_scale(15, INTRODUCTORY),
        "l2-dropout-batch-norm": full_scale(15, {**INTRODUCTORY, "batch_norm": True}),
        "l2-dropout-augmentation": full_scale(15, INTRODUCTORY, augmentation=SHIFTED),
    }


STUDIES = (
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
