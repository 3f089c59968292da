"""Cross-validated random searches on tables, with every fold run: behind the record on racing."""

import warnings
from typing import Any

import numpy as np

from companion.experiments.study import Config, History, Report
from companion.experiments.tables import load_tables

__all__ = ["draw_candidates", "score_candidates"]


def score_candidates(config: Config, seed: int, report: Report) -> History:
    """Score all candidates of a random search on all folds, and each refitted on held-out rows.

    Use it to replay any rule that saves folds, by `companion.tuning.race`: all scores are known.

    Args:
        config: `table`, the name of one of `load_tables`; `candidates` and `folds`, how many;
            `test_fraction`, the part of the rows that is held out of the search.
        seed: Fixes the candidates, the folds, the rows held out, and the models' random numbers.
        report: Called with the finished fraction after every candidate.

    Returns:
        One value a candidate, in the order of the search: `fold_1`, `fold_2` and so on, its
        accuracy in each fold; and `test_accuracy`, on the rows held out, after a fit on all others.
        Test accuracy is recorded, never used to choose anything.

    Source:
        Bergman et al. (2024), Don't waste your time: early stopping cross-validation.
        Book: practice/cross_validation.
    """
    from sklearn.model_selection import StratifiedKFold, train_test_split

    x, y = load_tables().tables[config["table"]]
    x, x_test, y, y_test = train_test_split(
        x, y, test_size=config["test_fraction"], stratify=y, random_state=seed
    )
    splitter = StratifiedKFold(config["folds"], shuffle=True, random_state=seed)
    folds = list(splitter.split(x, y))
    history: History = {f"fold_{number}": [] for number in range(1, config["folds"] + 1)}
    history["test_accuracy"] = []
    for number, model in enumerate(draw_candidates(config["candidates"], seed), 1):
        for scores, (train, test) in zip(history.values(), folds, strict=False):
            scores.append(_score(model, x[train], y[train], x[test], y[test]))
        history["test_accuracy"].append(_score(model, x, y, x_test, y_test))
        report(number / config["candidates"])
    return history


def draw_candidates(count: int, seed: int) -> list[Any]:
    """Draw classifiers of four kinds, with hyperparameters from good to hopeless.

    Args:
        count: How many, at least 1.
        seed: Which ones; and the seed of their own random numbers.

    Returns:
        Unfitted classifiers of scikit-learn; the first ones are the same for every `count`.

    Example:
        >>> [type(model.steps[-1][1]).__name__ for model in draw_candidates(3, seed=1)]
        ['SVC', 'RandomForestClassifier', 'MLPClassifier']

    Source:
        Bergstra and Bengio (2012), Random search for hyper-parameter optimization.
        Book: practice/cross_validation.
    """
    rng = np.random.default_rng(seed)
    kinds = (_logistic_regression, _support_vectors, _forest, _network)
    return [kinds[rng.integers(len(kinds))](rng, seed) for _ in range(count)]


def _logistic_regression(rng: np.random.Generator, seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    return _standardized(
        LogisticRegression(C=_log_uniform(rng, 1e-5, 1e2), max_iter=200, random_state=seed)
    )


def _support_vectors(rng: np.random.Generator, seed: int) -> Any:
    from sklearn.svm import SVC

    strength, width = _log_uniform(rng, 1e-2, 1e3), _log_uniform(rng, 1e-5, 1.0)
    return _standardized(SVC(C=strength, gamma=width, random_state=seed))


def _forest(rng: np.random.Generator, seed: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    depth, features = int(rng.integers(1, 17)), float(rng.uniform(0.05, 1.0))
    return _standardized(
        RandomForestClassifier(50, max_depth=depth, max_features=features, random_state=seed)
    )


def _network(rng: np.random.Generator, seed: int) -> Any:
    from sklearn.neural_network import MLPClassifier

    units, l2 = int(rng.integers(4, 65)), _log_uniform(rng, 1e-5, 1e1)
    rate = _log_uniform(rng, 1e-4, 1e-1)
    return _standardized(
        MLPClassifier((units,), alpha=l2, learning_rate_init=rate, max_iter=50, random_state=seed)
    )


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _standardized(model: Any) -> Any:
    """Fit the scale of the features in the fold, as part of the model."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), model)


def _score(
    model: Any, x: np.ndarray, y: np.ndarray, x_test: np.ndarray, y_test: np.ndarray
) -> float:
    from sklearn.base import clone
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # iterations are limited on purpose
        return float(clone(model).fit(x, y).score(x_test, y_test))
