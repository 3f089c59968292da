"""Choosing among cross-validated candidates: the best mean, or the simplest that is as good."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from companion._validate import check_callable, check_choice, check_instance, refuse
from companion.tuning.racing import DIRECTIONS

SELECTION_RULES = ("max", "one_se")
FEWEST_FOLDS = 2  # one score has no standard error
Values = Mapping[str, Any]
Simplicity = Callable[[Values], Any]


def select_candidate(
    scores: object,
    candidates: Sequence[Values],
    *,
    rule: str = "max",
    direction: str = "max",
    simplicity: Simplicity | None = None,
) -> int:
    """Return the row of the candidate to take, among those that have all folds.

    Use `"one_se"` where a simpler model is worth more than a difference inside the noise. Racing
    stops candidates that this rule might have taken: search with `racing="none"` for it.

    Args:
        scores: Fold scores, shape `(num_candidates, num_folds)`; NaN where a fold was not run or
            has no score. At least one row is complete.
        candidates: Hyperparameter values of each row.
        rule: `"max"` takes the best mean. `"one_se"` takes the simplest candidate whose mean is
            inside one standard error of the best one's mean, `s / sqrt(num_folds)`.
        direction: `"max"` where higher scores are better, `"min"` where lower ones are.
        simplicity: Makes a sort key of a candidate's values, simplest first; needed for
            `"one_se"`. Of equally simple ones the better is taken.

    Returns:
        The row.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument has no meaning here, or no row is complete.

    Example:
        >>> scores = [[0.70, 0.72], [0.71, 0.74], [0.60, 0.61]]
        >>> penalties = [{"l2": 0.1}, {"l2": 0.01}, {"l2": 1.0}]
        >>> simplest = lambda values: -values["l2"]
        >>> select_candidate(scores, penalties, rule="one_se", simplicity=simplest)
        0

    Source:
        Breiman et al. (1984), Classification and regression trees, section 3.4.3.
        Book: practice/cross_validation.
    """
    table = _table(scores)
    _check_candidates(candidates, len(table))
    check_selection(rule, simplicity, "select_candidate")
    check_choice(direction, "direction", "select_candidate", DIRECTIONS)
    gains = table if direction == "max" else -table
    complete = [row for row, folds in enumerate(gains) if np.isfinite(folds).all()]
    best = max(complete, key=lambda row: gains[row].mean())  # of equals the first
    if rule == "max" or simplicity is None:
        return best
    error = gains[best].std(ddof=1) / np.sqrt(gains.shape[1])
    close = [row for row in complete if gains[row].mean() >= gains[best].mean() - error]
    return min(close, key=lambda row: (simplicity(candidates[row]), -gains[row].mean()))


def check_selection(rule: object, simplicity: object, owner: str) -> None:
    """Check a rule together with the order of simplicity that it needs."""
    check_choice(rule, "rule", owner, SELECTION_RULES)
    if rule == "one_se" or simplicity is not None:
        check_callable(simplicity, "simplicity", owner, "lambda values: -values['l2']")


def _check_candidates(candidates: object, num_candidates: int) -> None:
    owner, remedy = "select_candidate", "candidates=[{'l2': value} for value in values]"
    allowed = f"a list of {num_candidates} mappings, one a row of scores"
    kinds = (list, tuple)
    rows = check_instance(candidates, "candidates", owner, kinds, allowed, remedy)
    if not all(isinstance(values, Mapping) for values in rows):
        refuse(TypeError, candidates, "candidates", owner, allowed, remedy)
    if len(rows) != num_candidates:
        refuse(ValueError, candidates, "candidates", owner, allowed, remedy)


def _table(scores: object) -> np.ndarray:
    allowed = "numbers of shape (num_candidates, num_folds), one row finite, at least 2 folds"
    remedy = "[[0.70, 0.72], [0.71, 0.74]]"
    try:
        table = np.asarray(scores)
    except (TypeError, ValueError):  # such as rows of different lengths
        table = np.empty(0, dtype=object)
    if table.dtype.kind not in "iuf":
        refuse(TypeError, scores, "scores", "select_candidate", allowed, remedy)
    table = table.astype(np.float64)
    if table.ndim != 2 or table.shape[1] < FEWEST_FOLDS:  # noqa: PLR2004
        refuse(ValueError, scores, "scores", "select_candidate", allowed, remedy)
    if not np.isfinite(table).all(axis=1).any():
        refuse(ValueError, scores, "scores", "select_candidate", allowed, remedy)
    return table
