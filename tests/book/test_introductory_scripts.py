"""The introductory scripts, as the book prints them, really run: few images, one epoch."""

import contextlib
import io
import warnings
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from companion.datasets import load_cifar10

IMAGES = 300


@pytest.fixture(scope="module")
def ran(root):
    """Run both scripts in one namespace, as a reader pastes them into one notebook."""
    from tensorflow import keras
    from tensorflow.keras.datasets import cifar10

    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fits = shorten_fit(patch, keras.Model)
        patch.setattr(cifar10, "load_data", load_few_images)
        namespace: dict[str, Any] = {}
        printed = [
            run_script(root / f"book/start/scripts/introductory_{number}.py", namespace)
            for number in (1, 2)
        ]
    return namespace, printed, fits, caught


def run_script(path, namespace) -> str:
    """Run a script and return what it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile(path.read_text("utf-8"), path.name, "exec"), namespace)  # noqa: S102
    return output.getvalue()


def shorten_fit(patch, model_class) -> list[dict[str, Any]]:
    """Let `fit` train for one epoch; return the list in which it notes how it was called."""
    fits: list[dict[str, Any]] = []
    fit = model_class.fit

    def one_epoch(model, *data, **arguments):
        before = model.get_weights()
        iterations = int(model.optimizer.iterations)
        result = fit(model, *data, **{**arguments, "epochs": 1})
        fits.append(
            {
                "arguments": arguments,
                "samples": len(data[0]),
                "before": before,
                "iterations": iterations,
                "after": model.get_weights(),
            }
        )
        return result

    patch.setattr(model_class, "fit", one_epoch)
    return fits


def load_few_images():
    """Return what Keras' `load_data` returns, labels in a column."""
    data = load_cifar10(subset=IMAGES)
    test = data.test.take(IMAGES)
    return (data.train.images, data.train.labels[:, None]), (test.images, test.labels[:, None])


@pytest.mark.parametrize("script", [0, 1])
def test_it_prints_the_test_accuracy(ran, script):
    _, printed, _, _ = ran
    *_, last = printed[script].splitlines()
    name, _, value = last.partition(": ")
    assert name == "Test accuracy"
    assert 0 <= float(value) <= 1


@pytest.mark.parametrize("script", [0, 1])
def test_it_fits_as_the_book_says(ran, script):
    _, _, fits, _ = ran
    assert fits[script]["arguments"] == {"epochs": 50, "batch_size": 64, "validation_split": 0.2}
    assert fits[script]["samples"] == IMAGES


def test_the_first_one_trains(ran):
    _, _, fits, _ = ran
    assert (fits[0]["before"][0] != fits[0]["after"][0]).any()


def test_the_second_one_continues_with_the_same_weights_and_a_new_optimizer(ran):
    _, _, (first, second), _ = ran
    for before, after in zip(first["after"], second["before"], strict=True):
        assert_array_equal(after, before)
    assert (first["iterations"], second["iterations"]) == (0, 0)
    assert (second["before"][0] != second["after"][0]).any()


def test_images_are_fractions_and_labels_are_one_hot(ran):
    namespace, *_ = ran
    assert namespace["train_images"].dtype == np.float32
    assert 0.9 < namespace["train_images"].max() <= 1
    assert namespace["train_labels"].shape == (IMAGES, 10)
    assert_array_equal(namespace["train_labels"].sum(axis=1), 1)


def test_keras_objects_to_nothing_but_input_shape(ran):
    *_, caught = ran
    (warning,) = [warning for warning in caught if warning.category is UserWarning]
    assert "input_shape" in str(warning.message)
