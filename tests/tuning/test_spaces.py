"""Spaces: which knobs are active together, plain values, and models that take them."""

import json
from itertools import product

import pytest
from keras_tuner import HyperParameters

from companion.models import build_cnn, build_mlp
from companion.tuning import (
    batch_size_space,
    build_optimizer,
    optimizer_space,
    regularization_space,
    schedule_space,
)
from companion.tuning.spaces import RATES

SPACES = [regularization_space, optimizer_space, schedule_space, batch_size_space]
each_space = pytest.mark.parametrize("space", SPACES, ids=lambda space: space.__name__)


def with_values(**values):
    hp = HyperParameters()
    hp.values = values
    return hp


def active(hp):
    return {knob.name for knob in hp.space if hp.is_active(knob)}


@pytest.mark.parametrize(
    ("penalty", "on"),
    [("none", set()), ("l1", {"l1"}), ("l2", {"l2"}), ("l1_l2", {"l1", "l2"})],
)
def test_a_penalty_switches_its_strengths(penalty, on):
    hp = with_values(penalty=penalty)
    config = regularization_space(hp)
    assert {name for name in ("l1", "l2") if config[name] > 0} == on
    assert active(hp) == {"penalty", "dropout"} | on


def test_strengths_and_fractions_have_their_ranges():
    ranges = {}
    for space in (regularization_space, schedule_space):
        hp = HyperParameters()
        space(hp)
        ranges |= {k.name: (k.min_value, k.max_value, k.sampling) for k in hp.space[1:]}
    assert ranges == {
        "l1": (1e-6, 1e-3, "log"),
        "l2": (1e-5, 1e-2, "log"),
        "dropout": (0.0, 0.7, "linear"),
        "warmup_fraction": (0.05, 0.4, "linear"),
        "final_fraction": (1e-3, 0.1, "log"),
    }


@pytest.mark.parametrize("builder", [build_cnn, build_mlp])
def test_builders_take_what_the_space_gives(builder):
    model = builder((18, 18, 1), 2, **regularization_space(with_values(penalty="l2", dropout=0.5)))
    assert model.layers[-1].units == 2


def test_every_optimizer_has_a_rate_and_a_range_of_its_own():
    for name, ends in RATES.items():
        hp = with_values(optimizer=name)
        config = optimizer_space(hp)
        assert active(hp) == {"optimizer", f"learning_rate_{name}"}
        ranges = {k.name: (k.min_value, k.max_value, k.sampling) for k in hp.space[1:]}
        assert ranges[f"learning_rate_{name}"] == (*ends, "log")
        assert config == {"optimizer": name, "learning_rate": ends[0]}
        assert len(ranges) == len(RATES)


def test_a_schedule_has_only_its_own_settings():
    settings = {}
    for name in ("constant", "warmup_cosine", "one_cycle", "exponential"):
        config = schedule_space(with_values(schedule=name))
        assert config.pop("schedule") == name
        settings[name] = list(config)
    warm = ["warmup_fraction"]
    assert settings == {
        "constant": [],
        "warmup_cosine": warm,
        "one_cycle": warm,
        "exponential": ["final_fraction"],
    }


def test_every_optimizer_takes_every_schedule():
    schedules = ("constant", "warmup_cosine", "one_cycle", "exponential")
    for name, schedule in product(RATES, schedules):
        hp = with_values(optimizer=name, schedule=schedule)
        made = build_optimizer(**optimizer_space(hp), **schedule_space(hp), total_steps=10)
        assert type(made).__name__.lower() == name


def test_batch_sizes_are_powers_of_two():
    hp = HyperParameters()
    batch_size_space(hp)
    (knob,) = hp.space
    sizes = {knob.prob_to_value(part / 100) for part in range(100)}
    assert sizes == {16, 32, 64, 128, 256, 512}


@each_space
def test_values_are_plain_and_spaces_pure(space):
    hp = HyperParameters()
    config = space(hp)
    assert json.loads(json.dumps(config)) == config
    assert space(hp) == config
    names = [knob.name for knob in hp.space]
    assert len(names) == len(set(names))  # one name, one range


@each_space
def test_only_hyperparameters_are_taken(space):
    sentence = f"hp of {space.__name__} must be KerasTuner's hyperparameters"
    with pytest.raises(TypeError, match=sentence):
        space({})
