"""The whole matrix of fold scores is what scikit-learn's own cross-validation gives."""

import pytest
from sklearn.model_selection import StratifiedKFold, cross_val_score, train_test_split

from companion.experiments.racing_training import draw_candidates, score_candidates
from companion.experiments.tables import load_tables

CONFIG = {"table": "breast-cancer", "candidates": 3, "folds": 4, "test_fraction": 0.25}
FOLDS = ["fold_1", "fold_2", "fold_3", "fold_4"]


def nobody(fraction: float) -> None:
    """Take a report."""


@pytest.fixture(scope="module")
def searched():
    """History and reported fractions of one search."""
    fractions: list[float] = []
    return score_candidates(CONFIG, 3, fractions.append), fractions


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_scores_are_those_of_scikit_learn(searched):
    history, fractions = searched
    x, y = load_tables().tables["breast-cancer"]
    x, x_test, y, y_test = train_test_split(x, y, test_size=0.25, stratify=y, random_state=3)
    assert (len(x), len(x_test)) == (426, 143)
    splitter = StratifiedKFold(4, shuffle=True, random_state=3)
    assert list(history) == [*FOLDS, "test_accuracy"]
    for row, candidate in enumerate(draw_candidates(3, seed=3)):
        scores = cross_val_score(candidate, x, y, cv=splitter)
        assert [history[fold][row] for fold in FOLDS] == scores.tolist()
        refitted = candidate.fit(x, y)
        assert history["test_accuracy"][row] == refitted.score(x_test, y_test)
    assert {len(values) for values in history.values()} == {3}
    assert fractions == [1 / 3, 2 / 3, 1.0]


def test_a_seed_fixes_everything(searched):
    assert score_candidates(CONFIG, 3, nobody) == searched[0]
    assert score_candidates(CONFIG, 4, nobody) != searched[0]


def described(model):
    final = model.steps[-1][1]
    return type(final).__name__, final.get_params()


def test_the_first_candidates_do_not_depend_on_their_number():
    few, many = draw_candidates(3, seed=5), draw_candidates(24, seed=5)
    assert list(map(described, few)) == list(map(described, many[:3]))
    assert described(many[0]) != described(draw_candidates(1, seed=6)[0])


def test_candidates_are_of_four_kinds_within_their_bounds():
    candidates = [described(model) for seed in range(1, 11) for model in draw_candidates(24, seed)]
    bounds = {
        "LogisticRegression": {"C": (1e-5, 1e2)},
        "SVC": {"C": (1e-2, 1e3), "gamma": (1e-5, 1)},
        "RandomForestClassifier": {"max_depth": (1, 16), "max_features": (0.05, 1)},
        "MLPClassifier": {"alpha": (1e-5, 1e1), "learning_rate_init": (1e-4, 1e-1)},
    }
    assert {kind for kind, _ in candidates} == set(bounds)
    for kind, options in bounds.items():
        drawn = [values for name, values in candidates if name == kind]
        assert len(drawn) > 30
        for option, (low, high) in options.items():
            tried = [values[option] for values in drawn]
            assert low <= min(tried) < max(tried) <= high
            assert len(set(tried)) > 10
