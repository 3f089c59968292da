"""ProgressBar: one line where somebody looks, not a character anywhere else."""

import sys

import keras
import pytest

from companion.callbacks import ProgressBar, progress_bar


@pytest.fixture
def watched(monkeypatch):
    monkeypatch.setattr(progress_bar, "is_interactive", lambda: True)


def _last_line(text: str) -> str:
    return text.rstrip().rpartition("\r")[2]


def test_shows_epochs_and_chosen_metrics(watched, capfd, build, train):
    bar = ProgressBar(metrics=("accuracy", "val_accuracy"))
    history = build().fit(*train, epochs=3, callbacks=[bar], verbose=0).history
    out, err = capfd.readouterr()
    assert out == ""
    assert "100%" in err
    assert err.count("\n") == 1
    assert _last_line(err).endswith(
        f"3/3 epochs, 00:00 left, accuracy {history['accuracy'][-1]:.4g}, val_accuracy ?"
    )


def test_shows_loss_and_validation_loss_by_default(watched, capfd, build, train, test):
    model = build()
    history = model.fit(*train, validation_data=test, callbacks=[ProgressBar()], verbose=0).history
    loss, val_loss = history["loss"][0], history["val_loss"][0]
    shown = _last_line(capfd.readouterr().err)
    assert shown.endswith(f"left, loss {loss:.4g}, val_loss {val_loss:.4g}")


def test_resumed_training_starts_where_it_left(watched, capfd, build, train):
    build().fit(*train, initial_epoch=3, epochs=4, callbacks=[ProgressBar()], verbose=0)
    assert " 3/4 epochs" in (err := capfd.readouterr().err)
    assert "4/4 epochs" in _last_line(err)


def test_early_stopping_is_said(watched, capfd, build, train):
    stop = keras.callbacks.EarlyStopping("loss", min_delta=1e9, patience=1)
    build().fit(*train, epochs=9, callbacks=[ProgressBar(), stop], verbose=0)
    assert _last_line(capfd.readouterr().err).startswith("stopped early: ")


def test_an_interrupted_fit_does_not_disturb_the_next(watched, capfd, build, train):
    def interrupt(epoch, logs):
        raise KeyboardInterrupt

    bar, model = ProgressBar(), build()
    broken = [bar, keras.callbacks.LambdaCallback(on_epoch_end=interrupt)]
    with pytest.raises(KeyboardInterrupt):
        model.fit(*train, epochs=5, callbacks=broken, verbose=0)
    capfd.readouterr()
    model.fit(*train, epochs=2, callbacks=[bar], verbose=0)
    assert "2/2 epochs" in _last_line(capfd.readouterr().err)


@pytest.mark.parametrize("variable", ["CI", "TQDM_DISABLE", None])
def test_silent_when_nobody_looks(monkeypatch, capfd, build, train, variable):
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)  # pytest plugins load it
    if variable:
        monkeypatch.setenv(variable, "1")
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    build().fit(*train, epochs=2, callbacks=[ProgressBar()], verbose=0)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("metrics", "error", "sentence"),
    [
        ("accuracy", TypeError, "metrics of ProgressBar must be a list or tuple of names"),
        (["loss", 3], TypeError, r"metrics\[1\] of ProgressBar must be a string"),
        ([" "], ValueError, r"metrics\[0\] of ProgressBar must be a string that is not blank"),
    ],
)
def test_wrong_metrics_give_one_sentence(metrics, error, sentence):
    with pytest.raises(error, match=sentence):
        ProgressBar(metrics)
