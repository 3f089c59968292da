"""companion.tuning.cv_tuner against scikit-learn: a ridge regression that both solve exactly."""

import keras
import keras_tuner
import numpy as np
import pytest
from sklearn.linear_model import Ridge as RidgeRegression
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score

from companion.tuning import CVTuner, cross_validate
from companion.tuning._refit import rescaled_epochs
from companion.tuning.folds import FoldResult
from tests.tuning.ridge import FIT, ridge, ridge_problem

pytestmark = pytest.mark.filterwarnings("ignore:currentThread|getName:DeprecationWarning")
ALPHAS = [0.1, 3.0, 100.0]
FOLDS = KFold(3)
X, Y = ridge_problem()


def build(hp):
    return ridge(hp.Choice("alpha", ALPHAS))()


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    folder = tmp_path_factory.mktemp("searches")
    objective = keras_tuner.Objective("mse", "min")
    return lambda: CVTuner(
        build, objective=objective, splitter=FOLDS, directory=folder, oracle="grid", racing="none"
    )


@pytest.fixture(scope="module")
def tuner(make):
    tuner = make()
    tuner.search(X, Y, fit=FIT)
    return tuner


@pytest.fixture(scope="module")
def reference():
    grid = {"alpha": ALPHAS}
    return GridSearchCV(RidgeRegression(), grid, scoring="neg_mean_squared_error", cv=FOLDS)


def test_every_fold_of_a_grid_is_that_of_scikit_learn(tuner, reference):
    expected = reference.fit(X, Y).cv_results_
    table = tuner.results().sort_values("order")
    assert list(table["alpha"]) == ALPHAS
    for fold in range(3):
        scores = -expected[f"split{fold}_test_score"]
        np.testing.assert_allclose(table[f"fold_{fold}"], scores, rtol=1e-5)
    assert tuner.best().get("alpha") == reference.best_params_["alpha"]


def test_without_racing_a_trial_is_a_cross_validation(tuner):
    expected = cross_validate(ridge(3.0), X, Y, splitter=FOLDS, fit=FIT, seed=1)
    row = tuner.results().set_index("alpha").loc[3.0]
    scores = [fold.scores["mse"] for fold in expected.folds]
    assert [row[f"fold_{fold}"] for fold in range(3)] == scores


def test_a_refitted_model_is_that_of_all_rows(tuner):
    refitted = tuner.refit()
    expected = RidgeRegression(tuner.best().get("alpha")).fit(X, Y)
    np.testing.assert_allclose(refitted.predict(X)[:, 0], expected.predict(X), rtol=1e-4)
    assert refitted.epochs == 1


def test_nested_scores_are_those_of_scikit_learn_and_resume(make, reference, monkeypatch):
    outer = KFold(2, shuffle=True, random_state=1)
    scores = make().nested_score(outer, X, Y, fit=FIT)
    expected = -cross_val_score(reference, X, Y, scoring="neg_mean_squared_error", cv=outer)
    np.testing.assert_allclose(scores, expected, rtol=1e-5)
    monkeypatch.setattr(keras.Model, "fit", None)  # nothing is trained again
    np.testing.assert_array_equal(make().nested_score(outer, X, Y, fit=FIT), scores)


def result(best_epoch, num_train):
    return FoldResult({"loss": 0.0}, best_epoch + 3, best_epoch, 1.0, num_train, 10)


def test_epochs_are_rescaled_to_the_same_number_of_updates():
    results = [result(10, 80), result(20, 80), result(12, 80)]  # 3 updates an epoch: 36 in all
    assert rescaled_epochs(results, 100, 32) == 9  # 4 updates an epoch
    assert rescaled_epochs(results, 80, 32) == 12
    assert rescaled_epochs([result(1, 10)], 1000, 10) == 1  # at least one
