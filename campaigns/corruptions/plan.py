"""Which kinds are drawn in which layouts: every kind, and every layout of a kind, equally often."""

import random
from collections import Counter
from itertools import cycle, islice

from campaigns.corruptions.catalogue import KINDS
from campaigns.corruptions.trial import Trial

_REAL = (
    ("one flipped bit in a pixel", "binary folder"),
    ("one other label", "Python folder"),
    ("exchanged training batches", "binary files"),
    ("truncated archive", "binary .tar.gz"),
    ("exchanged training and test image", "Keras folder"),
    ("flipped bits in an archive", "Python .tar.gz"),
)


def plan(count: int, seed: int) -> list[Trial]:
    """Return `count` trials; a shorter plan is the beginning of a longer one."""
    rng = random.Random(seed)
    kinds = rng.sample(list(KINDS.values()), len(KINDS))
    drawn: Counter[str] = Counter()
    trials = []
    for number, kind in enumerate(islice(cycle(kinds), count)):
        rarest = min(
            rng.sample(kind.layouts, len(kind.layouts)),
            key=lambda layout: (drawn[f"{kind.name} {layout.name}"], drawn[layout.name]),
        )
        drawn.update([rarest.name, f"{kind.name} {rarest.name}"])
        trials.append(Trial(number, kind.name, rarest.name, seed))
    return trials


def plan_real(count: int, seed: int) -> list[Trial]:
    """Return trials that fit CIFAR-10 itself, each of which takes as long as loading it."""
    chosen = islice(cycle(_REAL), count)
    return [Trial(number, *kind_and_layout, seed) for number, kind_and_layout in enumerate(chosen)]
