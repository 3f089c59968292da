"""Every study of the book, by name."""

from companion.experiments.study import Study

FULL_SCALE = {"train_size": 40_000, "evaluation_size": 10_000}
SMALL_SCALE = {"train_size": 5_000, "evaluation_size": 5_000}
ADAM = {"class_name": "Adam", "config": {"learning_rate": 0.001}}
CNN = {"build": "companion.models:build_cnn", "optimizer": ADAM, "batch_size": 64}
INTRODUCTORY = {"l2": 0.001, "dropout": 0.5}

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
            arm: {
                **CNN,
                **SMALL_SCALE,
                "build_args": INTRODUCTORY,
                "epochs": 15,
                "new_model": arm == "new-model",
            }
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
            f"width-{width}": {
                **CNN,
                **SMALL_SCALE,
                "build_args": {"filters": [width, 2 * width, 2 * width]},
                "epochs": 25,
            }
            for width in (2, 4, 8, 16, 32)
        },
        seeds=(1, 2, 3, 4, 5),
        dataset="cifar-10",
    ),
)

STUDIES = {study.name: study for study in _STUDIES}
