"""WeightNorms: hand-computed norms, the right set of kernels, a table per fit."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.callbacks import WeightNorms
from companion.callbacks.weight_norms import kernels, norms_and_sparsity


def test_hand_computed_norm_and_sparsity():
    weights = {"a": np.array([[3.0, -4.0], [0.5e-3, 1e-3]]), "b": np.zeros((2, 1, 3))}
    values = norms_and_sparsity(weights, threshold=1e-3)
    assert_allclose(values["norm_a"], (9 + 16 + 0.25e-6 + 1e-6) ** 0.5, rtol=1e-14)
    assert values["sparsity_a"] == 0.25  # a weight that equals the threshold does not count
    assert (values["norm_b"], values["sparsity_b"]) == (0.0, 1.0)


def test_norm_is_summed_in_double_precision():
    ones = np.full(2**21, 0.1, dtype=np.float16)
    expected = float(np.float16(0.1)) * 2**10.5
    assert_allclose(norms_and_sparsity({"w": ones}, 1e-3)["norm_w"], expected, rtol=1e-12)


def test_last_row_is_the_trained_model_and_history_equals_the_table(build, train):
    model, norms = build(), WeightNorms(threshold=0.1)
    history = model.fit(*train, epochs=3, callbacks=[norms], verbose=0).history
    kernel = model.get_layer("h").kernel.numpy()
    table = norms.table()
    assert list(table) == ["epoch", "norm_h", "sparsity_h", "norm_out", "sparsity_out"]
    assert table["epoch"] == [0, 1, 2]
    assert_allclose(table["norm_h"][-1], np.sqrt((kernel.astype(float) ** 2).sum()), rtol=1e-12)
    assert table["sparsity_h"][-1] == np.mean(np.abs(kernel) < 0.1)
    assert {name: history[name] for name in table if name != "epoch"} == {
        name: column for name, column in table.items() if name != "epoch"
    }


def test_kernels_of_every_kind_of_layer_but_no_biases():
    inputs = keras.Input((5,))
    x = keras.layers.Embedding(7, 3, name="words")(inputs)
    x = keras.layers.LSTM(2, name="lstm")(x)
    x = keras.layers.BatchNormalization()(x)
    frozen = keras.layers.Dense(2, trainable=False, name="frozen")(x)
    model = keras.Model(inputs, keras.layers.Dense(1, name="out")(frozen))
    shapes = {name: kernel.shape for name, kernel in kernels(model).items()}
    assert shapes == {
        "words/embeddings": (7, 3),
        "lstm/lstm_cell": (3, 8),
        "lstm/lstm_cell/recurrent_kernel": (2, 8),
        "out": (2, 1),
    }


def test_kernels_of_the_same_name_stay_apart():
    def tower(inputs: keras.KerasTensor) -> keras.Model:
        return keras.Model(inputs, keras.layers.Dense(2, name="dense")(inputs))

    inputs = keras.Input((3,))
    outputs = keras.layers.Add()([tower(keras.Input((3,)))(inputs) for _ in range(2)])
    assert list(kernels(keras.Model(inputs, outputs))) == ["dense", "dense#2"]


def test_table_is_empty_before_training():
    assert WeightNorms().table() == {"epoch": []}


def test_a_model_without_kernels_is_refused():
    model = keras.Sequential([keras.Input((4,)), keras.layers.BatchNormalization()])
    model.compile(loss="mse")
    with pytest.raises(ValueError, match="WeightNorms found no kernel in the model"):
        model.fit(np.zeros((2, 4)), np.zeros((2, 4)), callbacks=[WeightNorms()], verbose=0)


@pytest.mark.parametrize(("threshold", "error"), [(0, ValueError), ("1e-3", TypeError)])
def test_wrong_threshold_gives_one_sentence(threshold, error):
    with pytest.raises(error, match=r"threshold of WeightNorms must be .*\(0, inf\)"):
        WeightNorms(threshold)
