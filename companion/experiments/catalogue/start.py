"""Studies of the first part: how to measure, and what overfitting is."""

from companion.experiments.catalogue.settings import (
    CLASSIFY,
    CNN,
    FULL_SCALE,
    INTRODUCTORY,
    small_scale,
)
from companion.experiments.study import Study

STUDIES = (
    Study(
        name="baseline",
        question="How well does the introductory CNN do after its 50 epochs?",
        train=CLASSIFY,
        arms={"introductory": {**CNN, **FULL_SCALE, "build_args": INTRODUCTORY, "epochs": 50}},
        seeds=(1, 2, 3),
        dataset="cifar-10",
    ),
    Study(
        name="recompile",
        question="Does compiling a trained model again start its training anew?",
        train="companion.experiments.training:train_in_two_stages",
        arms={
            arm: small_scale(15, INTRODUCTORY, new_model=arm == "new-model")
            for arm in ("same-model", "new-model")
        },
        seeds=(1, 2, 3, 4, 5),
        dataset="cifar-10",
    ),
    Study(
        name="overfitting",
        question="What does the introductory CNN do without L2 and dropout?",
        train=CLASSIFY,
        arms={"unregularized": {**CNN, **FULL_SCALE, "build_args": {}, "epochs": 30}},
        seeds=(1, 2, 3),
        dataset="cifar-10",
    ),
    Study(
        name="capacity",
        question="How do training and test accuracy change as the network grows?",
        train=CLASSIFY,
        arms={
            f"width-{width}": small_scale(25, {"filters": [width, 2 * width, 2 * width]})
            for width in (2, 4, 8, 16, 32)
        },
        seeds=(1, 2, 3, 4, 5),
        dataset="cifar-10",
    ),
)
