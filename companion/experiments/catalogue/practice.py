"""Studies of the part on practice: learning rates, batch sizes and searches."""

import math
from collections.abc import Mapping
from itertools import product

from companion.experiments.catalogue.settings import (
    INTRODUCTORY,
    full_scale,
    optimizer,
    slug,
    small_scale,
)
from companion.experiments.study import Config, Study
from companion.experiments.tables import TABLES

PEAK_RATES = (0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008)
SCHEDULES: Mapping[str, Config] = {
    "constant": {},
    "step": {
        "schedule": {
            "build": "companion.schedules:StepDecay",
            "rates": {"initial": 1.0},
            "steps": {"step_size": 1 / 3},
        }
    },
    "exponential": {
        "schedule": {
            "build": "companion.schedules:Exponential",
            "rates": {"initial": 1.0, "final": 0.01},  # where the steps end, too
            "steps": {"total_steps": 1.0},
        }
    },
    "warmup-cosine": {
        "schedule": {
            "build": "companion.schedules:WarmupCosine",
            "rates": {"peak": 1.0},
            "steps": {"total_steps": 1.0, "warmup_steps": 0.1},
        }
    },
    "one-cycle": {
        "schedule": {
            "build": "companion.schedules:OneCycle",
            "rates": {"peak": 1.0},
            "steps": {"total_steps": 1.0},
        }
    },
    "inverse-square-root": {
        "schedule": {
            "build": "companion.schedules:InverseSquareRoot",
            "rates": {"peak": 1.0},
            "steps": {"warmup_steps": 0.1},
        }
    },
}


def _with_peak(name: str, rate: float) -> Config:
    return {**SCHEDULES[name], "optimizer": optimizer("Adam", learning_rate=rate)}


def _schedule_search_arms() -> Mapping[str, Config]:
    return {
        f"{name}-{slug(rate)}": small_scale(12, INTRODUCTORY, **_with_peak(name, rate))
        for name, rate in product(SCHEDULES, PEAK_RATES)
    }


# Of each schedule the highest rate with the best validation accuracy after the last epoch, read
# from the record of `schedule-search`: a schedule aims at the end, and is judged there
SCHEDULE_PEAKS = {
    "constant": 0.001,
    "step": 0.002,
    "exponential": 0.002,
    "warmup-cosine": 0.004,
    "one-cycle": 0.004,
    "inverse-square-root": 0.004,
}


# Eight times as many updates as in the search want a lower constant rate, but hardly a lower peak:
# without these two the finals would favor the schedules. Chosen before a result had been seen
LOWER_CONSTANT_RATES = (0.0005, 0.00025)


def _schedules_arms() -> Mapping[str, Config]:
    tuned = {
        name: full_scale(12, INTRODUCTORY, **_with_peak(name, rate))
        for name, rate in SCHEDULE_PEAKS.items()
    }
    lower = {
        f"constant-{slug(rate)}": full_scale(12, INTRODUCTORY, **_with_peak("constant", rate))
        for rate in LOWER_CONSTANT_RATES
    }
    return {**tuned, **lower}


BATCH_SIZES = (16, 32, 64, 128, 256, 512, 1024)
EQUAL_UPDATES = (150, 300, 600)


def _batch_size_arms() -> Mapping[str, Config]:
    momentum = optimizer("SGD", learning_rate=0.01, momentum=0.9)
    return {
        f"batch-{size}": full_scale(
            5,
            INTRODUCTORY,
            batch_size=size,
            optimizer=momentum,
            updates=list(EQUAL_UPDATES),
            evaluation_size=5_000,
        )
        for size in BATCH_SIZES
    }


USUAL_BATCH_SIZE = 64
RETUNED_BATCH_SIZES = (16, 64, 256, 1024)
RETUNED: Mapping[str, tuple[str, Config, float]] = {  # with a good rate for 64 images
    "momentum": ("SGD", {"momentum": 0.9}, 0.02),
    "adam": ("Adam", {}, 0.001),
}


def retuned_rates(name: str, batch_size: int) -> list[float]:
    """Return five learning rates, each twice the one before, around square-root scaling's.

    For every size they include what linear scaling and a constant rate would take.
    """
    *_, usual = RETUNED[name]
    center = usual * math.sqrt(batch_size / USUAL_BATCH_SIZE)
    return [float(f"{center * 2**step:.6g}") for step in range(-2, 3)]


def _retuned_arms() -> Mapping[str, Config]:
    return {
        f"{name}-{size}-{slug(rate)}": small_scale(
            10,
            INTRODUCTORY,
            batch_size=size,
            optimizer=optimizer(class_name, learning_rate=rate, **options),
            epochs_between=2,
        )
        for (name, (class_name, options, _)), size in product(RETUNED.items(), RETUNED_BATCH_SIZES)
        for rate in retuned_rates(name, size)
    }


HALF_AS_WIDE = {"filters": [16, 32, 32]}  # nine searches of 300 epochs each are to be made


def _tuning_arms() -> Mapping[str, Config]:
    """Return three searches with the same budget: 300 epochs."""
    return {
        "random": small_scale(10, HALF_AS_WIDE, oracle="random", trials=30),
        "bayesian": small_scale(10, HALF_AS_WIDE, oracle="bayesian", trials=30),
        "hyperband": small_scale(9, HALF_AS_WIDE, oracle="hyperband", factor=3, iterations=4),
    }


VALIDATED_L2 = (0, 0.0001, 0.0003, 0.001, 0.003, 0.01)
VALIDATED_DROPOUT = (0, 0.25, 0.5, 0.75)
FEW_IMAGES = {"train_size": 2_000, "evaluation_size": 10_000, "batch_size": 32, "folds": 5}


def _cross_validation_arms() -> Mapping[str, Config]:
    return {
        f"l2-{slug(l2)}-dropout-{slug(dropout)}": small_scale(
            10, {"l2": l2, "dropout": dropout}, **FEW_IMAGES
        )
        for l2, dropout in product(VALIDATED_L2, VALIDATED_DROPOUT)
    }


def _racing_arms() -> Mapping[str, Config]:
    search = {"candidates": 24, "folds": 5, "test_fraction": 0.2}
    return {table: {"table": table, **search} for table in ("digits", "breast-cancer")}


BY_UPDATES = "companion.experiments.batch_training:train_by_updates"
SCHEDULED = "companion.experiments.schedule_training:train_scheduled"
STUDIES = (
    Study(
        name="schedule-search",
        question="What does each schedule reach with its best of six peak rates?",
        train=SCHEDULED,
        arms=_schedule_search_arms(),
        seeds=(1,),
        dataset="cifar-10",
    ),
    Study(
        name="schedules",
        question="What does each schedule reach on all images with the peak that it was given?",
        train=SCHEDULED,
        arms=_schedules_arms(),
        seeds=(1, 2, 3),
        dataset="cifar-10",
    ),
    Study(
        name="batch-size",
        question="What do batch sizes reach at equal epochs, updates and time, at one rate?",
        train=BY_UPDATES,
        arms=_batch_size_arms(),
        seeds=(1, 2, 3),
        dataset="cifar-10",
    ),
    Study(
        name="batch-size-retuned",
        question="What do batch sizes reach at equal epochs with the best of five rates each?",
        train=BY_UPDATES,
        arms=_retuned_arms(),
        seeds=(1, 2, 3),
        dataset="cifar-10",
    ),
    Study(
        name="tuning",
        question="What do three ways to search find for L2, dropout and the rate in 300 epochs?",
        train="companion.experiments.tuning_training:search_regularization",
        arms=_tuning_arms(),
        seeds=(1, 2, 3),
        dataset="cifar-10",
        libraries=("keras-tuner", "scikit-learn"),  # which fits the Gaussian process
    ),
    Study(
        name="cross-validation",
        question="Which L2 strength and dropout does cross-validation choose on 2,000 images?",
        train="companion.experiments.cross_validation_training:cross_validate_classifier",
        arms=_cross_validation_arms(),
        seeds=(1, 2, 3),
        dataset="cifar-10",
        libraries=("scikit-learn",),
    ),
    Study(
        name="racing",
        question="Which fits of a cross-validated search could have been saved, and at what loss?",
        train="companion.experiments.racing_training:score_candidates",
        arms=_racing_arms(),
        seeds=tuple(range(1, 21)),
        dataset=TABLES,
        libraries=("scikit-learn",),
    ),
)
