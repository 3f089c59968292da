"""What is excluded does not decay, everything else does, in any Keras model."""

import keras
import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_allclose, assert_array_equal

from companion.models import build_cnn, build_mlp
from companion.weight_decay import weight_decay_exclusions

RATE, DECAY = 0.125, 0.5


def names(variables) -> list[str]:
    return [variable.name for variable in variables]


def text_classifier() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((4,), dtype="int32"),
            layers.Embedding(7, 3),
            layers.LSTM(2),
            layers.LayerNormalization(),
            layers.Dense(2),
        ]
    )


def nested_model() -> keras.Model:
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(3), layers.BatchNormalization()])
    return keras.Sequential([keras.Input((3,)), inner, layers.Dense(2)])


def separable_model() -> keras.Model:
    image = keras.Input((6, 6, 2))
    x = layers.SeparableConv2D(3, 2)(image)
    x = layers.GroupNormalization(1)(layers.DepthwiseConv2D(2)(x))
    attention = layers.MultiHeadAttention(1, 2)
    x = layers.Reshape((-1, 3))(layers.PReLU(shared_axes=[1, 2])(x))
    return keras.Model(image, layers.Dense(2)(layers.Flatten()(attention(x, x))))


BUILDERS = [
    lambda: build_mlp((3,), 2, hidden_units=(4,), batch_norm=True, seed=1),
    lambda: build_cnn((18, 18, 1), 2, filters=(1, 2, 2), seed=1),
    text_classifier,
    nested_model,
    separable_model,
]
every_model = pytest.mark.parametrize(
    "build", BUILDERS, ids=["mlp", "cnn", "text", "nested", "separable"]
)


def decay_once(model: keras.Model, excluded) -> tuple[dict, dict]:
    """Take one step of AdamW whose gradient is zero; return the weights before and after."""
    optimizer = keras.optimizers.AdamW(RATE, weight_decay=DECAY)
    optimizer.exclude_from_weight_decay(var_list=excluded)
    for offset, weight in enumerate(model.trainable_variables, start=1):
        weight.assign(np.full(weight.shape, offset, np.float32))  # nothing starts at zero
    before = {weight.path: weight.numpy() for weight in model.trainable_variables}
    model.compile(optimizer, lambda _, output: 0.0 * output, jit_compile=False, run_eagerly=True)
    model.fit(np.zeros((2, *model.input_shape[1:])), np.zeros((2, 2)), verbose=0)
    return before, {weight.path: weight.numpy() for weight in model.trainable_variables}


def test_biases_and_batch_norm_are_excluded():
    model = build_mlp((3,), 2, hidden_units=(4,), batch_norm=True)
    assert names(weight_decay_exclusions(model)) == ["gamma", "beta", "bias"]


def test_embeddings_and_all_kernels_of_an_lstm_decay():
    model = text_classifier()
    excluded = weight_decay_exclusions(model)
    assert names(excluded) == ["bias", "gamma", "beta", "bias"]
    left = [v for v in model.trainable_variables if not any(v is each for each in excluded)]
    assert names(left) == ["embeddings", "kernel", "recurrent_kernel", "kernel"]


def test_layers_of_a_nested_model_are_found():
    assert names(weight_decay_exclusions(nested_model())) == ["bias", "gamma", "beta", "bias"]


def test_depthwise_pointwise_and_attention_kernels_decay():
    kinds = {v.name for v in weight_decay_exclusions(separable_model())}
    assert kinds == {"bias", "gamma", "beta", "alpha"}


def test_frozen_weights_are_nobodys_business():
    model = nested_model()
    model.layers[0].trainable = False
    assert names(weight_decay_exclusions(model)) == ["bias"]


@every_model
def test_excluded_weights_do_not_decay_and_all_others_do(build):
    model = build()
    excluded = weight_decay_exclusions(model)
    paths = {variable.path for variable in excluded}
    before, after = decay_once(model, excluded)
    assert 0 < len(paths) < len(before)
    for path, weights in before.items():
        if path in paths:
            assert_array_equal(after[path], weights, err_msg=path)
        else:
            assert_allclose(after[path], (1 - RATE * DECAY) * weights, err_msg=path)


def test_without_exclusions_keras_decays_everything():
    before, after = decay_once(nested_model(), [])
    for path, weights in before.items():
        assert_allclose(after[path], (1 - RATE * DECAY) * weights, err_msg=path)


def test_equals_excluding_by_name_where_layers_are_keras_own():
    optimizer = keras.optimizers.AdamW()
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    for build in BUILDERS[:4]:
        model = build()
        spared = [v.path for v in model.trainable_variables if not optimizer._use_weight_decay(v)]
        assert [v.path for v in weight_decay_exclusions(model)] == spared


@pytest.mark.parametrize("wrong", [None, "model", [], keras.layers.Dense(1)])
def test_what_is_no_model_is_refused(wrong):
    with pytest.raises(TypeError, match="model of weight_decay_exclusions must be a Keras model"):
        weight_decay_exclusions(wrong)


def test_a_model_without_weights_is_refused():
    with pytest.raises(ValueError, match=r"must have weights. Got 'empty', .*Try keras.Input"):
        weight_decay_exclusions(keras.Sequential([layers.Dense(1)], name="empty"))
