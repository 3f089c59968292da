"""companion.tuning.racing: rules by tables worked out by hand, and what holds for every table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from companion.tuning import race
from companion.tuning.racing import RULES, RacingRule, run_folds

NAN, INF = float("nan"), float("inf")
INCUMBENT = [0.625, 0.75, 0.875]  # exact in binary; mean 0.75, worst 0.625
RACED = RULES[1:]
tables = st.tuples(st.integers(1, 8), st.integers(2, 6)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(0, 9).map(lambda n: n / 8))
)
any_rule, any_direction = st.sampled_from(RULES), st.sampled_from(["max", "min"])


@pytest.mark.parametrize(
    ("rule", "scores", "folds_run"),
    [
        ("none", [0.1, 0.1, 0.1], 3),
        ("forgiving", [0.5, 1.0, 1.0], 1),
        ("forgiving", [0.625, 0.5, 1.0], 2),  # equal to the worst fold, then a mean of 0.5625
        ("forgiving", [0.625, 0.625, 0.625], 3),
        ("aggressive", [0.75, 1.0, 1.0], 1),  # equal to the mean
        ("aggressive", [0.875, 0.5, 1.0], 2),
        ("aggressive", [0.875, 0.75, 0.0], 3),
        ("ttest", [0.0, 0.75, 0.875], 3),  # differences -0.625 and 0: t = -0.71, p = 0.30
        ("ttest", [0.5, 0.625, 0.875], 2),  # equal differences
        ("ttest", [0.625, 0.75, 0.0], 3),
    ],
)
def test_a_candidate_stops_where_its_rule_says(rule, scores, folds_run):
    outcome = race([INCUMBENT, scores], rule, alpha=0.25)
    assert outcome.folds_run == (3, folds_run)
    lower = race([[-s for s in INCUMBENT], [-s for s in scores]], rule, "min", alpha=0.25)
    assert lower.folds_run == (3, folds_run)


def test_the_t_test_is_corrected_by_nadeau_and_bengio():
    incumbent, scores = np.array([0.9, 0.8, 0.7]), np.array([0.8, 0.77, 0.68])
    differences = scores - incumbent
    plain = differences.mean() / (differences.std(ddof=1) / np.sqrt(3))
    corrected = plain / np.sqrt(1 + 3 * 0.25)
    p = stats.t.cdf(corrected, 2)
    assert stats.t.cdf(plain, 2) < p
    for alpha, stops in ((p + 1e-6, True), (p - 1e-6, False)):
        assert RacingRule("ttest", "max", alpha, 0.25).stops(scores, incumbent) is stops


@pytest.mark.parametrize("bad", [NAN, INF, -INF])
@pytest.mark.parametrize("rule", RACED)
def test_a_score_that_is_no_number_ends_a_candidate_and_never_wins(rule, bad):
    assert race([[0.5, 0.5], [bad, 0.9]], rule).folds_run == (2, 1)
    outcome = race([[bad, 0.9], [0.1, 0.1]], rule)
    assert outcome.winner == 1  # without an incumbent everyone ends
    assert outcome.folds_run == (2, 2)
    assert race([[bad, bad]], rule).winner is None


def test_a_forgiving_race_begins_with_the_incumbent_s_worst_fold():
    incumbent, scores = [0.875, 0.5, 0.625], [1.0, 0.25, 1.0]
    assert race([incumbent, scores], "forgiving").folds_run == (3, 1)
    assert race([incumbent, scores], "aggressive").folds_run == (3, 2)  # in the order of the folds
    losses = [[-s for s in incumbent], [-s for s in scores]]
    assert race(losses, "forgiving", "min").folds_run == (3, 1)
    rule = RacingRule("forgiving", "max", 0.3, 0.5)
    assert rule.order(incumbent) == [1, 2, 0]
    asked = []
    run_folds(lambda fold: asked.append(fold) or 1.0, 3, incumbent, rule)
    assert asked == [1, 2, 0]


def test_of_equals_the_first_stays():
    assert race([[0.5, 0.7], [0.6, 0.6]], "none").winner == 0


def test_a_stopped_candidate_does_not_win_by_its_easy_folds():
    easy_first = [[0.9, 0.9, 0.3, 0.3, 0.3], [0.8, 0.7, 0.2, 0.2, 0.2]]  # 0.75 of two, 0.54 of all
    outcome = race(easy_first, "ttest")
    assert (outcome.folds_run, outcome.winner) == ((5, 2), 0)


def test_an_outcome_says_what_it_cost_and_lost():
    scores = [[0.70, 0.80], [0.60, 0.99], [0.90, 0.60]]
    outcome = race(scores, "aggressive")
    assert outcome.folds_run == (2, 1, 2)
    assert (outcome.folds_spent, outcome.share, outcome.stopped) == (5, 5 / 6, (1,))
    assert outcome.winner == 0
    assert outcome.regret == pytest.approx(0.795 - 0.75)


@given(tables, any_rule, any_direction)
def test_the_winner_is_complete_and_no_complete_candidate_is_better(table, rule, direction):
    outcome = race(table, rule, direction)
    sign = 1 if direction == "max" else -1
    complete = [row for row, run in enumerate(outcome.folds_run) if run == table.shape[1]]
    assert outcome.winner in complete
    assert outcome.folds_run[0] == table.shape[1]
    best = max(sign * table[row].mean() for row in complete)
    assert sign * table[outcome.winner].mean() == best
    assert outcome.folds_spent <= table.size
    assert outcome.regret >= 0


@given(tables, any_direction)
def test_without_racing_every_fold_is_run_and_nothing_lost(table, direction):
    outcome = race(table, "none", direction)
    assert outcome.folds_spent == table.size
    assert outcome.regret == 0


@given(tables, any_rule)
def test_the_incumbent_never_gets_worse(table, rule):
    winners = [race(table[: n + 1], rule).winner for n in range(len(table))]
    means = [table[winner].mean() for winner in winners]
    assert means == sorted(means)


@given(tables, st.sampled_from(["forgiving", "aggressive"]))
def test_the_partial_mean_of_a_stopped_candidate_is_not_better_than_the_incumbent(table, rule):
    outcome = race(table, rule)
    for row in outcome.stopped:
        incumbent = table[race(table[:row], rule).winner]
        order = RacingRule(rule, "max", 0.3, 0.25).order(incumbent)
        partial = table[row, order[: outcome.folds_run[row]]].mean()
        assert partial <= incumbent.mean()
