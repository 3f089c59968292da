"""Cross-validation: scikit-learn's scores, no leak, and what is refused."""

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import sparse
from sklearn import linear_model
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedGroupKFold,
    StratifiedKFold,
    TimeSeriesSplit,
    cross_val_score,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from companion.tuning import CrossValidation, cross_validate
from companion.tuning import cross_validation as module
from companion.tuning.folds import FoldResult
from tests.tuning.noisy import noisy
from tests.tuning.ridge import FIT, ridge, ridge_problem

X, Y = ridge_problem()
GROUPS = np.repeat(np.arange(12), 5)
LABELS = (np.median(Y) < Y).astype(int)
HOLD_OUT = ShuffleSplit(1, test_size=0.25, random_state=0)


def standardize(train):
    return StandardScaler().fit(train).transform


@pytest.mark.parametrize(
    ("splitter", "y", "groups"),
    [
        (KFold(5, shuffle=True, random_state=0), Y, None),
        (GroupKFold(4), Y, GROUPS),
        (GroupKFold(4), Y, GROUPS.astype(str)),
        (TimeSeriesSplit(4), Y, None),
        (RepeatedKFold(n_splits=3, n_repeats=2, random_state=1), Y, None),
        (ShuffleSplit(3, random_state=0), Y, None),
        (StratifiedKFold(4), LABELS, None),
        (RepeatedStratifiedKFold(n_splits=2, n_repeats=2, random_state=1), LABELS, None),
        (StratifiedGroupKFold(3), LABELS, GROUPS),
    ],
    ids=lambda value: type(value).__name__,
)
def test_ridge_scores_as_scikit_learn_does(splitter, y, groups):
    ours = cross_validate(ridge(0.7), X, y, splitter=splitter, fit=FIT, groups=groups, seed=0)
    expected = -cross_val_score(
        linear_model.Ridge(0.7), X, y, groups=groups, cv=splitter, scoring="neg_mean_squared_error"
    )
    assert_allclose(ours.scores("mse"), expected, rtol=0, atol=1e-5)
    assert ours.mean("mse") == pytest.approx(expected.mean(), abs=1e-5)


def test_preprocessing_is_fitted_inside_the_fold():
    """Alpha is large, so that the scale of the inputs counts."""
    ours = cross_validate(
        ridge(30.0), X, Y, splitter=KFold(4), fit=FIT, preprocess=standardize, seed=0
    )
    pipeline = make_pipeline(StandardScaler(), linear_model.Ridge(30.0))
    expected = -cross_val_score(pipeline, X, Y, cv=KFold(4), scoring="neg_mean_squared_error")
    assert_allclose(ours.scores("mse"), expected, rtol=0, atol=1e-5)


def rows_seen(splitter, inner, groups=None):
    """Return for every fold the rows preprocessing, early stopping, fit and scores have seen."""
    numbered, folds = np.arange(60.0)[:, None] * np.ones((1, 3)), []

    def preprocess(train):
        folds.append([rows_of(train)])

        def transform(inputs):
            folds[-1].append(rows_of(inputs))
            return inputs / 60

        return transform

    cross_validate(
        noisy(),
        numbered,
        Y,
        splitter=splitter,
        fit={"batch_size": 64},
        preprocess=preprocess,
        groups=groups,
        seed=0,
        inner=inner,
    )
    names = ("fitted", "watched", "trained", "tested")
    return [SimpleNamespace(**dict(zip(names, fold, strict=True))) for fold in folds]


def rows_of(inputs):
    return inputs[:, 0].astype(int)


@pytest.mark.parametrize(
    ("splitter", "inner", "groups"),
    [
        (KFold(3, shuffle=True, random_state=0), HOLD_OUT, None),
        (TimeSeriesSplit(3), TimeSeriesSplit(3), None),
        (GroupKFold(3), GroupShuffleSplit(1, test_size=0.25, random_state=0), GROUPS),
    ],
    ids=["random", "series", "groups"],
)
def test_preprocessing_sees_the_rows_fitted_on_and_no_other(splitter, inner, groups):
    for (train, test), seen in zip(
        splitter.split(X, Y, groups), rows_seen(splitter, inner, groups), strict=True
    ):
        assert seen.fitted.tolist() == seen.trained.tolist()
        assert sorted([*seen.fitted, *seen.watched]) == sorted(train)
        assert sorted(seen.tested) == sorted(test)


def test_a_series_is_never_trained_on_its_future():
    """The watched rows are the latest of the training rows, since the last split counts."""
    for seen in rows_seen(TimeSeriesSplit(4), TimeSeriesSplit(3)):
        assert seen.fitted.max() < seen.watched.min()
        assert seen.watched.max() < seen.tested.min()
        assert len(seen.fitted) > 2 * len(seen.watched)


def test_groups_stay_together_inside_the_fold():
    inner = GroupShuffleSplit(1, test_size=0.25, random_state=0)
    for seen in rows_seen(GroupKFold(3), inner, GROUPS):
        fitted, watched, tested = (
            set(GROUPS[rows]) for rows in (seen.fitted, seen.watched, seen.tested)
        )
        assert not fitted & watched
        assert not (fitted | watched) & tested


def test_a_statistic_of_the_test_rows_is_not_seen():
    """A million is planted in one row: only folds that train on it know it."""
    x, means = X.copy(), []
    x[7] = 1e6

    def preprocess(train):
        means.append(train.mean())
        return lambda inputs: inputs / 1e6

    cross_validate(ridge(1.0), x, Y, splitter=KFold(3), fit=FIT, preprocess=preprocess, seed=0)
    assert [mean > 1000 for mean in means] == [False, True, True]


def test_preprocessing_that_changes_its_rows_changes_no_other_fold():
    def careless(train):
        train[:] = 0
        return lambda inputs: np.add(inputs, 1, out=inputs)

    x = X.copy()
    x.setflags(write=False)
    ours = cross_validate(ridge(0.7), x, Y, splitter=KFold(3), fit=FIT, preprocess=careless, seed=0)
    plain = cross_validate(ridge(0.7), X, Y, splitter=KFold(3), fit=FIT, seed=0)
    assert_allclose(ours.scores("mse"), plain.scores("mse"), atol=1e-5)  # a shift, nothing else


def result_of(*scores):
    return CrossValidation(tuple(FoldResult({"mae": s}, 4, 3, 0.5, 8, 2) for s in scores), "")


def test_mean_and_standard_error_by_hand():
    """Scores 1, 2, 3: s = 1, so the standard error is 1 / sqrt(3)."""
    result = result_of(1.0, 2.0, 3.0)
    assert result.mean("mae") == 2
    assert result.standard_error("mae") == pytest.approx(1 / np.sqrt(3))
    assert np.isnan(result_of(1.0).standard_error("mae"))
    assert np.isnan(result_of(1.0, np.inf).standard_error("mae"))


def test_the_table_has_a_row_a_fold():
    table = result_of(1.0, 2.0).to_dataframe()
    assert table.index.name == "fold"
    assert table.loc[1].to_dict() == {
        "mae": 2.0,
        "epochs": 4,
        "best_epoch": 3,
        "seconds": 0.5,
        "num_train": 8,
        "num_test": 2,
    }


def test_a_metric_that_was_not_compiled():
    with pytest.raises(ValueError, match=r"^metric of CrossValidation must be one of 'mae'\. Got"):
        result_of(1.0).mean("accuracy")


def test_progress_is_a_line_with_a_tick_a_fold(monkeypatch, capsys):
    monkeypatch.setattr(module, "is_interactive", lambda: True)
    cross_validate(ridge(1.0), X, Y, splitter=KFold(2), fit=FIT, seed=0)
    assert "folds: 100%|" in (line := capsys.readouterr().err)
    assert "2/2" in line


def test_nothing_is_shown_where_nobody_looks(monkeypatch, capfd):
    monkeypatch.setenv("CI", "1")
    cross_validate(ridge(1.0), X, Y, splitter=KFold(2), fit=FIT, seed=0)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("x", "y", "error", "sentence"),
    [
        (sparse.csr_array(X), Y, TypeError, r"x of .* Try x\.toarray\(\)\."),
        (X.tolist(), Y, TypeError, r"x of .* Try np\.asarray\(x\), in numbers\."),
        (X, Y > 0, TypeError, r"y of .* Try y\.astype\(int\)\."),
        (X, Y[1:], ValueError, "y of .* must be an array of as many rows as x, 60"),
        (X[:1], Y[:1], ValueError, "x of .* must be an array of at least 2 rows"),
        (np.full_like(X, np.nan), Y, ValueError, "x of .* must be finite"),
        (X, np.full_like(Y, np.inf), ValueError, "y of .* must be finite"),
    ],
)
def test_data_that_cannot_be_split(x, y, error, sentence):
    with pytest.raises(error, match=sentence):
        cross_validate(ridge(1.0), x, y, splitter=KFold(2), seed=0)
