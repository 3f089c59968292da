"""What every callback of the package promises: training unchanged, every fit starts afresh."""

import inspect

import keras
import pytest
from numpy.testing import assert_array_equal

from companion import callbacks
from companion.from_scratch import StoppingRule

# never stops and keeps nothing; its own tests have more
WARMING_UP = StoppingRule(mode="min", patience=1, start_from_epoch=99)
FACTORIES = {
    "EvaluateSplits": callbacks.EvaluateSplits,
    "GeneralizationGap": lambda splits: callbacks.GeneralizationGap(*splits.values()),
    "LearningRateLog": lambda _: callbacks.LearningRateLog(),
    "ProgressBar": lambda _: callbacks.ProgressBar(),
    "ProximalL1": lambda _: callbacks.ProximalL1(0),  # without strength; its own tests have more
    "StopEarly": lambda _: callbacks.StopEarly("loss", WARMING_UP),
    "WeightNorms": lambda _: callbacks.WeightNorms(),
}


@pytest.fixture(params=FACTORIES)
def callback(request, train, test):
    return FACTORIES[request.param]({"train": train, "test": test})


@pytest.fixture(autouse=True)
def watched(monkeypatch):
    """Let the progress bar really draw."""
    monkeypatch.setattr(callbacks.progress_bar, "is_interactive", lambda: True)


def test_the_list_above_is_complete():
    assert sorted(FACTORIES) == sorted(callbacks.__all__)
    assert all(issubclass(getattr(callbacks, n), keras.callbacks.Callback) for n in FACTORIES)


def test_training_is_not_changed(callback, build, train, test):
    with_it, without_it = (build(dropout=0.5, eager=False) for _ in range(2))
    for model, used in ((with_it, [callback]), (without_it, [])):
        keras.utils.set_random_seed(3)
        model.fit(*train, validation_data=test, batch_size=8, epochs=3, callbacks=used, verbose=0)
    for have, want in zip(with_it.get_weights(), without_it.get_weights(), strict=True):
        assert_array_equal(have, want)


def test_a_second_fit_starts_afresh(callback, build, train):
    first = build().fit(*train, epochs=3, callbacks=[callback], verbose=0)
    once = _state(callback)
    second = build().fit(*train, epochs=3, callbacks=[callback], verbose=0)
    assert second.history == first.history
    assert _state(callback) == once


def test_does_nothing_wrong_without_logs(callback, build, train):
    """Keras lets anyone call hooks without logs; there is then nothing to add to."""
    callback.set_model(build())
    callback.set_params({"epochs": 1})
    callback.on_train_begin()
    callback.on_epoch_begin(0)
    callback.on_epoch_end(0)
    callback.on_train_end()


def test_documentation_names_its_arguments(callback):
    doc = inspect.getdoc(type(callback))
    for name in inspect.signature(type(callback)).parameters:
        assert f"{name}: " in doc
    assert "Example:" in doc
    assert "Book: " in doc


def _state(callback: keras.callbacks.Callback) -> dict:
    ours = {key: value for key, value in vars(callback).items() if key not in {"_model", "params"}}
    return {key: repr(value) for key, value in ours.items()}
