"""The training functions: what they measure, what a seed fixes, how the second stage begins."""

import pytest
from numpy.testing import assert_allclose

from companion.datasets import load_cifar10
from companion.experiments.training import train_classifier, train_in_two_stages

pytestmark = [
    pytest.mark.usefixtures("op_determinism"),
    pytest.mark.filterwarnings("ignore::companion.datasets.StandInWarning"),
    pytest.mark.filterwarnings("ignore:Even though the `tf.config.experimental_run_functions"),
]
eagerly = pytest.mark.usefixtures("eagerly")
METRICS = ("loss", "accuracy", "cross_entropy")
EPOCHS = 2


@pytest.fixture(scope="module")
def config():
    return {
        "build": "companion.models:build_cnn",
        "build_args": {"filters": [2, 2, 2], "dropout": 0.5, "l2": 0.1},
        "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01}},
        "epochs": EPOCHS,
        "batch_size": 50,
        "train_size": 200,
        "evaluation_size": 100,
        "data_fingerprint": load_cifar10(subset=1).fingerprint,
    }


@pytest.fixture(scope="module")
def still(config):
    """At a learning rate of zero a network stays what it was when it was built."""
    return {**config, "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.0}}}


@pytest.fixture(scope="module")
def trained(config):
    """History and reported fractions of one training."""
    fractions: list[float] = []
    return train_classifier(config, 1, fractions.append), fractions


def nobody(fraction: float) -> None:
    """Take a report."""


def test_every_split_is_measured_after_every_epoch(trained):
    history, fractions = trained
    splits = ("", "train_", "validation_", "test_")
    assert set(history) == {f"{split}{metric}" for split in splits for metric in METRICS}
    assert {len(values) for values in history.values()} == {EPOCHS}
    assert fractions == [0.5, 1.0]


def test_loss_is_cross_entropy_plus_the_same_penalty_on_every_split(trained):
    history, _ = trained
    penalties = [
        history[f"{split}_loss"][-1] - history[f"{split}_cross_entropy"][-1]
        for split in ("train", "validation", "test")
    ]
    assert penalties[0] > 0.1
    assert_allclose(penalties, penalties[0], rtol=1e-5)


def test_a_seed_fixes_everything_and_the_first_stage_is_a_whole_training(trained, config):
    history, _ = trained
    fractions: list[float] = []
    both = train_in_two_stages({**config, "new_model": False}, 1, fractions.append)
    assert {metric: values[:EPOCHS] for metric, values in both.items()} == history
    assert {len(values) for values in both.values()} == {2 * EPOCHS}
    assert fractions == [0.25, 0.5, 0.75, 1.0]


@eagerly
def test_compiling_again_keeps_the_model(still):
    losses = train_in_two_stages({**still, "new_model": False}, 2, nobody)["test_loss"]
    assert losses == [losses[0]] * 2 * EPOCHS


@eagerly
def test_a_new_model_starts_anew(still):
    losses = train_in_two_stages({**still, "new_model": True}, 2, nobody)["test_loss"]
    assert losses[0] == losses[1] != losses[2] == losses[3]


@eagerly
def test_another_seed_is_another_run(trained, config):
    history, _ = trained
    other = train_classifier({**config, "epochs": 1}, 2, nobody)
    for metric in ("loss", "test_loss"):
        assert other[metric][0] != pytest.approx(history[metric][0], rel=1e-3)


def test_data_that_changed_is_refused(config):
    with pytest.raises(
        ValueError, match=r"^The data changed while the study ran: .* in place of 0+\."
    ):
        train_classifier({**config, "data_fingerprint": "0" * 64}, 1, nobody)
