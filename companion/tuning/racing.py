"""Racing: stop the cross-validation of a candidate that will not win, by its first folds.

The incumbent is the best candidate that has all its folds. A candidate that a rule stops keeps the
mean of its finished folds and can never win; while there is no incumbent nobody is stopped.

These are pure functions of fold scores: `CVTuner` spends exactly the folds that `race` says.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from companion._validate import check_choice, check_number, refuse

RULES = ("none", "forgiving", "aggressive", "ttest")
DIRECTIONS = ("max", "min")
ALPHA = 0.3
Scores = Sequence[float] | np.ndarray


@dataclass(frozen=True)
class RaceOutcome:
    """What a race would have cost and found.

    Attributes:
        folds_run: Folds that each candidate ran before it ended or was stopped.
        num_folds: Folds of a complete candidate.
        winner: Row of the best complete candidate; None where none has finite scores.
        regret: How much better the best row's full mean is than the winner's, at least 0.

    Example:
        >>> RaceOutcome((2, 1), num_folds=2, winner=0, regret=0.0).share
        0.75
    """

    folds_run: tuple[int, ...]
    num_folds: int
    winner: int | None
    regret: float

    @property
    def folds_spent(self) -> int:
        """Fits that the race made."""
        return sum(self.folds_run)

    @property
    def share(self) -> float:
        """Fits that the race made, as a part of all."""
        return self.folds_spent / (len(self.folds_run) * self.num_folds)

    @property
    def stopped(self) -> tuple[int, ...]:
        """Rows of the candidates that were stopped."""
        return tuple(row for row, run in enumerate(self.folds_run) if run < self.num_folds)


@dataclass(frozen=True)
class RacingRule:
    """When to stop a candidate.

    Attributes:
        name: One of `RULES`.
        direction: `"max"` where higher scores are better, else `"min"`.
        alpha: Level of the one-sided test of `"ttest"`.
        test_ratio: Test rows of a fold for each training row, which the test corrects for.
    """

    name: str
    direction: str
    alpha: float
    test_ratio: float

    def order(self, incumbent: Scores) -> list[int]:
        """Return the order of a candidate's folds: under `"forgiving"` the incumbent's worst first.

        Folds that are hard for one candidate are mostly hard for all; on them the running mean
        falls below the incumbent's worst fold soonest. The other rules compare with the
        incumbent's mean or with the same folds: this order would be unfair, or of no use, there.
        """
        if self.name == "forgiving":
            return [int(fold) for fold in np.argsort(self.gains(incumbent), kind="stable")]
        return list(range(len(incumbent)))

    def stops(self, scores: Scores, incumbent: Scores) -> bool:
        """Tell whether a candidate with these scores stops; the incumbent's begin with the same."""
        gains, best = self.gains(scores), self.gains(incumbent)
        if self.name == "none":
            return False
        if not np.isfinite(gains).all():
            return True
        if self.name == "forgiving":
            return bool(gains.mean() < best.min())
        if self.name == "aggressive":
            return bool(gains.mean() <= best.mean())
        return _is_worse(gains - best[: len(gains)], self.test_ratio, self.alpha)

    def beats(self, scores: Scores, incumbent: Scores | None) -> bool:
        """Tell whether a complete candidate becomes the incumbent; of equals the first stays."""
        mean = self.mean_gain(scores)
        if incumbent is None:
            return bool(np.isfinite(mean))
        return mean > self.mean_gain(incumbent)

    def mean_gain(self, scores: Scores) -> float:
        """Return the mean with that sign; NaN where a score is not finite."""
        gains = self.gains(scores)
        return float(gains.mean()) if np.isfinite(gains).all() else float("nan")

    def gains(self, scores: Scores) -> np.ndarray:
        """Return the scores with such a sign that higher is better."""
        return (1 if self.direction == "max" else -1) * np.asarray(scores, dtype=np.float64)


def race(
    scores: object,
    rule: str = "forgiving",
    direction: str = "max",
    *,
    alpha: float = ALPHA,
    test_ratio: float | None = None,
) -> RaceOutcome:
    """Replay a race on scores that are all known.

    Use it to see what racing would have saved, and lost, on a search that ran every fold.

    Args:
        scores: Scores in the order of the search, shape `(num_candidates, num_folds)`; NaN and
            infinity are scores that never win.
        rule: `"none"` runs every fold. `"forgiving"` starts with the incumbent's worst fold and
            stops a candidate whose running mean is worse than the incumbent on it; `"aggressive"`
            stops one whose running mean is not better than the incumbent's mean; `"ttest"` one that
            is worse on the folds both have by the corrected paired t-test.
        direction: `"max"` where higher scores are better, `"min"` where lower ones are.
        alpha: Level of the one-sided t-test, in (0, 0.5].
        test_ratio: Test rows for each training row of a fold, in (0, inf); None takes that of
            k-fold cross-validation, `1 / (num_folds - 1)`.

    Returns:
        The folds spent, who was stopped, who won, and what was lost.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument has no meaning here.

    Example:
        >>> outcome = race([[0.7, 0.8], [0.6, 0.9], [0.8, 0.9]])
        >>> outcome.folds_run, outcome.winner
        ((2, 1, 2), 2)

    Source:
        Bergman et al. (2024), Don't waste your time: early stopping cross-validation (whose code
        stops at equality under both rules, and takes the folds as they come); Nadeau & Bengio
        (2003), Inference for the generalization error. Book: practice/cross_validation.
    """
    table = _table(scores)
    check_choice(rule, "rule", "race", RULES)
    check_choice(direction, "direction", "race", DIRECTIONS)
    level = check_number(alpha, "alpha", "race", "(0, 0.5]", ALPHA)
    if test_ratio is None:
        ratio = 1 / (table.shape[1] - 1)
    else:
        ratio = check_number(test_ratio, "test_ratio", "race", "(0, inf)", 0.25)
    return _replay(table, RacingRule(rule, direction, level, ratio))


def run_folds(
    score: Callable[[int], float], num_folds: int, incumbent: Scores | None, rule: RacingRule
) -> list[float]:
    """Score one fold after the other, in the rule's order, until they end or the rule stops it."""
    if incumbent is None:
        return [score(fold) for fold in range(num_folds)]
    order = rule.order(incumbent)
    rival = np.asarray(incumbent, dtype=np.float64)[order]
    scores = [score(order[0])]
    while len(scores) < num_folds and not rule.stops(scores, rival):
        scores.append(score(order[len(scores)]))
    return scores


def _replay(table: np.ndarray, rule: RacingRule) -> RaceOutcome:
    folds_run: list[int] = []
    winner: int | None = None
    for row, scores in enumerate(table):
        incumbent: np.ndarray | None = None if winner is None else table[winner]
        run = run_folds(scores.__getitem__, len(scores), incumbent, rule)
        folds_run.append(len(run))
        if len(run) == len(scores) and rule.beats(scores, incumbent):  # not in another order
            winner = row
    return RaceOutcome(tuple(folds_run), table.shape[1], winner, _regret(table, winner, rule))


def _regret(table: np.ndarray, winner: int | None, rule: RacingRule) -> float:
    if winner is None:
        return 0.0
    means = np.array([rule.mean_gain(row) for row in table])
    return float(np.nanmax(means) - means[winner])


def _is_worse(differences: np.ndarray, test_ratio: float, alpha: float) -> bool:
    """Test one-sided that the mean difference is negative; one difference proves nothing."""
    if len(differences) < 2:  # noqa: PLR2004
        return False
    mean, variance = differences.mean(), differences.var(ddof=1)
    if variance == 0:
        return bool(mean < 0)
    t = mean / np.sqrt((1 / len(differences) + test_ratio) * variance)
    return bool(stats.t.cdf(t, len(differences) - 1) < alpha)


def _table(scores: object) -> np.ndarray:
    allowed = "numbers of shape (num_candidates, num_folds), with at least 2 folds"
    remedy = "[[0.7, 0.8], [0.6, 0.9]]"
    try:
        table = np.asarray(scores)
    except (TypeError, ValueError):  # such as rows of different lengths
        table = np.empty(0, dtype=object)
    if table.dtype.kind not in "iuf":
        refuse(TypeError, scores, "scores", "race", allowed, remedy)
    if table.ndim != 2 or len(table) < 1 or table.shape[1] < 2:  # noqa: PLR2004
        refuse(ValueError, scores, "scores", "race", allowed, remedy)
    return table.astype(np.float64)
