"""ProximalL1: exact zeros, the step from scratch, the right rate, and nothing but kernels."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from companion.callbacks import ProximalL1
from companion.from_scratch import l1_proximal

SLOPES = np.array([3.0, -2.0, 1.0, 0.0, 0.0, 0.0])
STEPS = 60
RATE, STRENGTH = 0.125, 0.25  # exact in float32, like their product
NOTHING = np.zeros((2, 4)), np.zeros((2, 1))  # zero inputs: kernels have no gradient from the data


def points(count: int = 48):
    """A linear task in which three of six inputs say nothing."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(count, 6)).astype("float32")
    noise = rng.normal(size=count).astype("float32")
    return x, x @ SLOPES.astype("float32") + 0.1 * noise


def repeated(*arrays, times: int):
    """Data whose one epoch without shuffling is `times` epochs: an epoch costs more than steps."""
    return [np.concatenate([array] * times) for array in arrays]


def linear(units=1, inputs=4, kernel="ones", optimizer=None, **compiling):
    dense = keras.layers.Dense(units, kernel_initializer=kernel, name="dense")
    model = keras.Sequential([keras.Input((inputs,)), dense])
    model.compile(optimizer or keras.optimizers.SGD(RATE), "mse", **compiling)
    return model


def kernel_of(model):
    return model.get_layer("dense").kernel.numpy()


def fit(model, *data, epochs=1, callback=None, **options):
    callbacks = [callback or ProximalL1(STRENGTH)]
    model.fit(*data, epochs=epochs, callbacks=callbacks, verbose=0, **options)
    return model


def test_inputs_that_say_nothing_get_weights_of_exactly_zero():
    x, y = repeated(*points(), times=STEPS)
    model = fit(linear(inputs=6), x, y, batch_size=48, shuffle=False)
    weights = kernel_of(model)[:, 0]
    assert (weights[3:] == 0).all()
    assert (np.abs(weights[:3]) > 0.5).all()


@pytest.mark.parametrize("batch_size", [48, 16])
def test_equals_gradient_step_and_soft_threshold_from_scratch(batch_size):
    """At least 60 steps of SGD, full batch and in minibatches of a fixed order."""
    x, y = repeated(*points(), times=STEPS)
    model = fit(linear(inputs=6), x, y, batch_size=batch_size, shuffle=False)
    weights, bias = np.ones(6), 0.0
    for start in range(0, len(x), batch_size):
        rows = slice(start, start + batch_size)
        error = x[rows] @ weights + bias - y[rows]
        gradient = 2 * x[rows].T @ error / batch_size
        bias -= RATE * 2 * error.mean()
        weights = l1_proximal(weights - RATE * gradient, STRENGTH, RATE)
    assert_allclose(kernel_of(model)[:, 0], weights, rtol=1e-5, atol=1e-6)
    assert_array_equal(kernel_of(model)[:, 0] == 0, weights == 0)


def test_one_step_by_hand():
    model = fit(linear(), *NOTHING, callback=ProximalL1(2.0))  # threshold 0.25
    assert_array_equal(kernel_of(model), np.full((4, 1), 0.75))
    fit(model, *NOTHING, epochs=3, callback=ProximalL1(2.0))
    assert_array_equal(kernel_of(model), np.zeros((4, 1)))


def test_negative_weights_rise_toward_zero():
    kernel = keras.initializers.Constant(-1.0)
    model = fit(linear(kernel=kernel), *NOTHING, callback=ProximalL1(2.0))
    assert_array_equal(kernel_of(model), np.full((4, 1), -0.75))


def test_threshold_has_the_rate_of_the_step_just_made_under_a_schedule():
    """Rates 0.5, 0.25, 0.125 and strength 0.5: thresholds of 7/16 in all, not of 0.25 later."""
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([0, 1], [0.5, 0.25, 0.125])
    model = linear(optimizer=keras.optimizers.SGD(schedule))
    fit(model, *NOTHING, epochs=3, callback=ProximalL1(0.5))
    assert_array_equal(kernel_of(model), np.full((4, 1), 1 - 0.4375))


def test_threshold_follows_a_rate_that_another_callback_sets():
    model = linear()

    def set_rate(epoch, logs):
        model.optimizer.learning_rate = 0.5 / (1 + epoch)

    scheduler = keras.callbacks.LambdaCallback(on_epoch_begin=set_rate)
    model.fit(*NOTHING, epochs=2, callbacks=[scheduler, ProximalL1(0.5)], verbose=0)
    assert_array_equal(kernel_of(model), np.full((4, 1), 1 - 0.375))


def test_biases_and_normalization_are_untouched():
    layers = [
        keras.layers.Dense(3, bias_initializer="ones", name="dense"),
        keras.layers.BatchNormalization(beta_initializer="ones", name="normalization"),
    ]
    model = keras.Sequential([keras.Input((4,)), *layers])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    model.optimizer.learning_rate = 0.0  # no gradient step ...
    callback = ProximalL1(100.0)
    callback.set_model(model)
    callback.on_train_begin()
    callback._learning_rate = 1.0  # ... but a threshold that every kernel falls under
    callback.on_train_batch_end(0)
    assert (kernel_of(model) == 0).all()
    assert_array_equal(model.get_layer("dense").bias.numpy(), np.ones(3))
    assert_array_equal(model.get_layer("normalization").gamma.numpy(), np.ones(3))
    assert_array_equal(model.get_layer("normalization").beta.numpy(), np.ones(3))


def test_every_kind_of_kernel_and_no_frozen_one():
    inputs = keras.Input((5,))
    x = keras.layers.Embedding(7, 3, name="words")(inputs)
    x = keras.layers.SimpleRNN(2, name="rnn")(x)
    x = keras.layers.Dense(2, trainable=False, name="frozen")(x)
    model = keras.Model(inputs, keras.layers.Dense(1, name="dense")(x))
    model.compile(keras.optimizers.SGD(1.0), "mse", run_eagerly=True)
    before = model.get_layer("frozen").kernel.numpy()
    fit(model, np.zeros((2, 5)), np.zeros((2, 1)), callback=ProximalL1(100.0))
    cell = model.get_layer("rnn").cell
    for kernel in (model.get_layer("words").embeddings, cell.kernel, cell.recurrent_kernel):
        assert (kernel.numpy() == 0).all()
    assert_array_equal(model.get_layer("frozen").kernel.numpy(), before)


def test_strength_zero_changes_nothing():
    x, y = points()
    with_it, without_it = (linear(inputs=6) for _ in range(2))
    fit(with_it, x, y, epochs=2, callback=ProximalL1(0), shuffle=False)
    without_it.fit(x, y, epochs=2, shuffle=False, verbose=0)
    assert_array_equal(kernel_of(with_it), kernel_of(without_it))


def test_the_penalty_is_not_in_the_loss():
    model = linear()
    history = model.fit(*NOTHING, callbacks=[ProximalL1(1.0)], verbose=0).history
    assert history["loss"] == [0.0]


def test_restarts_at_each_fit_with_another_model_and_rate():
    """Kernels of the first model and its rate must not be used in the second fit."""
    callback = ProximalL1(0.5)
    first = fit(linear(optimizer=keras.optimizers.SGD(0.5)), *NOTHING, callback=callback)
    second = fit(linear(optimizer=keras.optimizers.SGD(1.0)), *NOTHING, callback=callback)
    assert_array_equal(kernel_of(first), np.full((4, 1), 0.75))
    assert_array_equal(kernel_of(second), np.full((4, 1), 0.5))


def test_several_steps_per_execution_are_refused():
    model = linear(steps_per_execution=2)
    with pytest.raises(ValueError, match=r"steps_per_execution of the model .* Got .*=2\. Try 1\."):
        fit(model, *NOTHING)


def test_a_model_without_kernels_is_refused():
    model = keras.Sequential([keras.Input((4,)), keras.layers.BatchNormalization()])
    model.compile(loss="mse")
    with pytest.raises(ValueError, match="ProximalL1 found no kernel in the model"):
        fit(model, np.zeros((2, 4)), np.zeros((2, 4)))


@pytest.mark.parametrize(
    ("strength", "error"),
    [(-1e-4, ValueError), (np.nan, ValueError), (np.inf, ValueError), ("0.1", TypeError)],
)
def test_wrong_strength_gives_one_sentence(strength, error):
    with pytest.raises(error, match=r"strength of ProximalL1 must be .*\[0, inf\)"):
        ProximalL1(strength)
