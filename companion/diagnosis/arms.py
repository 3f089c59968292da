"""Compare arms that share their seeds: is the best one better by more than the noise?"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from companion._validate import check_instance, check_text, refuse
from companion.diagnosis.curves import OVERFLOW, Curves
from companion.diagnosis.reading import read_run
from companion.diagnosis.verdict import Diagnosis
from companion.intervals import Interval, paired_interval

FEWEST_ARMS, FEWEST_SEEDS = 2, 3
FALSE_ALARMS = 0.05  # share of studies without any difference in which one is found
MARGIN = 0.01  # of an accuracy, or of the best loss: an arm behind by less is as good
_REMEDY = '{"plain": [one, two, three], "dropout": [four, five, six]}'
_RUNS = "[one, two, three]"
_ONCE = "The winner's score is optimistic: measure it once on the test set, with new seeds."
_SMALLER = "Smaller differences need more seeds or validation images; or change something larger."


def compare(arms: Mapping[str, Sequence[Any]]) -> Diagnosis:
    """Say whether arms differ by more than the noise, and which are as good as the best.

    Use it after a search, before you believe its winner. Every run counts with its validation
    accuracy after the last epoch only, or with its cross-entropy or loss where it has no accuracy.
    (A loss contains the penalty: where strengths differ, compile a cross-entropy metric.) Of runs
    that stopped early pass only the epoch whose weights were kept. The best arm is compared with
    each other one, paired by seed. Since it is chosen after looking, the confidence is shared out
    among all pairs of arms (Bonferroni): where no arm is better than another, a difference is found
    in at most about 5% of studies.

    An arm is as good as the best where the whole interval of the lead is within one point of
    accuracy, or 1% of the best loss. It is behind where the interval excludes 0. Of all others
    these runs do not say: "inside the noise" does not mean that arms are equal. Leads that are the
    same for every seed have no spread to judge them by, and are taken as not settled either.

    Args:
        arms: Name of each arm to its histories, one a seed, as `diagnose` takes them: two arms or
            more, each with the same three seeds or more in the same order, all of as many epochs.

    Returns:
        The verdict `"inside the noise"` or `"different"`. The evidence holds the lead of the best
        arm over each other one as an `Interval`, positive where the best is better.

    Raises:
        TypeError: `arms` is no mapping of names to lists of histories.
        ValueError: There are too few arms or seeds, their numbers, epochs or metrics differ, a
            history is not valid, or a run has diverged.

    Example:
        >>> def run(accuracy):
        ...     return {"accuracy": [accuracy], "val_accuracy": [accuracy]}
        >>> plain = [run(0.70), run(0.72), run(0.71)]
        >>> dropout = [run(0.71), run(0.70), run(0.72)]
        >>> compare({"plain": plain, "dropout": dropout}).verdict
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
    margin = MARGIN * (1 if curves[best][0].is_accuracy else abs(float(np.mean(errors[best]))))
    return _verdict(best, leads, margin, curves[best][0])


def _verdict(best: str, leads: Mapping[str, Interval], margin: float, curves: Curves) -> Diagnosis:
    behind = [arm for arm, lead in leads.items() if 0 < lead.low < lead.high]
    equals = [arm for arm, lead in leads.items() if _is_within(lead, margin)]
    unsettled = [arm for arm in leads if arm not in behind and arm not in equals]
    each = "; ".join(f"over {arm!r} {_shown(lead, curves)}" for arm, lead in leads.items())
    reason = (
        f"By validation {curves.name} {best!r} is best; its lead is {each}. It beats {len(behind)} "
        f"of {len(leads)} beyond the noise."
    )
    evidence = {f"{best} over {arm}": lead for arm, lead in leads.items()}
    advice = [*_choice(best, equals, unsettled, curves.difference(margin))]
    if behind:
        return Diagnosis("different", reason, evidence, (*advice, _ONCE))
    return Diagnosis("inside the noise", reason, evidence, (*advice, _SMALLER))


def _is_within(lead: Interval, margin: float) -> bool:
    return lead.low < lead.high <= margin or lead.low == lead.high == 0


def _choice(
    best: str, equals: Sequence[str], unsettled: Sequence[str], margin: str
) -> Iterator[str]:
    if equals:
        yield f"Take the simplest of {_listed([best, *equals])}: they are within {margin}."
    elif not unsettled:
        yield f"Take {best!r}."
    if unsettled:
        yield f"Not settled: whether {best!r} is better than {_listed(unsettled)}. Add seeds."


def _listed(arms: Sequence[str]) -> str:
    return ", ".join(map(repr, arms))


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
    seeds = {len(runs) for runs in checked.values()}
    kinds = {(one.metric, len(one.train)) for runs in checked.values() for one in runs}
    if len(seeds) > 1 or len(kinds) > 1:
        allowed = "as many seeds in every arm, all runs with the same metric and as many epochs"
        refuse(ValueError, arms, "arms", "compare", allowed, _REMEDY)
    return checked


def _check_runs(arm: str, histories: object) -> list[Curves]:
    name, allowed = f"arms[{arm!r}]", "a list of histories, one for each of three seeds or more"
    runs = check_instance(histories, name, "compare", (list, tuple), allowed, _RUNS)
    if len(runs) < FEWEST_SEEDS:
        refuse(ValueError, histories, name, "compare", allowed, _RUNS)
    curves = [
        read_run(history, None, "compare", f"{name}[{index}]").main
        for index, history in enumerate(runs)
    ]
    if not all(abs(one.validation[-1]) < OVERFLOW for one in curves):  # NaN is not below it
        allowed = "runs whose last loss is finite"
        refuse(ValueError, histories, name, "compare", allowed, "diagnose(history) for each")
    return curves
