"""Studies of the part on optimizers."""

from collections.abc import Mapping
from itertools import product

from companion.experiments.catalogue.settings import (
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
)
