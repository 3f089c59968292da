"""The finder finds known limits, and afterwards nothing shows that it was there."""

import random

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from companion import learning_rate_finder
from companion.learning_rate_finder import find_learning_rate, smooth
from companion.schedules import WarmupCosine

RNG = np.random.default_rng(0)
X = RNG.normal(size=(12, 3)).astype("float32")
Y = (X[:, 0] > 0).astype("float32")[:, None]
SHORT = {"lowest": 1e-3, "highest": 1.0, "num_steps": 4, "batch_size": 5}


def network(*, eagerly=True):
    """Everything that remembers: dropout, BatchNorm, momenta, decay with exceptions, metrics."""
    keras.utils.set_random_seed(7)
    layers = [
        keras.layers.Dense(4, activation="tanh"),
        keras.layers.BatchNormalization(),
        keras.layers.Dropout(0.5),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
    model = keras.Sequential([keras.Input((3,)), *layers])
    optimizer = keras.optimizers.AdamW(0.01, weight_decay=0.1)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    model.compile(optimizer, "binary_crossentropy", metrics=["mae"], run_eagerly=eagerly)
    return model


def everything(model):
    """All that could tell that somebody trained the model, or drew a number."""
    values = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    return [value.numpy().tobytes() for value in values] + [
        model.optimizer.built,
        id(model.optimizer),
        id(model.train_function),
        model.steps_per_execution,
        random.getstate(),
        np.random.get_state()[1].tobytes(),  # noqa: NPY002
    ]


@pytest.mark.parametrize("epochs_before", [0, 1])
def test_training_goes_on_as_if_nothing_had_been(epochs_before):
    """With an optimizer that is not built yet, and with one that has momenta and a graph."""

    def trained(with_finder):
        model = network(eagerly=epochs_before == 0)
        for _ in range(epochs_before):
            model.fit(X, Y, batch_size=5, verbose=0)
            model.train_on_batch(X[:5], Y[:5])  # a graph that the finder could take for its own
        if with_finder:
            before = everything(model)
            find_learning_rate(model, X, Y, **SHORT)
            assert_same_but_new_metrics(before, everything(model))
        history = model.fit(X, Y, batch_size=5, verbose=0).history
        return everything_after(model), history, draws()

    assert trained(with_finder=True) == trained(with_finder=False)


def draws():
    """What would come next of Python, NumPy and Keras."""
    uniform = float(keras.random.uniform(()))
    return random.random(), np.random.rand(), uniform  # noqa: NPY002, S311


def assert_same_but_new_metrics(before, after):
    """The first step of all makes the variables of the metrics, which stand at 0."""
    new = len(after) - len(before)
    assert before[-6:] == after[-6:]
    assert before[:-6] == after[: len(before) - 6]
    assert all(not any(value) for value in after[len(before) - 6 : -6][:new])


def everything_after(model):
    values = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    return [value.numpy().tobytes() for value in values]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_interrupted_test_puts_everything_back(error, monkeypatch):
    model = network()
    model.fit(X, Y, batch_size=5, verbose=0)
    before, step = everything(model), model.train_on_batch

    def interrupted(*batch, **options):
        logs = step(*batch, **options)
        draws()
        if int(model.optimizer.iterations) == 5:  # 3 of the fit, 2 of the test
            raise error
        return logs

    monkeypatch.setattr(model, "train_on_batch", interrupted)
    with pytest.raises(error):
        find_learning_rate(model, X, Y, **SHORT)
    assert everything(model) == before


def test_the_copied_optimizer_is_equal_and_leaves_the_same_weights_alone():
    model = network()
    model.fit(X, Y, verbose=0)
    twin = learning_rate_finder._copy_optimizer(model.optimizer, model.trainable_variables)
    assert twin.get_config() == model.optimizer.get_config()
    for mine, its in zip(twin.variables, model.optimizer.variables, strict=True):
        assert mine is not its
        assert_array_equal(mine.numpy(), its.numpy())
    for weight in model.trainable_variables:
        assert twin._use_weight_decay(weight) == model.optimizer._use_weight_decay(weight)
    assert not twin._use_weight_decay(model.layers[0].bias)


def scripted(losses, monkeypatch, **options):
    """Run the finder with a model whose batches have the given losses."""
    model, script, sizes = network(), iter(losses), []

    def train_on_batch(x, y, return_dict):
        assert len(x) == len(y)
        sizes.append(len(x))
        return {"loss": next(script)}

    monkeypatch.setattr(model, "train_on_batch", train_on_batch)
    options = {"lowest": 1e-4, "highest": 1.0, "num_steps": len(losses), **options}
    return find_learning_rate(model, X, Y, **options), sizes


def test_finds_the_steepest_place_of_a_known_curve(monkeypatch):
    rates = np.geomspace(1e-4, 1, 41)
    test, _ = scripted(1 - np.tanh(2 * np.log10(rates / 0.01)), monkeypatch)
    assert_allclose(test.learning_rates, rates)
    assert test.steepest == pytest.approx(0.01)
    assert test.divergence is None


def test_noise_does_not_move_the_steepest_place_far(monkeypatch):
    rates = np.geomspace(1e-4, 1, 100)
    noise = np.random.default_rng(1).normal(0, 0.05, 100)
    test, _ = scripted(2 - np.tanh(2 * np.log10(rates / 0.01)) + noise, monkeypatch)
    assert 0.004 < test.steepest < 0.025
    assert_array_equal(test.smoothed, smooth(test.losses, 100 / 30))


def test_a_loss_that_never_falls_has_no_steepest_place(monkeypatch):
    test, _ = scripted([1.0, 1.0, 1.5, 2.0], monkeypatch)
    assert (test.steepest, test.divergence) == (None, None)


def test_ends_at_four_times_the_best_loss(monkeypatch):
    """The window is a sixth of a step wide, so that nothing is smoothed."""
    test, _ = scripted([2.0, 1.0, 3.9, 4.1, 5.0], monkeypatch)
    assert_array_equal(test.losses, [2.0, 1.0, 3.9, 4.1])
    assert test.divergence == pytest.approx(0.1)
    assert test.learning_rates[-1] == test.divergence


@pytest.mark.parametrize("loss", [np.nan, np.inf])
def test_ends_where_the_loss_is_no_number(loss, monkeypatch):
    test, _ = scripted([2.0, 1.0, 1.5, loss, 1.0], monkeypatch)
    assert_array_equal(test.losses, [2.0, 1.0, 1.5])
    assert test.divergence == pytest.approx(0.1)


def test_negative_losses_do_not_end_the_test_by_themselves(monkeypatch):
    test, _ = scripted([1.0, -1.0, -2.0, 3.9, 4.1], monkeypatch)
    assert test.divergence == pytest.approx(1.0)


def test_divergence_at_once_is_an_error(monkeypatch):
    remedy = (
        r"diverge within the first 3 steps. It did at step 3, at the rate 0.01. Try lowest=1e-07"
    )
    with pytest.raises(ValueError, match=remedy):
        scripted([2.0, 1.0, np.nan, 1.0, 1.0], monkeypatch)


def test_batches_are_as_large_as_the_data_allow(monkeypatch):
    assert scripted([1.0] * 4, monkeypatch, batch_size=5)[1] == [5] * 4
    assert scripted([1.0] * 4, monkeypatch, batch_size=64)[1] == [12] * 4


def test_every_example_comes_once_before_one_comes_again():
    rows = np.concatenate(list(learning_rate_finder._batches(10, 4, 10, seed=3)))
    assert len(rows) == 40
    assert all(sorted(rows[start : start + 10]) == list(range(10)) for start in range(0, 40, 10))
    again = np.concatenate(list(learning_rate_finder._batches(10, 4, 10, seed=3)))
    other = np.concatenate(list(learning_rate_finder._batches(10, 4, 10, seed=4)))
    assert_array_equal(rows, again)
    assert (rows != other).any()


def test_smoothing_by_hand():
    near, far = np.exp(-0.5), np.exp(-2)
    expected = [1 / (1 + near + far), near / (1 + 2 * near), far / (1 + near + far)]
    assert_allclose(smooth(np.array([1.0, 0.0, 0.0]), 1.0), expected)
    assert_allclose(smooth(np.full(9, 2.0), 3.0), 2.0)


@pytest.mark.parametrize("curvature", [0.5, 50.0])
def test_divergence_lies_near_the_known_limit(curvature):
    """All inputs have the same square, so every batch has the curvature; the limit is 2 over it."""
    limit = 2 / curvature
    signs = np.where(np.arange(64) % 2, 1.0, -1.0)[:, None]
    x = (signs * np.sqrt(curvature / 2)).astype("float32")
    y = (3 * x + np.random.default_rng(1).normal(0, 0.1, x.shape)).astype("float32")
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(), "mse", steps_per_execution=2)
    test = find_learning_rate(
        model, x, y, lowest=limit / 1000, highest=limit * 30, num_steps=60, batch_size=16
    )
    assert limit < test.divergence < 3 * limit
    assert limit / 100 < test.steepest < limit
    assert model.steps_per_execution == 2


def test_same_seed_same_result():
    model = network()
    first, again, other = (
        find_learning_rate(model, X, Y, **SHORT, seed=seed) for seed in (1, 1, 2)
    )
    assert_array_equal(first.losses, again.losses)
    assert (first.losses != other.losses).any()


def test_several_inputs():
    inputs = {"a": keras.Input((3,), name="a"), "b": keras.Input((3,), name="b")}
    model = keras.Model(inputs, keras.layers.Dense(1)(inputs["a"] + inputs["b"]))
    model.compile("sgd", "mse", run_eagerly=True)
    assert len(find_learning_rate(model, {"a": X, "b": X}, Y, **SHORT).losses) == 4


def compiled(optimizer="sgd", shape=(3,)):
    inputs = [keras.Input(shape)] if shape else []
    model = keras.Sequential([*inputs, keras.layers.Dense(1)], name="m")
    model.compile(optimizer, "mse")
    return model


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            {"model": keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)], name="m")},
            r"built and compiled. Got 'm', which is not compiled. Try model.compile\(",
        ),
        ({"model": compiled(shape=None)}, r"Got 'm', which is not built. Try keras.Input"),
        (
            {"model": compiled(keras.optimizers.SGD(WarmupCosine(0.1, 10)))},
            r"a number as learning rate. Got 'm', whose optimizer follows a schedule. Try",
        ),
        ({"y": Y[:4]}, r"y of find_learning_rate must have as many examples as x. Got 4 for 12"),
        ({"x": []}, r"x of find_learning_rate must be a NumPy array"),
        ({"x": X.tolist()}, r"x of find_learning_rate must be a NumPy array"),
        ({"x": X[:0], "y": Y[:0]}, r"with at least one example. Got arrays of shapes \[\(0, 3\)\]"),
        ({"highest": 1e-6}, r"highest of find_learning_rate must be in \(1e-06, inf\)"),
        ({"num_steps": 2}, r"num_steps of find_learning_rate must be in \[3, inf\)"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        find_learning_rate(**{"model": compiled(), "x": X, "y": Y, **arguments})
