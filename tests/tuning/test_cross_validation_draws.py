"""Cross-validation of models that draw random numbers: paired, repeatable, and nobody else's."""

import random

import keras
import numpy as np
from sklearn.model_selection import KFold

from companion.tuning import cross_validate
from tests.tuning.noisy import noisy
from tests.tuning.ridge import ridge_problem

X, Y = ridge_problem()


def test_the_same_seed_gives_the_same_scores_to_the_last_bit():
    def run(seed, spend=0, initial="glorot_uniform"):
        build = noisy(initial, spend)
        return cross_validate(build, X, Y, splitter=KFold(2), fit={"epochs": 2}, seed=seed)

    first, again, other = run(3), run(3), run(4)
    assert first == again
    assert (first.scores("mae") != other.scores("mae")).all()
    assert first.pairing != other.pairing


def test_what_a_build_draws_does_not_change_what_fit_draws():
    results = [
        cross_validate(noisy("zeros", spend), X, Y, splitter=KFold(2), fit={"epochs": 2}, seed=0)
        for spend in (0, 5)
    ]
    assert results[0] == results[1]


def test_what_preprocessing_draws_does_not_change_what_a_build_draws():
    def draws(train):
        keras.random.normal(train.shape)
        return lambda inputs: inputs

    results = [
        cross_validate(noisy(), X, Y, splitter=KFold(2), preprocess=preprocess, seed=0)
        for preprocess in (None, draws)
    ]
    assert results[0] == results[1]


def test_candidates_do_not_depend_on_each_other():
    def run(initial):
        return cross_validate(noisy(initial), X, Y, splitter=KFold(2), seed=0)

    one, two = run("random_uniform"), run("he_normal")
    assert (run("he_normal"), run("random_uniform")) == (two, one)


class PredefinedTwice:
    """A splitter of one's own."""

    def split(self, *_):
        return [(np.arange(30), np.arange(30, 60))] * 2

    def get_n_splits(self):
        return 2


def test_folds_draw_different_numbers():
    """The same rows twice, as folds of their own, start from other weights."""
    twice = PredefinedTwice()
    scores = cross_validate(noisy(), X, Y, splitter=twice, seed=0).scores("mae")
    assert scores[0] != scores[1]


def test_the_callers_random_numbers_and_precision_stay():
    states = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        cross_validate(noisy(), X, Y, splitter=KFold(2), seed=0)
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy("float32")
    assert (random.getstate(), np.random.get_state()[1].tolist()) == states  # noqa: NPY002


def test_names_of_metrics_are_those_of_the_first_fold():
    """Keras would count them: `mean_squared_error_1` in the second fold."""

    def build():
        model = noisy()()
        unnamed = keras.metrics.MeanSquaredError(name=None)
        model.compile("sgd", "mse", metrics=[unnamed], run_eagerly=True)
        return model

    result = cross_validate(build, X, Y, splitter=KFold(3), seed=0)
    assert [set(fold.scores) for fold in result.folds] == [{"loss", "mean_squared_error"}] * 3


def test_a_nan_score_is_reported():
    initial = iter([0.0, np.nan, 0.0])

    def build():
        return noisy(keras.initializers.Constant(next(initial)))()

    result = cross_validate(build, X, Y, splitter=KFold(3), seed=0)
    assert np.isnan(result.scores("mae")).tolist() == [False, True, False]
    assert np.isnan(result.mean("mae"))
    assert np.isnan(result.standard_error("mae"))
    assert result.to_dataframe()["mae"].isna().tolist() == [False, True, False]
