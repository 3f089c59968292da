"""What every loader does: take real data where they are, else a stand-in that says what it is."""

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from companion._validate import check_choice, check_integer
from companion.datasets._cache import cache_dir
from companion.datasets._errors import DataNotFoundError, StandInWarning
from companion.datasets._search import find_data
from companion.datasets._spec import DataSpec

_CALLER = 4  # of the loader, seen from where the warning is given


class Division(NamedTuple):
    """How a training set is divided; arguments of `split_examples`."""

    validation_size: int
    subset: int | None
    seed: int


def check_division(
    owner: str, most: int, suggestion: int, validation_size: int, subset: int | None, seed: int
) -> Division:
    """Return the division of `most` training examples if every number is in its range."""
    validation_size = check_integer(
        validation_size, "validation_size", owner, f"[0, {most - 1}]", suggestion
    )
    if subset is not None:
        left = most - validation_size
        subset = check_integer(subset, "subset", owner, f"[1, {left}]", min(5_000, left))
    return Division(validation_size, subset, check_integer(seed, "seed", owner, "[0, inf)", 0))


def find_or_fetch(
    spec: DataSpec, data_dir: Path | None, fetch: Callable[[Path], object] | None
) -> Any | None:
    """Return the real data, decoded; None if the stand-in is forced or nothing was found.

    Args:
        spec: The data set.
        data_dir: The only place to search; None for all of them.
        fetch: Downloads the official archive into a folder; None if nobody asked for that.
    """
    if _stand_in_is_forced():
        return None
    found = find_data(spec, data_dir)
    if found is None and fetch:
        fetch(cache_dir())
        found = find_data(spec, data_dir)
    return found


def announce_stand_in(title: str, items: str, remedy: str, allowed: bool) -> None:
    """Warn that synthetic data take the place of the real ones, or refuse to use them.

    Args:
        title: What the data set is called.
        items: What its examples are.
        remedy: How to get the real ones.
        allowed: Whether the caller of the loader accepts a stand-in.
    """
    forced = _stand_in_is_forced()
    reason = "COMPANION_DATA=stand-in is set" if forced else f"{title} was not found"
    remedy = f"Unset COMPANION_DATA to have the real {items}." if forced else remedy
    if not allowed:
        raise DataNotFoundError(f"{reason}, and allow_stand_in is False. {remedy}")
    warnings.warn(
        f"{reason}: THESE ARE SYNTHETIC STAND-IN {items.upper()}, NOT {title}. "
        f"Accuracies differ from those of real data. {remedy}",
        StandInWarning,
        stacklevel=_CALLER,
    )


def _stand_in_is_forced() -> bool:
    wanted = os.environ.get("COMPANION_DATA")
    if wanted:
        check_choice(wanted, "COMPANION_DATA", "the environment", ("stand-in",))
    return bool(wanted)
