"""Studies of the part on optimizers."""

from collections.abc import Mapping
from itertools import product
from random import Random

from companion.experiments.catalogue.settings import (
    INTRODUCTORY,
    REGULARIZE,
    full_scale,
    optimizer,
    slug,
    small_scale,
)
from companion.experiments.study import Config, Study

BATCHES = {1: (4, (0.001, 0.003, 0.01)), 64: (20, (0.03, 0.1, 0.3)), 5_000: (40, (0.1, 0.3, 1.0))}


def _sgd_arms() -> Mapping[str, Config]:
    return {
        f"batch-{batch_size}-{slug(rate)}": small_scale(
            epochs, {}, batch_size=batch_size, optimizer=optimizer("SGD", learning_rate=rate)
        )
        for batch_size, (epochs, rates) in BATCHES.items()
        for rate in rates
    }


WORD_RATES = (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
WORD_OPTIMIZERS: Mapping[str, tuple[str, Config]] = {
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "adagrad": ("Adagrad", {}),
    "rmsprop": ("RMSprop", {}),
    "adam": ("Adam", {}),
}


def _word_arms(optimizers: Mapping[str, tuple[str, Config]]) -> Mapping[str, Config]:
    fixed = {"epochs": 10, "batch_size": 128, "train_size": 20_000, "vocabulary_size": 10_000}
    return {
        f"{name}-{slug(rate)}": {
            **fixed,
            "optimizer": f"companion.from_scratch:{class_name}",
            "optimizer_args": {"learning_rate": rate, **options},
        }
        for (name, (class_name, options)), rate in product(optimizers.items(), WORD_RATES)
    }


# The original Adagrad: Keras' start of 0.1 would outweigh the small gradients of rare words.
FROM_ZERO = {"adagrad": ("Adagrad", {"initial_accumulator_value": 0.0})}


CANDIDATES = 16
CONTENDERS: Mapping[str, tuple[str, Config, Config]] = {
    "sgd": ("SGD", {}, INTRODUCTORY),
    "momentum": ("SGD", {"momentum": 0.9}, INTRODUCTORY),
    "adagrad": ("Adagrad", {}, INTRODUCTORY),
    "rmsprop": ("RMSprop", {}, INTRODUCTORY),
    "adam": ("Adam", {}, INTRODUCTORY),
    "adamw": ("AdamW", {"weight_decay": 0.004}, {"dropout": 0.5}),  # decay in place of L2
}


def candidate_rates(name: str) -> list[float]:
    """Return learning rates for an optimizer: one drawn from each sixteenth of 1e-5 to 1 (log)."""
    rng = Random(name)  # noqa: S311 - nothing secret; the same numbers on every Python
    places = ((stratum + rng.random()) / CANDIDATES for stratum in range(CANDIDATES))
    return [float(f"{10 ** (5 * place - 5):.2g}") for place in places]


def _contender(name: str, rate: float) -> Config:
    class_name, options, build_args = CONTENDERS[name]
    chosen = optimizer(class_name, learning_rate=rate, **options)
    return {"build_args": build_args, "optimizer": chosen}


def _search_arms() -> Mapping[str, Config]:
    return {
        f"{name}-{slug(rate)}": small_scale(10, **_contender(name, rate))
        for name in CONTENDERS
        for rate in candidate_rates(name)
    }


# Of each optimizer the rate with the highest validation accuracy of any epoch, read from the record
# of `optimizer-search`
FINAL_RATES = {
    "sgd": 0.071,
    "momentum": 0.025,
    "adagrad": 0.074,
    "rmsprop": 0.0014,
    "adam": 0.0011,
    "adamw": 0.00082,
}


SECOND_RATE = 0.0072  # of momentum: half a point behind in the search; added after the finals


def _finals_arms() -> Mapping[str, Config]:
    arms = {name: full_scale(15, **_contender(name, rate)) for name, rate in FINAL_RATES.items()}
    second = full_scale(15, **_contender("momentum", SECOND_RATE))
    return {**arms, f"momentum-{slug(SECOND_RATE)}": second}


STUDIES = (
    Study(
        name="sgd",
        question="What do one sample, a minibatch and all images a step reach in equal time?",
        train="companion.experiments.training:train_timed",
        arms=_sgd_arms(),
        seeds=(1, 2, 3, 4, 5),
        dataset="cifar-10",
    ),
    Study(
        name="words",
        question="Which optimizer suits sparse features, if all are tuned alike?",
        train="companion.experiments.text_training:train_word_weights",
        arms=_word_arms(WORD_OPTIMIZERS),
        seeds=(1, 2, 3, 4, 5),
        dataset="imdb",
    ),
    Study(
        name="words-from-zero",
        question="What does Adagrad reach if its sums begin at zero?",
        train="companion.experiments.text_training:train_word_weights",
        arms=_word_arms(FROM_ZERO),
        seeds=(1, 2, 3, 4, 5),
        dataset="imdb",
    ),
    Study(
        name="optimizer-search",
        question="What does each optimizer reach with its best of 16 learning rates?",
        train=REGULARIZE,
        arms=_search_arms(),
        seeds=(1,),
        dataset="cifar-10",
    ),
    Study(
        name="optimizer-finals",
        question="What does each optimizer reach on all images with the rate that it was given?",
        train=REGULARIZE,
        arms=_finals_arms(),
        seeds=(1, 2, 3),
        dataset="cifar-10",
    ),
)
