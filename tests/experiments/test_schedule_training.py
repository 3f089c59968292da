"""Training with schedules: as long as the training, and really what the optimizer follows."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.datasets import load_cifar10
from companion.experiments.catalogue.practice import SCHEDULES
from companion.experiments.schedule_training import build_schedule, train_scheduled
from companion.experiments.training import train_classifier

pytestmark = [
    pytest.mark.usefixtures("op_determinism"),
    pytest.mark.filterwarnings("ignore::companion.datasets.StandInWarning"),
    pytest.mark.filterwarnings("ignore:Even though the `tf.config.experimental_run_functions"),
]
eagerly = pytest.mark.usefixtures("eagerly")


@pytest.fixture(scope="module")
def config():
    """Five epochs of four updates, at most at a rate of 0.008."""
    return {
        "build": "companion.models:build_mlp",
        "build_args": {"hidden_units": [8], "dropout": 0.5},
        "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.008}},
        "epochs": 5,
        "batch_size": 30,
        "train_size": 100,
        "evaluation_size": 50,
        "data_fingerprint": load_cifar10(subset=1).fingerprint,
    }


def nobody(fraction: float) -> None:
    """Take a report."""


ARGUMENTS = {  # of 20 updates a third is 7 and a tenth is 2
    "step": {"initial": 0.008, "step_size": 7, "factor": 0.1},
    "exponential": {"initial": 0.008, "final": 0.00008, "total_steps": 20},
    "warmup-cosine": {"peak": 0.008, "total_steps": 20, "warmup_steps": 2, "final": 0.0},
    "one-cycle": {
        "peak": 0.008,
        "total_steps": 20,
        "warmup_fraction": 0.25,
        "initial": 0.00032,
        "final": 0.0,
    },
    "inverse-square-root": {"peak": 0.008, "warmup_steps": 2},
}


@pytest.mark.parametrize("name", [name for name in SCHEDULES if name != "constant"])
def test_schedules_are_as_long_as_the_training(config, name):
    built = build_schedule({**config, **SCHEDULES[name]}).get_config()
    assert built == pytest.approx(ARGUMENTS[name])


def test_a_short_training_has_a_step_of_everything(config):
    short = {**config, "epochs": 1, **SCHEDULES["warmup-cosine"]}
    assert build_schedule(short).get_config()["warmup_steps"] == 1


@pytest.fixture
def classified(config):
    return train_classifier({**config, "epochs": 2}, 1, nobody)


@eagerly
def test_a_constant_rate_is_the_training_of_a_classifier(config, classified):
    """Whether it has no schedule, or one with a single stage."""
    single = {
        "schedule": {
            "build": "companion.schedules:StepDecay",
            "rates": {"initial": 1.0},
            "steps": {"step_size": 2.0},
        }
    }
    for more in (SCHEDULES["constant"], single):
        fractions: list[float] = []
        history = train_scheduled({**config, "epochs": 2, **more}, 1, fractions.append)
        assert history.pop("learning_rate") == pytest.approx([0.008, 0.008])
        assert history == classified
        assert fractions == [0.5, 1.0]


@eagerly
def test_the_optimizer_follows_the_schedule(config):
    """Two updates, one an epoch: the first at the peak, the second at zero."""
    steepest = {"class_name": "SGD", "config": {"learning_rate": 0.008}}
    two = {**config, "optimizer": steepest, "epochs": 2, "batch_size": 100}
    history = train_scheduled({**two, **SCHEDULES["warmup-cosine"]}, 1, nobody)
    plain = train_scheduled(two, 1, nobody)
    assert history["learning_rate"] == [0.0, 0.0]
    assert history["test_loss"] == [plain["test_loss"][0]] * 2
    assert plain["test_loss"][1] != plain["test_loss"][0]


@eagerly
def test_rates_by_hand(config):
    """After four and eight of eight updates, of which a third is 3 and the step is the third."""
    history = train_scheduled({**config, "epochs": 2, **SCHEDULES["step"]}, 1, nobody)
    assert_allclose(history["learning_rate"], [0.0008, 0.00008], rtol=1e-6)


@eagerly
def test_a_seed_fixes_everything(config):
    one = {**config, "epochs": 1, **SCHEDULES["one-cycle"]}
    first, again, other = (train_scheduled(one, seed, nobody) for seed in (1, 1, 2))
    assert first == again
    assert first["test_loss"] != other["test_loss"]


@eagerly
def test_a_loss_that_overflows_is_the_largest_float(config):
    hot = {"class_name": "SGD", "config": {"learning_rate": 1e30}}
    history = train_scheduled({**config, "optimizer": hot, "epochs": 1}, 1, nobody)
    assert history["train_loss"] == [float(np.finfo(np.float32).max)]
