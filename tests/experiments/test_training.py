"""The training functions: what they measure, what a seed fixes, what each technique changes."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.datasets import load_cifar10
from companion.experiments import training
from companion.experiments.training import (
    train_classifier,
    train_in_two_stages,
    train_regularized,
    train_timed,
)
from companion.models import build_mlp

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


# train_timed


def test_computing_time_is_that_of_the_updates_and_changes_nothing_else(
    trained, config, monkeypatch
):
    """From the start to the end of the first epoch, and from the start of each later one."""
    monkeypatch.setattr(training.time, "process_time", iter([10.0, 15.0, 18.0, 20.0]).__next__)
    history = train_timed(config, 1, nobody)
    assert history.pop("cpu_seconds") == [5.0, 7.0]
    assert history == trained[0]


@eagerly
def test_a_timed_loss_that_overflows_is_the_largest_float(one_step):
    hot = {"class_name": "SGD", "config": {"learning_rate": 1e30}}
    history = train_timed({**one_step, "optimizer": hot}, 1, nobody)
    assert history["train_loss"] == [float(np.finfo(np.float32).max)]


# train_regularized


ONE_STEP = 100  # images, in one batch


@pytest.fixture(scope="module")
def one_step(config):
    """One update of a small perceptron with a learning rate that leaves gradients no say."""
    return {
        "build": "companion.models:build_mlp",
        "build_args": {"hidden_units": [3]},
        "optimizer": {"class_name": "SGD", "config": {"learning_rate": 1e-6}},
        "epochs": 1,
        "batch_size": ONE_STEP,
        "train_size": ONE_STEP,
        "evaluation_size": 50,
        "data_fingerprint": config["data_fingerprint"],
    }


@pytest.fixture
def built(monkeypatch):
    """The networks that training builds, with biases of one, so that a decay would show."""
    networks = []
    build = training._build

    def build_and_note(config, seed):
        networks.append(build(config, seed))
        for layer in networks[-1].layers:
            if getattr(layer, "bias", None) is not None:
                layer.bias.assign(np.ones(layer.bias.shape))
        return networks[-1]

    monkeypatch.setattr(training, "_build", build_and_note)
    return networks


def initial_kernels(seed=1, **build_args):
    network = build_mlp(hidden_units=[3], seed=seed, **build_args)
    return [layer.kernel.numpy() for layer in network.layers if hasattr(layer, "kernel")]


def flat(kernels):
    return np.concatenate([kernel.ravel() for kernel in kernels])


def test_without_techniques_it_is_the_training_of_a_classifier(trained, config):
    expected, _ = trained
    fractions: list[float] = []
    history = train_regularized(config, 1, fractions.append)
    assert set(history) - set(expected) == {"weight_norm", "zero_weights", "small_weights"}
    for metric, values in expected.items():
        assert_allclose(history[metric], values, rtol=1e-4, err_msg=metric)
    assert fractions == [0.5, 1.0]


@eagerly
def test_weight_sizes_by_hand(one_step):
    history = train_regularized(one_step, 1, nobody)
    weights = flat(initial_kernels())
    assert_allclose(history["weight_norm"], [np.sqrt(np.sum(weights**2))], rtol=1e-5)
    assert_allclose(history["small_weights"], [np.mean(np.abs(weights) < 0.001)], atol=2e-4)
    assert history["small_weights"][0] > 0.01
    assert history["zero_weights"] == [0.0]


@eagerly
def test_a_proximal_step_gives_exact_zeros_and_a_penalty_none(one_step):
    """A step of 1e-6 * 1e4 = 0.01: what was smaller is zero, all else is smaller by 0.01."""
    history = train_regularized({**one_step, "proximal_l1": 1e4}, 1, nobody)
    weights = np.abs(flat(initial_kernels()))
    assert_allclose(history["zero_weights"], [np.mean(weights < 0.01)], atol=2e-4)
    assert history["zero_weights"][0] > 0.1
    left = np.maximum(weights - 0.01, 0)
    assert_allclose(history["weight_norm"], [np.sqrt(np.sum(left**2))], rtol=1e-4)
    penalized = {**one_step, "build_args": {"hidden_units": [3], "l1": 1e4}}
    assert train_regularized(penalized, 1, nobody)["zero_weights"] == [0.0]


@eagerly
def test_label_smoothing_changes_the_loss_but_not_the_cross_entropy(one_step):
    """The loss is (1 - a) times the cross-entropy plus a times a constant of the network."""
    by_strength = {
        smoothing: train_regularized({**one_step, "label_smoothing": smoothing}, 1, nobody)
        for smoothing in (0.0, 0.1, 0.5)
    }
    for split in ("train", "validation", "test"):
        entropies = [one[f"{split}_cross_entropy"][0] for one in by_strength.values()]
        assert_allclose(entropies, entropies[0], rtol=1e-5)
        plain, weak, strong = (one[f"{split}_loss"][0] for one in by_strength.values())
        assert plain == pytest.approx(entropies[0], rel=1e-5)
        assert strong != pytest.approx(plain, rel=1e-3)
        assert weak - plain == pytest.approx((strong - plain) / 5, rel=0.01)


@eagerly
def test_images_are_changed_while_training_only(one_step):
    plain = train_regularized(one_step, 1, nobody)
    for augmentation in ({"flip": True}, {"shift": 4}, {"cutout": 16}):
        augmented = train_regularized({**one_step, "augmentation": augmentation}, 1, nobody)
        assert augmented["loss"] != pytest.approx(plain["loss"], rel=1e-4), augmentation
        for metric in set(plain) - set(METRICS):
            assert_allclose(augmented[metric], plain[metric], rtol=1e-4, err_msg=metric)


@eagerly
@pytest.mark.parametrize("class_name", ["SGD", "Adam"])
def test_weight_decay_acts_on_the_kernels_that_a_penalty_acts_on(one_step, built, class_name):
    """A decay of 1e-6 * 5e5 halves the hidden kernel, and nothing else."""
    decaying = {"learning_rate": 1e-6, "weight_decay": 5e5}
    config = {
        **one_step,
        "build_args": {"hidden_units": [3, 3], "batch_norm": True},
        "optimizer": {"class_name": class_name, "config": decaying},
    }
    train_regularized(config, 1, nobody)
    (network,) = built
    fresh = build_mlp(hidden_units=[3, 3], batch_norm=True, seed=1)
    softmax = network.layers[-1]
    for layer, initial in zip(network.layers, fresh.layers, strict=True):
        if hasattr(layer, "kernel"):
            factor = 1.0 if layer is softmax else 0.5
            assert_allclose(layer.kernel, factor * initial.kernel.numpy(), atol=1e-4)
        if hasattr(layer, "gamma"):
            assert_allclose(layer.gamma, 1.0, atol=1e-4)
    assert_allclose(softmax.bias, 1.0, atol=1e-4)


@eagerly
def test_without_weight_decay_nothing_decays(one_step, built):
    train_regularized(one_step, 1, nobody)
    for layer, kernel in zip(built[0].layers[1:], initial_kernels(), strict=True):
        assert_allclose(layer.kernel, kernel, atol=1e-4)
        assert_allclose(layer.bias, 1.0, atol=1e-4)


@eagerly
def test_a_loss_that_overflows_is_the_largest_float(one_step):
    hot = {"class_name": "SGD", "config": {"learning_rate": 1e30}}
    history = train_regularized({**one_step, "optimizer": hot}, 1, nobody)
    largest = float(np.finfo(np.float32).max)
    assert history["train_loss"] == history["validation_loss"] == [largest]
    assert np.isfinite(list(history.values())).all()
    assert 0 <= history["test_accuracy"][0] <= 1


@eagerly
def test_a_seed_fixes_all_techniques_together(one_step):
    everything = {
        **one_step,
        "batch_size": 50,
        "optimizer": {
            "class_name": "Adam",
            "config": {"learning_rate": 0.01, "weight_decay": 0.1},
        },
        "build_args": {"hidden_units": [3], "dropout": 0.5},
        "augmentation": {"flip": True, "shift": 4, "cutout": 8},
        "label_smoothing": 0.1,
        "proximal_l1": 0.1,
    }
    first, again, other = (train_regularized(everything, seed, nobody) for seed in (1, 1, 2))
    assert first == again
    assert first["loss"] != other["loss"]
