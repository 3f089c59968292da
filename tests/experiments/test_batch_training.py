"""Training by updates: when it evaluates, what it counts, and that it trains as `fit` does."""

import numpy as np
import pytest

from companion.datasets import load_cifar10
from companion.experiments import batch_training
from companion.experiments.batch_training import evaluation_points, train_by_updates
from companion.experiments.training import train_classifier

pytestmark = [
    pytest.mark.usefixtures("op_determinism"),
    pytest.mark.filterwarnings("ignore::companion.datasets.StandInWarning"),
    pytest.mark.filterwarnings("ignore:Even though the `tf.config.experimental_run_functions"),
]
eagerly = pytest.mark.usefixtures("eagerly")
COUNTS = {"updates", "images", "cpu_seconds", "seconds"}
METRICS = {
    f"{split}_{metric}"
    for split in ("train", "validation", "test")
    for metric in ("loss", "accuracy", "cross_entropy")
}


@pytest.fixture(scope="module")
def config():
    """Four updates an epoch, the last of them with 10 images."""
    return {
        "build": "companion.models:build_mlp",
        "build_args": {"hidden_units": [8], "dropout": 0.5},
        "optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.001}},
        "epochs": 2,
        "batch_size": 30,
        "train_size": 100,
        "evaluation_size": 50,
        "updates": [1, 6, 10],
        "data_fingerprint": load_cifar10(subset=1).fingerprint,
    }


@pytest.fixture(scope="module")
def trained(config):
    """History and reported fractions of one training."""
    fractions: list[float] = []
    return train_by_updates(config, 1, fractions.append), fractions


def nobody(fraction: float) -> None:
    """Take a report."""


def timeless(history):
    return {name: values for name, values in history.items() if not name.endswith("seconds")}


@pytest.mark.parametrize(
    ("more", "points"),
    [
        ({}, [4, 8, 12, 16, 20]),
        ({"epochs_between": 2}, [8, 16, 20]),
        ({"epochs_between": 5}, [20]),
        ({"epochs_between": 9}, [20]),
        ({"updates": [3, 8, 23]}, [3, 4, 8, 12, 16, 20, 23]),
        ({"updates": [25], "epochs_between": 2}, [8, 16, 20, 25]),
        ({"batch_size": 25}, [4, 8, 12, 16, 20]),  # without a smaller batch
        ({"batch_size": 1000}, [1, 2, 3, 4, 5]),
    ],
)
def test_points_are_whole_epochs_and_chosen_updates(more, points):
    config = {"epochs": 5, "batch_size": 30, "train_size": 100, **more}
    assert evaluation_points(config) == points


def test_updates_and_images_by_hand(trained):
    """The fourth and the eighth update end an epoch with 10 images instead of 30."""
    history, fractions = trained
    assert set(history) == COUNTS | METRICS
    assert history["updates"] == [1, 4, 6, 8, 10]
    assert history["images"] == [30, 100, 160, 200, 260]
    assert {len(values) for values in history.values()} == {5}
    assert fractions == [0.1, 0.4, 0.6, 0.8, 1.0]


def test_evaluating_between_updates_leaves_the_training_as_fit_makes_it(trained, config):
    """Same weights after each epoch: same batches, same dropout, whatever was evaluated."""
    history, _ = trained
    expected = train_classifier(config, 1, nobody)
    ends = [history["updates"].index(update) for update in (4, 8)]
    for metric in METRICS:
        assert [history[metric][end] for end in ends] == expected[metric], metric
    losses = history["train_loss"]
    assert len(set(losses)) == len(losses)


@eagerly
def test_training_ends_with_the_last_point(config, monkeypatch):
    calls = []
    build = batch_training._build

    def build_and_count(config, seed):
        model = build(config, seed)
        step = model.train_step
        model.train_step = lambda data: calls.append(len(data[0])) or step(data)
        return model

    monkeypatch.setattr(batch_training, "_build", build_and_count)
    train_by_updates(config, 1, nobody)
    assert calls == [30, 30, 30, 10, 30, 30, 30, 10, 30, 30]


def test_clocks_stand_still_while_evaluating_and_a_seed_fixes_all_else(
    trained, config, monkeypatch
):
    """They are read after the first update, then before and after every evaluation."""
    processor = [10, 10, 50, 53, 90, 91, 130, 131, 170, 178, 200]
    wall = [100, 100, 500, 505, 900, 902, 1300, 1304, 1700, 1709, 2000]
    clocks = zip(processor, wall, strict=True)
    monkeypatch.setattr(batch_training, "_clocks", lambda: np.array(next(clocks), dtype=float))
    history = train_by_updates(config, 1, nobody)
    assert list(clocks) == []
    assert history["cpu_seconds"] == [0, 3, 4, 5, 13]
    assert history["seconds"] == [0, 5, 7, 11, 20]
    assert timeless(history) == timeless(trained[0])


def test_time_passes(trained):
    history, _ = trained
    for name in ("cpu_seconds", "seconds"):
        assert np.all(np.diff(history[name]) > 0)


@eagerly
def test_another_seed_is_another_run(config):
    first, other = (
        train_by_updates({**config, "epochs": 1, "updates": []}, seed, nobody) for seed in (1, 2)
    )
    assert first["test_loss"] != other["test_loss"]


@eagerly
def test_a_loss_that_overflows_is_the_largest_float(config):
    hot = {"class_name": "SGD", "config": {"learning_rate": 1e30}}
    history = train_by_updates({**config, "optimizer": hot, "updates": []}, 1, nobody)
    assert history["train_loss"][-1] == float(np.finfo(np.float32).max)
    assert np.isfinite(list(history.values())).all()
