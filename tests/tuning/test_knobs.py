"""Planted dead knobs are found by name, and knobs that work are not accused."""

import keras
import numpy as np
import pytest
from keras import layers

from companion.tuning import (
    build_optimizer,
    check_knobs,
    optimizer_space,
    regularization_space,
    schedule_space,
)

X = np.random.default_rng(1).normal(3, 2, (8, 3)).astype(np.float32)
Y = (np.arange(8) % 2).astype(np.float32)[:, None]


def compiled(*parts, optimizer=None):
    hidden = layers.Dense(4, activation="tanh")
    model = keras.Sequential([keras.Input((3,)), *parts, hidden, layers.Dense(1)])
    model.compile(optimizer or keras.optimizers.SGD(0.1), "mse")
    return model


def passed_nowhere(hp):
    layers.Dropout(hp.Float("dropout", 0.0, 0.5))  # made, never put into the network
    return compiled()


def never_adapted(hp):
    return compiled(*[layers.Normalization()] * hp.Boolean("normalize"))


def hidden_behind_a_schedule(hp):
    hp.Float("learning_rate", 1e-4, 1e-1, sampling="log")
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 100)
    return compiled(optimizer=keras.optimizers.SGD(schedule))


def dead_in_its_branch(hp):
    kind = hp.Choice("kind", ["plain", "dropped"])
    with hp.conditional_scope("kind", ["dropped"]):
        if kind == "dropped":  # the knob is not even asked for elsewhere
            hp.Float("rate", 0.1, 0.5)
            return compiled(layers.Dropout(0.3))
    return compiled()


def two_options_alike(hp):
    rate = {"none": 0.0, "low": 0.2, "lower": 0.2}[hp.Choice("amount", ["none", "low", "lower"])]
    return compiled(layers.Dropout(rate))


@pytest.mark.parametrize(
    ("build", "flaw"),
    [
        (passed_nowhere, "'dropout': 0.125 and 0.375 give the same model"),
        (never_adapted, "'normalize': True and False give the same model"),
        (hidden_behind_a_schedule, "'learning_rate': 0.000562 and 0.0178 give the same model"),
        (dead_in_its_branch, "'rate': 0.2 and 0.4 give the same model where kind='dropped'"),
        (two_options_alike, "'amount': 'low' and 'lower' give the same model"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_dead_knobs_are_named(build, flaw):
    with pytest.raises(ValueError, match="build of check_knobs must use every knob") as caught:
        check_knobs(build, X, Y)
    assert str(caught.value).partition(" Got ")[2].partition(". Pass ")[0] == flaw


def adapted(hp):
    parts = [layers.Normalization(mean=3.0, variance=4.0)] * hp.Boolean("normalize")
    if hp.Boolean("batch_norm"):
        parts.append(layers.BatchNormalization(momentum=hp.Float("bn_momentum", 0.5, 0.99)))
    return compiled(*parts)


def switched(hp):
    """A knob that shows itself only once its switch is on."""
    if hp.Boolean("decay"):
        with hp.conditional_scope("decay", [True]):
            decay = hp.Float("weight_decay", 1e-6, 1e-2, sampling="log")
        return compiled(optimizer=keras.optimizers.AdamW(1e-4, weight_decay=decay))
    hp.Fixed("units", 4)
    return compiled()


def two_switches(hp):
    """A knob that works only where both are on."""
    kind = hp.Choice("kind", ["plain", "dropped"])
    with hp.conditional_scope("kind", ["dropped"]):
        tuned = hp.Boolean("tuned")
        with hp.conditional_scope("tuned", [True]):
            rate = hp.Float("rate", 0.1, 0.5)
    if kind == "plain":
        return compiled()
    return compiled(layers.Dropout(rate if tuned else 0.3))


class Secretive(keras.optimizers.SGD):
    def get_config(self):
        return {}


def seen_in_the_second_update(hp):
    return compiled(optimizer=Secretive(0.1, momentum=hp.Float("momentum", 0.1, 0.9)))


@pytest.mark.parametrize(
    ("build", "knobs"),
    [
        (lambda _: compiled(), ()),
        (two_switches, ("kind", "tuned", "rate")),
        (seen_in_the_second_update, ("momentum",)),
        (adapted, ("normalize", "batch_norm", "bn_momentum")),
        (switched, ("decay", "weight_decay")),
    ],
)
def test_knobs_that_work_pass(build, knobs):
    assert check_knobs(build, X, Y) == knobs


def test_all_knobs_of_the_spaces_work():
    def build(hp):
        config = regularization_space(hp)
        penalty = keras.regularizers.L1L2(config["l1"], config["l2"])
        parts = [layers.Dense(4, kernel_regularizer=penalty), layers.Dropout(config["dropout"])]
        chosen = {**optimizer_space(hp), **schedule_space(hp)}
        return compiled(*parts, optimizer=build_optimizer(**chosen, total_steps=100))

    rates = [f"learning_rate_{name}" for name in ("sgd", "adagrad", "rmsprop", "adam")]
    knobs = ["penalty", "l1", "l2", "dropout", "optimizer", *rates]
    assert check_knobs(build, X, Y) == (*knobs, "schedule", "warmup_fraction", "final_fraction")


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"build": 3}, TypeError, "build of check_knobs must be callable"),
        (
            {"build": lambda _: None},
            TypeError,
            "result of build of check_knobs must be a compiled",
        ),
        ({"build": lambda _: keras.Sequential()}, TypeError, "must be a compiled keras.Model"),
        ({"x": X.tolist()}, TypeError, "x of check_knobs must be an array"),
        ({"x": X[:0]}, ValueError, "x of check_knobs must be not empty"),
        ({"y": Y[:3]}, ValueError, "y of check_knobs must be as long as x, which has 8 rows"),
        ({"seed": -1}, ValueError, "seed of check_knobs must be in"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        check_knobs(**{"build": lambda _: compiled(), "x": X, "y": Y, **arguments})
