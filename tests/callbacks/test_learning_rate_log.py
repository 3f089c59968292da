"""LearningRateLog: the rate that each step used, whoever set it and in whatever order."""

import keras
import pytest

from companion.callbacks import LearningRateLog
from companion.callbacks.learning_rate_log import current_learning_rate

# Keras' own callbacks read the rate in a way that NumPy 2 calls outdated
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

HALVING = keras.optimizers.schedules.PiecewiseConstantDecay([0, 1, 2], [0.5, 0.25, 0.125, 0.0625])


def test_a_schedule_is_logged_as_used_by_each_step(build, train):
    log, model = LearningRateLog(), build(learning_rate=HALVING)
    history = model.fit(*train, batch_size=20, epochs=2, callbacks=[log], verbose=0).history
    assert log.per_step == [0.5, 0.25, 0.125, 0.0625]
    assert history["learning_rate"] == [0.25, 0.0625]


@pytest.mark.parametrize("first", [True, False])
def test_learning_rate_scheduler_before_or_after(build, train, first):
    log = LearningRateLog()
    scheduler = keras.callbacks.LearningRateScheduler(lambda epoch: 0.5 / 2**epoch)
    callbacks = [log, scheduler] if first else [scheduler, log]
    history = build().fit(*train, epochs=3, callbacks=callbacks, verbose=0).history
    assert history["learning_rate"] == [0.5, 0.25, 0.125]
    assert log.per_step == [0.5, 0.5, 0.25, 0.25, 0.125, 0.125]  # 40 samples, batches of 32


@pytest.mark.parametrize("first", [True, False])
def test_reduce_on_plateau_does_not_leak_the_next_epochs_rate(build, train, first):
    log = LearningRateLog()
    plateau = keras.callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=1, min_delta=1e9)
    callbacks = [log, plateau] if first else [plateau, log]
    model = build(learning_rate=0.5)
    history = model.fit(*train, epochs=3, callbacks=callbacks, verbose=0).history
    assert history["learning_rate"] == [0.5, 0.5, 0.25]
    assert current_learning_rate(model.optimizer) == 0.125


def test_loss_scaling_shows_the_inner_optimizers_rate():
    scaled = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.25))
    assert current_learning_rate(scaled) == 0.25
