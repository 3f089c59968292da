"""The builders: the introductory network layer for layer, penalties, seeds, and wrong arguments."""

import ast
import warnings
from itertools import pairwise
from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from companion.models import build_cnn, build_mlp

SCRIPT = Path(__file__).parents[1] / "book/start/scripts/introductory_1.py"
LAYERS = keras.layers


def build_small_cnn(**arguments) -> keras.Model:
    return build_cnn((18, 18, 1), 3, filters=(2, 3, 4), **arguments)


def build_small_mlp(**arguments) -> keras.Model:
    return build_mlp((2, 2, 1), 3, hidden_units=(5, 4), **arguments)


both = pytest.mark.parametrize("build", [build_small_cnn, build_small_mlp])


def introductory_model() -> keras.Model:
    """Run the statements of the first introductory script that build its model, and no others."""
    tree = ast.parse(SCRIPT.read_text("utf-8"))
    wanted = [
        statement
        for statement in tree.body
        if isinstance(statement, ast.Import | ast.ImportFrom)
        or (isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "model")
    ]
    namespace: dict = {}
    with warnings.catch_warnings(action="ignore"):  # Keras advises against input_shape
        exec(compile(ast.Module(wanted, []), str(SCRIPT), "exec"), namespace)  # noqa: S102
    return namespace["model"]


def described(model: keras.Model) -> list[tuple]:
    return [(type(layer), without_chance(layer.get_config())) for layer in model.layers]


def without_chance(config: object) -> object:
    """Leave out names and seeds, the only things in which two equal networks may differ."""
    if isinstance(config, dict):
        left = {key: value for key, value in config.items() if key not in {"name", "seed"}}
        return {key: without_chance(value) for key, value in left.items()}
    return config


def classes(model: keras.Model) -> list[type]:
    return [type(layer) for layer in model.layers]


def kernels(model: keras.Model) -> list[np.ndarray]:
    return [layer.get_weights()[0] for layer in model.layers if hasattr(layer, "kernel")]


def assert_same_weights(one: keras.Model, other: keras.Model) -> None:
    assert one.count_params() == other.count_params() > 0
    for first, second in zip(one.get_weights(), other.get_weights(), strict=True):
        assert_array_equal(first, second)


def test_the_introductory_network_layer_for_layer():
    script, ours = introductory_model(), build_cnn(l2=0.001, dropout=0.5)
    assert described(ours) == described(script)
    assert len(ours.layers) == 9
    assert ours.count_params() == script.count_params() == 122_570
    assert (ours.input_shape, ours.output_shape) == (script.input_shape, script.output_shape)


def test_two_layers_that_differ_are_told_apart():
    assert described(build_cnn(l2=0.001, dropout=0.5)) != described(
        build_cnn(l2=0.002, dropout=0.5)
    )
    assert described(build_cnn(dropout=0.5)) != described(build_cnn(dropout=0.4))


def test_cnn_by_its_arguments():
    model = build_small_cnn()
    assert classes(model) == [
        LAYERS.Conv2D,
        LAYERS.MaxPooling2D,
        LAYERS.Conv2D,
        LAYERS.MaxPooling2D,
        LAYERS.Conv2D,
        LAYERS.Flatten,
        LAYERS.Dense,
        LAYERS.Dense,
    ]
    shapes = [kernel.shape for kernel in kernels(model)]
    assert shapes == [(3, 3, 1, 2), (3, 3, 2, 3), (3, 3, 3, 4), (4, 4), (4, 3)]
    assert model.output_shape == (None, 3)


def test_mlp_by_its_arguments():
    model = build_small_mlp()
    assert classes(model) == [LAYERS.Flatten, LAYERS.Dense, LAYERS.Dense, LAYERS.Dense]
    assert [kernel.shape for kernel in kernels(model)] == [(4, 5), (5, 4), (4, 3)]
    activations = [layer.activation.__name__ for layer in model.layers[1:]]
    assert activations == ["relu", "relu", "softmax"]


@both
def test_outputs_are_probabilities_of_an_uncompiled_model(build):
    model = build(seed=1)
    assert not model.compiled
    images = np.random.default_rng(1).normal(size=(5, *model.input_shape[1:])).astype("float32")
    outputs = np.asarray(model(images))
    assert outputs.shape == (5, 3)
    assert (outputs >= 0).all()
    assert_allclose(outputs.sum(axis=1), 1, rtol=1e-6)


@both
@pytest.mark.parametrize(("l1", "l2"), [(0, 0), (0.01, 0), (0, 0.02), (0.01, 0.02)])
def test_penalties_on_all_kernels_but_the_last(build, l1, l2):
    model = build(l1=l1, l2=l2, seed=1)
    penalties = [
        l1 * np.abs(kernel).sum() + l2 * np.square(kernel).sum() for kernel in kernels(model)[:-1]
    ]
    assert float(sum(model.losses)) == pytest.approx(sum(penalties), rel=1e-5)
    assert len(model.losses) == (len(penalties) if l1 or l2 else 0)


def test_cnn_normalizes_between_convolution_and_relu():
    model = build_small_cnn(batch_norm=True)
    assert classes(model)[:4] == [
        LAYERS.Conv2D,
        LAYERS.BatchNormalization,
        LAYERS.ReLU,
        LAYERS.MaxPooling2D,
    ]
    assert classes(model).count(LAYERS.BatchNormalization) == 3
    check_normalized(model, LAYERS.Conv2D)
    assert all(layer.use_bias for layer in model.layers if isinstance(layer, LAYERS.Dense))


def test_mlp_normalizes_between_dense_layer_and_relu():
    model = build_small_mlp(batch_norm=True)
    hidden = [LAYERS.Dense, LAYERS.BatchNormalization, LAYERS.ReLU]
    assert classes(model) == [LAYERS.Flatten, *hidden, *hidden, LAYERS.Dense]
    check_normalized(model, LAYERS.Dense)
    assert model.layers[-1].use_bias


def check_normalized(model: keras.Model, kind: type) -> None:
    """Before a normalization there is no bias and no ReLU; its momentum is 0.9."""
    for layer, following in pairwise(model.layers):
        if isinstance(following, LAYERS.BatchNormalization):
            assert isinstance(layer, kind)
            assert not layer.use_bias
            assert layer.activation.__name__ == "linear"
            assert following.momentum == 0.9


def test_dropout_stands_before_the_dense_layer_of_the_cnn():
    model = build_small_cnn(dropout=0.25)
    assert classes(model)[5:] == [LAYERS.Flatten, LAYERS.Dropout, LAYERS.Dense, LAYERS.Dense]
    assert model.layers[6].rate == 0.25


def test_dropout_follows_every_hidden_layer_of_the_mlp():
    hidden = [LAYERS.Dense, LAYERS.Dropout]
    assert classes(build_small_mlp(dropout=0.25)) == [
        LAYERS.Flatten,
        *hidden,
        *hidden,
        LAYERS.Dense,
    ]


@both
def test_a_seed_fixes_weights_and_dropout(build):
    one, same, other = (build(dropout=0.5, seed=seed) for seed in (1, 1, 2))
    assert_same_weights(one, same)
    for first, second in zip(kernels(one), kernels(other), strict=True):
        assert (first != second).mean() > 0.99
    images = np.ones((4, *one.input_shape[1:]), "float32")
    assert_array_equal(one(images, training=True), same(images, training=True))


@both
def test_a_seed_holds_whatever_the_global_seed_is(build):
    models = []
    for global_seed in (1, 2):
        keras.utils.set_random_seed(global_seed)
        models.append(build(seed=0))
    assert_same_weights(*models)


@both
def test_with_and_without_dropout_start_from_the_same_weights(build):
    assert_same_weights(build(seed=3), build(dropout=0.5, seed=3))


@both
def test_every_layer_draws_its_own_weights(build):
    firsts = [float(kernel.ravel()[0] / np.abs(kernel).max()) for kernel in kernels(build(seed=1))]
    assert len(set(firsts)) == len(firsts)


@both
def test_without_a_seed_keras_global_seed_decides(build):
    models = []
    for global_seed in (1, 1, 2):
        keras.utils.set_random_seed(global_seed)
        models.append(build())
    assert_same_weights(models[0], models[1])
    assert (kernels(models[0])[0] != kernels(models[2])[0]).any()
    assert (kernels(build())[0] != kernels(build())[0]).any()


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # in Keras
@both
def test_it_is_saved_and_loaded_without_custom_code(build, tmp_path):
    model = build(l1=0.01, l2=0.01, dropout=0.3, batch_norm=True, seed=1)
    assert not any(isinstance(layer, LAYERS.Lambda) for layer in model.layers)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert described(loaded) == described(model)
    assert_same_weights(loaded, model)
    images = np.ones((2, *model.input_shape[1:]), "float32")
    assert_array_equal(loaded(images), model(images))


def test_the_smallest_image():
    assert build_cnn((18, 40, 3), filters=(1, 1, 1)).count_params() > 0
    with pytest.raises(ValueError, match=r"at least 18\. Got input_shape=\(17, 40, 3\)"):
        build_cnn((17, 40, 3))


@both
@pytest.mark.parametrize(
    ("argument", "error", "sentence"),
    [
        ({"l1": -0.1}, ValueError, r"l1 of build_\w+ must be in \[0, inf\)"),
        ({"l2": np.nan}, ValueError, r"l2 of build_\w+ must be in \[0, inf\)"),
        ({"l2": "0.1"}, TypeError, r"l2 of build_\w+ must be a number"),
        ({"dropout": 1}, ValueError, r"dropout of build_\w+ must be in \[0, 1\)"),
        ({"dropout": True}, TypeError, r"dropout of build_\w+ must be a number"),
        ({"batch_norm": 1}, TypeError, r"batch_norm of build_\w+ must be True or False"),
        ({"seed": -1}, ValueError, r"seed of build_\w+ must be in \[0, inf\)"),
        ({"seed": 1.0}, TypeError, r"seed of build_\w+ must be a whole number"),
    ],
)
def test_wrong_arguments_of_both(build, argument, error, sentence):
    with pytest.raises(error, match=sentence):
        build(**argument)


@pytest.mark.parametrize(
    ("build", "argument", "error", "sentence"),
    [
        (build_cnn, {"input_shape": (32, 32)}, ValueError, "input_shape of build_cnn must be"),
        (build_cnn, {"input_shape": 32}, TypeError, "input_shape of build_cnn must be"),
        (build_cnn, {"input_shape": (32, 32, 0)}, ValueError, r"input_shape\[2\] of build_cnn"),
        (build_cnn, {"num_classes": 1}, ValueError, "num_classes of build_cnn must be"),
        (build_cnn, {"filters": (8, 8)}, ValueError, "filters of build_cnn must be three numbers"),
        (build_cnn, {"filters": (8, 8, 0)}, ValueError, r"filters\[2\] of build_cnn must be"),
        (build_cnn, {"filters": 8}, TypeError, "filters of build_cnn must be"),
        (build_mlp, {"input_shape": ()}, ValueError, "input_shape of build_mlp must be"),
        (build_mlp, {"num_classes": 2.0}, TypeError, "num_classes of build_mlp must be"),
        (build_mlp, {"hidden_units": ()}, ValueError, "hidden_units of build_mlp must be"),
        (build_mlp, {"hidden_units": (8, "8")}, TypeError, r"hidden_units\[1\] of build_mlp"),
    ],
)
def test_wrong_arguments_of_one(build, argument, error, sentence):
    with pytest.raises(error, match=sentence):
        build(**argument)
