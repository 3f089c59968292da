"""Each common error of tutorials is settled by claims and tests that exist."""

import ast
import re

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tests.book.errata import ERRATA

ITEMS = [*range(1, 33)]
SETTLED = [(number, each) for number, one in ERRATA.items() for each in one.settled_by]
CLAIM = re.compile(r"[a-z0-9_]+/[a-z0-9-]+")


def test_every_item_is_listed_with_what_settles_it():
    assert list(ERRATA) == ITEMS
    assert [number for number, one in ERRATA.items() if not one.settled_by] == []
    sentences = [one.right for one in ERRATA.values()]
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize(("number", "id_"), SETTLED, ids=[f"{n}-{each}" for n, each in SETTLED])
def test_what_settles_it_is_there(number, id_, all_chapters, root):
    if CLAIM.fullmatch(id_):
        stated = {claim["id"]: claim["holds"] for one in all_chapters for claim in one.claims()}
        assert stated.get(id_) is True, f"no chapter's output holds the claim of item {number}"
    else:
        file, _, name = id_.partition("::")
        tree = ast.parse((root / file).read_text("utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("batch_size", [1, 4, 12])
def test_an_epoch_takes_every_sample_once_in_batches_of_any_size(batch_size):
    """The gradient of sample i moves weight i alone, by learning rate / batch size each time."""
    samples, rate = np.eye(12), 0.5
    dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((12,)), dense])
    model.compile(keras.optimizers.SGD(rate), lambda _, output: output, run_eagerly=True)
    model.fit(samples, np.zeros(12), batch_size=batch_size, verbose=0)
    assert int(model.optimizer.iterations) == 12 // batch_size
    assert_allclose(dense.kernel, np.full((12, 1), -rate / batch_size), rtol=1e-6)


def sharpness(x, first, second):
    """Return the largest eigenvalue of the Hessian of half the mean squared error.

    The network is `relu(x @ first) @ second`; where it has no error, the Hessian is that of its
    derivatives alone.
    """
    hidden = np.maximum(x @ first, 0)
    by_first = x[:, :, None] * ((hidden > 0) * second)[:, None, :]
    derivatives = np.hstack([by_first.reshape(len(x), -1), hidden])
    return np.linalg.eigvalsh(derivatives.T @ derivatives / len(x)).max()


def test_the_same_network_has_minima_as_sharp_as_you_like():
    """Dinh et al. (2017): ReLU lets a factor pass from one layer to the next."""
    rng = np.random.default_rng(0)
    first, second, x = rng.normal(size=(3, 5)), rng.normal(size=5), rng.normal(size=(64, 3))
    answers = np.maximum(x @ first, 0) @ second
    sharp = {}
    for factor in (2.0**-10, 1.0, 2.0**10):  # powers of 2: nothing is rounded
        w, v = first * factor, second / factor
        assert_array_equal(np.maximum(x @ w, 0) @ v, answers)
        sharp[factor] = sharpness(x, w, v)
    assert min(sharp[2.0**-10], sharp[2.0**10]) > 1_000 * sharp[1.0]


def test_sharpness_is_the_second_derivative_of_the_error():
    """One weight a layer, two equal examples: the error is (2 w v - 2)^2 / 2, at w = v = 1."""
    examples = np.full((2, 1), 2.0)
    assert sharpness(examples, np.ones((1, 1)), np.ones(1)) == pytest.approx(8)  # [[4, 4], [4, 4]]


def test_an_optimizer_belongs_to_the_model_it_has_trained():
    """Its running quantities are those of the first model's variables."""
    optimizer = keras.optimizers.Adam()
    first, second = (keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]) for _ in "ab")
    for model in (first, second):
        model.compile(optimizer, "mse")
    first.fit(np.ones((4, 2)), np.ones(4), verbose=0)
    with pytest.raises(ValueError, match="Unknown variable"):
        second.fit(np.ones((4, 2)), np.ones(4), verbose=0)
