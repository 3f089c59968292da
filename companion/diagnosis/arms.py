"""Compare arms that share their seeds: is the best one better by more than the noise?"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from companion._validate import check_instance, check_text, refuse
from companion.diagnosis.curves import OVERFLOW, Curves
from companion.diagnosis.reading import read_run
from companion.diagnosis.verdict import Diagnosis
from companion.intervals import Interval, paired_interval

FEWEST_ARMS, FEWEST_SEEDS = 2, 2
FALSE_ALARMS = 0.05  # share of studies without any difference in which one is found
_REMEDY = '{"plain": [history_1, history_2], "dropout": [history_3, history_4]}'


def compare(arms: Mapping[str, Sequence[Any]]) -> Diagnosis:
    """Say whether arms differ by more than the noise, and which are as good as the best.

    Use it after a search, before you believe its winner. Every run counts with its validation
    accuracy after the last epoch, or with its cross-entropy or loss where it has no accuracy. (A
    loss contains the penalty: where strengths differ, compile a cross-entropy metric.) The best arm
    is compared with each other one, paired by seed. Since it is chosen after looking, the
    confidence is shared out among all pairs of arms (Bonferroni): where no arm is better than
    another, a difference is found in at most 5% of studies.

    Two or three seeds show large differences only. "Inside the noise" means that these runs cannot
    tell the arms apart, not that the arms are equal.

    Args:
        arms: Name of each arm to its histories, one a seed, as `diagnose` takes them: two arms or
            more, each with the same two seeds or more in the same order.

    Returns:
        The verdict `"inside the noise"` or `"different"`. The evidence holds the lead of the best
        arm over each other one as an `Interval`, positive where the best is better.

    Raises:
        TypeError: `arms` is no mapping of names to lists of histories.
        ValueError: There are too few arms or seeds, their numbers or metrics differ, a history is
            not valid, or a run has diverged.

    Example:
        >>> def run(accuracy):
        ...     return {"accuracy": [accuracy], "val_accuracy": [accuracy]}
        >>> plain, dropout = map(run, [0.70, 0.72, 0.71]), map(run, [0.71, 0.70, 0.72])
        >>> compare({"plain": list(plain), "dropout": list(dropout)}).verdict
        'inside the noise'

    Source:
        Dunn (1961), Multiple comparisons among means. Book: start/overfitting.
    """
    curves = _check_arms(arms)
    errors = {arm: [float(one.validation[-1]) for one in runs] for arm, runs in curves.items()}
    best = min(errors, key=lambda arm: float(np.mean(errors[arm])))
    confidence = 1 - FALSE_ALARMS / math.comb(len(errors), 2)
    leads = {
        arm: paired_interval(values, errors[best], confidence)
        for arm, values in errors.items()
        if arm != best
    }
    return _verdict(best, leads, next(iter(curves.values()))[0])


def _verdict(best: str, leads: Mapping[str, Interval], curves: Curves) -> Diagnosis:
    behind = [arm for arm, lead in leads.items() if lead.low > 0]
    equals = [best, *(arm for arm in leads if arm not in behind)]
    nearest = min(leads, key=lambda arm: leads[arm].mean)
    reason = (
        f"By validation {curves.name} {best!r} is best; its lead over {nearest!r}, the next, is "
        f"{_shown(leads[nearest], curves)}, and it beats {len(behind)} of {len(leads)} others "
        "beyond the noise."
    )
    evidence = {f"{best} over {arm}": lead for arm, lead in leads.items()}
    if not behind:
        return Diagnosis("inside the noise", reason, evidence, _NOTHING_MATTERS)
    return Diagnosis("different", reason, evidence, (_choice(equals), _ONCE))


_NOTHING_MATTERS = (
    "Nothing you tune here will matter: the differences are inside the noise. Take the simplest.",
    "To see smaller differences, add seeds or validation images; or change something larger.",
)
_ONCE = "The winner's score is optimistic: measure it once on the test set, with new seeds."


def _choice(equals: Sequence[str]) -> str:
    if len(equals) == 1:
        return f"Take {equals[0]!r}."
    return (
        f"Take the simplest of {', '.join(map(repr, equals))}: these runs cannot tell them apart."
    )


def _shown(lead: Interval, curves: Curves) -> str:
    if not curves.is_accuracy:
        return f"{lead:.3g}"
    mean, low, high = (100 * end for end in (lead.mean, lead.low, lead.high))
    return f"{mean:.2f} points [{low:.2f}, {high:.2f}], n={lead.n}"


def _check_arms(arms: object) -> dict[str, list[Curves]]:
    allowed = "a mapping of two names or more to lists of histories"
    named = check_instance(arms, "arms", "compare", Mapping, allowed, _REMEDY)
    if len(named) < FEWEST_ARMS:
        refuse(ValueError, arms, "arms", "compare", allowed, _REMEDY)
    checked = {
        check_text(arm, "a name in arms", "compare", "'dropout'"): _check_runs(arm, histories)
        for arm, histories in named.items()
    }
    kinds = {(len(runs), *{one.metric for one in runs}) for runs in checked.values()}
    if len(kinds) > 1:
        allowed = "as many seeds in every arm, all with the same metric"
        refuse(ValueError, arms, "arms", "compare", allowed, _REMEDY)
    return checked


def _check_runs(arm: str, histories: object) -> list[Curves]:
    name, allowed = f"arms[{arm!r}]", "a list of histories, one for each of two seeds or more"
    runs = check_instance(histories, name, "compare", (list, tuple), allowed, "[one, another]")
    if len(runs) < FEWEST_SEEDS:
        refuse(ValueError, histories, name, "compare", allowed, "[one, another]")
    curves = [
        read_run(history, None, "compare", f"{name}[{index}]").main
        for index, history in enumerate(runs)
    ]
    if not all(abs(one.validation[-1]) < OVERFLOW for one in curves):  # NaN is not below it
        allowed = "runs whose last loss is finite"
        refuse(ValueError, histories, name, "compare", allowed, "diagnose(history) for each")
    return curves
