"""companion.tuning.cv_tuner trains: against scikit-learn, again with the same seed, and at last."""

import keras
import keras_tuner
import numpy as np
import pytest
from sklearn.linear_model import Ridge as RidgeRegression
from sklearn.model_selection import GridSearchCV, KFold, ShuffleSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from companion.callbacks import StopEarly
from companion.from_scratch import StoppingRule
from companion.tuning import CVTuner, cross_validate
from companion.tuning._refit import rescaled_epochs
from companion.tuning.folds import FoldResult
from tests.tuning.ridge import FIT, ridge, ridge_problem

ALPHAS = [0.1, 3.0, 100.0]
FOLDS = KFold(3)
X, Y = ridge_problem()


def build(hp):
    return ridge(hp.Choice("alpha", ALPHAS))()


def standardize(train):
    return StandardScaler().fit(train).transform


def pipeline(alpha=1.0):
    return make_pipeline(StandardScaler(), RidgeRegression(alpha))


def noisy(hp):
    """Return a model whose training depends on initial weights, dropout and the order of rows."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dropout(0.5), keras.layers.Dense(1)])
    rate = hp.Float("rate", 0.001, 0.01)
    metrics = [keras.metrics.MeanSquaredError(name=None)]  # Keras names it
    model.compile(keras.optimizers.SGD(rate), "mse", metrics=metrics, run_eagerly=True)
    return model


def noisy_tuner(directory, **changed):
    loss = keras_tuner.Objective("loss", "min")
    settings = {"objective": loss, "splitter": KFold(2), "max_trials": 2, "racing": "aggressive"}
    return CVTuner(noisy, **{**settings, "directory": directory, **changed})


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    folder = tmp_path_factory.mktemp("searches")
    objective = keras_tuner.Objective("mse", "min")
    settings = {"objective": objective, "splitter": FOLDS, "oracle": "grid", "racing": "none"}
    return lambda: CVTuner(build, preprocess=standardize, directory=folder, **settings)


@pytest.fixture(scope="module")
def tuner(make):
    tuner = make()
    tuner.search(X, Y, fit=FIT)
    return tuner


@pytest.fixture(scope="module")
def reference():
    grid = {"ridge__alpha": ALPHAS}
    return GridSearchCV(pipeline(), grid, scoring="neg_mean_squared_error", cv=FOLDS)


def test_every_fold_of_a_grid_is_that_of_scikit_learn(tuner, reference):
    expected = reference.fit(X, Y).cv_results_
    table = tuner.results().sort_values("order")
    assert list(table["alpha"]) == ALPHAS
    for fold in range(3):
        scores = -expected[f"split{fold}_test_score"]
        np.testing.assert_allclose(table[f"fold_{fold}"], scores, rtol=1e-5)
    assert tuner.best().get("alpha") == reference.best_params_["ridge__alpha"]


def test_without_racing_a_trial_is_a_cross_validation(tuner):
    expected = cross_validate(
        ridge(3.0), X, Y, splitter=FOLDS, fit=FIT, preprocess=standardize, seed=1
    )
    row = tuner.results().set_index("alpha").loc[3.0]
    scores = [fold.scores["mse"] for fold in expected.folds]
    assert [row[f"fold_{fold}"] for fold in range(3)] == scores


def test_a_refitted_model_is_that_of_all_rows(tuner):
    refitted = tuner.refit()
    expected = pipeline(tuner.best().get("alpha")).fit(X, Y)
    np.testing.assert_allclose(refitted.predict(X)[:, 0], expected.predict(X), rtol=1e-4)
    assert refitted.epochs == 1


def test_nested_scores_are_those_of_scikit_learn_and_resume(make, reference, monkeypatch):
    outer = KFold(2, shuffle=True, random_state=1)
    scores = make().nested_score(outer, X, Y, fit=FIT)
    expected = -cross_val_score(reference, X, Y, scoring="neg_mean_squared_error", cv=outer)
    np.testing.assert_allclose(scores, expected, rtol=1e-5)
    monkeypatch.setattr(keras.Model, "fit", None)  # nothing is trained again
    np.testing.assert_array_equal(make().nested_score(outer, X, Y, fit=FIT), scores)


def test_the_same_seed_gives_the_same_table_to_the_last_bit(tmp_path):
    tables = []
    for place, seed in enumerate((3, 3, 4)):
        tuner = noisy_tuner(tmp_path / str(place), seed=seed)
        tuner.search(X, Y, fit={"batch_size": 15})
        tables.append(tuner.results().drop(columns="seconds"))
    assert tables[0].equals(tables[1])
    assert not set(tables[0]["score"]) & set(tables[2]["score"])


SEEN: list[int] = []  # by all copies


class Epochs(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        del logs
        SEEN.append(epoch)


def test_a_refitted_model_has_preprocessing_epochs_and_callbacks_of_its_own(tmp_path):
    """Folds fit on 15 rows, so 3 best epochs make 3 updates; on 60 rows an epoch makes 4."""
    tuner = noisy_tuner(
        tmp_path,
        max_trials=1,
        preprocess=standardize,
        inner=ShuffleSplit(1, test_size=0.5, random_state=0),
    )
    stop = StopEarly("val_loss", StoppingRule(mode="min", patience=9))
    tuner.search(X, Y, fit={"batch_size": 15, "epochs": 3, "callbacks": [stop, Epochs()]})
    assert list(tuner.results()["best_epoch"]) == [3]  # such small steps only ever help
    SEEN.clear()
    refitted = tuner.refit()
    assert (refitted.epochs, SEEN) == (1, [0])
    scaled = refitted.model.predict((X - X.mean(axis=0)) / X.std(axis=0), verbose=0)
    np.testing.assert_allclose(refitted.predict(X), scaled, rtol=1e-4, atol=1e-5)
    scores = refitted.evaluate(X, Y)
    assert set(scores) == {"loss", "mean_squared_error"}  # no name is counted on
    assert scores["loss"] == pytest.approx(np.mean((scaled[:, 0] - Y) ** 2), rel=1e-4)


def result(best_epoch, num_train):
    return FoldResult({"loss": 0.0}, best_epoch + 3, best_epoch, 1.0, num_train, 10)


def test_epochs_are_rescaled_to_the_same_number_of_updates():
    results = [result(10, 80), result(20, 80), result(12, 80)]  # 3 updates an epoch: 36 in all
    assert rescaled_epochs(results, 100, 32) == 9  # 4 updates an epoch
    assert rescaled_epochs(results, 80, 32) == 12
    assert rescaled_epochs([result(1, 10)], 1000, 10) == 1  # at least one
