"""Hyperband's rounds: by hand, from KerasTuner's oracle, and what they promise."""

import keras_tuner
import pytest

from companion.from_scratch import Round, hyperband_brackets


def test_nine_epochs_by_hand():
    assert hyperband_brackets(9) == (
        (Round(9, 1), Round(3, 3), Round(1, 9)),
        (Round(5, 3), Round(2, 9)),
        (Round(3, 9),),
    )


@pytest.mark.parametrize(("max_epochs", "trials", "epochs"), [(9, 23, 75), (27, 70, 375)])
def test_known_budgets(max_epochs, trials, epochs):
    brackets = hyperband_brackets(max_epochs)
    assert sum(each.num_trials for bracket in brackets for each in bracket) == trials
    spent = 0
    for bracket in brackets:
        before = 0
        for each in bracket:
            spent += each.num_trials * (each.epochs - before)
            before = each.epochs
    assert spent == epochs


@pytest.mark.parametrize("factor", [2, 3, 4, 5, 10])
def test_equals_keras_tuner(factor):
    """Up to 300 epochs, powers of the factor among them, where its logarithms are rounded."""
    goal = keras_tuner.Objective("score", "max")
    for max_epochs in range(1, 301):
        oracle = keras_tuner.oracles.HyperbandOracle(goal, max_epochs=max_epochs, factor=factor)
        brackets = reversed(range(oracle._get_num_brackets()))
        theirs = tuple(
            tuple(
                Round(oracle._get_size(bracket, each), oracle._get_epochs(bracket, each))
                for each in range(bracket + 1)
            )
            for bracket in brackets
        )
        assert hyperband_brackets(max_epochs, factor) == theirs, max_epochs


def test_without_room_for_a_halving_it_is_random_search():
    assert hyperband_brackets(1) == ((Round(1, 1),),)
    assert hyperband_brackets(4, factor=5) == ((Round(2, 4),),)
