"""Find every public callable, so that a new one without a row in the table is noticed."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import companion
from companion.claims import Evidence
from companion.conversion import Conversion, ConversionTable
from companion.datasets import BagOfWords
from companion.diagnosis import Diagnosis
from companion.experiments import Identity, Record, Run, StudyStatus
from companion.from_scratch import OptimizerState, Round, StoppingState
from companion.intervals import Interval
from companion.learning_rate_finder import RangeTest
from companion.tuning import CrossValidation, CVTuner, RaceOutcome, RefittedModel

# Results: nobody passes their fields.
MADE_BY_THE_PACKAGE = {
    BagOfWords,
    Conversion,
    ConversionTable,
    CrossValidation,
    Diagnosis,
    Identity,
    Interval,
    OptimizerState,
    RaceOutcome,
    RangeTest,
    Record,
    RefittedModel,
    Round,
    Run,
    StoppingState,
    StudyStatus,
}  # fmt: skip
PROTOCOLS = {Evidence}
CALLED_BY_READERS = {CVTuner.search}  # a method of KerasTuner's, but no hook


def public_modules() -> list[str]:
    """Return the package and its direct public modules."""
    parts = [f"companion.{found.name}" for found in iter_modules(companion.__path__)]
    return ["companion", *(name for name in parts if not name.rpartition(".")[2].startswith("_"))]


def public_callables() -> set[Callable[..., Any]]:
    """Return functions, constructors and methods that a caller passes arguments to."""
    found: set[Callable[..., Any]] = set()
    for module in map(import_module, public_modules()):
        for name in module.__all__:
            found.update(_callables(getattr(module, name)))
    return found


def _callables(thing: Any) -> Iterator[Callable[..., Any]]:
    if inspect.isfunction(thing):
        yield thing
    if inspect.isclass(thing) and not issubclass(thing, BaseException) and thing not in PROTOCOLS:
        if thing not in MADE_BY_THE_PACKAGE and not inspect.isabstract(thing):
            yield thing
        for name, member in vars(thing).items():
            if inspect.isfunction(member) and (
                member in CALLED_BY_READERS or _is_for_callers(thing, name)
            ):
                yield member


def _is_for_callers(thing: type, name: str) -> bool:
    """Tell whether the method is public and no hook, which another package calls."""
    return not name.startswith("_") and not any(
        name in vars(base)
        for base in thing.__mro__[1:]
        if base.__module__.partition(".")[0] != "companion"
    )
