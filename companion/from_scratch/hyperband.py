"""Hyperband: how many trials it starts, how long each trains, and how many go on."""

from typing import NamedTuple

from companion._validate import check_integer


class Round(NamedTuple):
    """One round of successive halving.

    Attributes:
        num_trials: Trials that train in it.
        epochs: Epochs that each has trained after it, those of earlier rounds included.

    Example:
        >>> Round(num_trials=9, epochs=1)
        Round(num_trials=9, epochs=1)
    """

    num_trials: int
    epochs: int


def hyperband_brackets(max_epochs: int, factor: int = 3) -> tuple[tuple[Round, ...], ...]:
    r"""Return the rounds of every bracket of KerasTuner's `Hyperband`, in the order it starts them.

    Use it to see what a search will cost before you start it: a round trains `num_trials` for the
    epochs that it adds to the round before, since a trial that goes on starts from its weights.

    Differs from the paper: every number of trials is rounded up, not down, and where `max_epochs`
    is no power of `factor` the brackets are larger.

    Args:
        max_epochs: Most epochs of one trial, the symbol $R$, at least 1.
        factor: One in `factor` trials goes on, the symbol $\phi$, at least 2; 3 by default.

    Returns:
        Brackets, the one that stops most trials first; the last one stops none.

    Raises:
        TypeError: An argument is no whole number.
        ValueError: An argument is out of range.

    Example:
        >>> for bracket in hyperband_brackets(9):
        ...     print([tuple(each) for each in bracket])
        [(9, 1), (3, 3), (1, 9)]
        [(5, 3), (2, 9)]
        [(3, 9)]

    Source:
        Li et al. (2018), Hyperband. Book: practice/tuning.
    """
    owner = "hyperband_brackets"
    longest = check_integer(max_epochs, "max_epochs", owner, "[1, inf)", 27)
    factor = check_integer(factor, "factor", owner, "[2, inf)", 3)
    halvings = 0
    while factor ** (halvings + 1) <= longest:
        halvings += 1
    size = halvings + (1 if factor**halvings == longest else 2)  # 1 + log R to the base, rounded up
    return tuple(
        tuple(_round(longest, factor, size, bracket, left) for left in range(bracket, -1, -1))
        for bracket in range(halvings, -1, -1)
    )


def _round(longest: int, factor: int, size: int, bracket: int, left: int) -> Round:
    # equation tuning-brackets; `left` is s - i, the rounds that follow
    num_trials = _divided(size * factor**left, bracket + 1)
    return Round(num_trials, _divided(longest, factor**left))


def _divided(number: int, by: int) -> int:
    return -(-number // by)  # rounded up, without an error of floating point
