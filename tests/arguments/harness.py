"""What the tests do with a row of the table."""

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.arguments.case import Case, Given
from tests.arguments.counting import counts
from tests.arguments.message import Message, followed, names, read_message
from tests.arguments.watch import no_work, snapshot

EVERY_DAY = 12  # draws of an argument; a campaign makes as many as its profile says
MOST_REMEDIES = 12
_tried: set[tuple[str, ...]] = set()  # remedies of calls that take long are tried once


def drawn(check: Callable[[st.DataObject], None], share: float = 1.0) -> None:
    """Run `check` with as many draws as the profile and the cost of a call allow."""
    usual = settings.default
    most = EVERY_DAY if usual.derandomize else usual.max_examples
    shared = settings(
        max_examples=max(2, round(most * share)),
        phases=[
            Phase.generate
        ],  # the values are simple as they are; shrinking figures takes minutes
        suppress_health_check=list(HealthCheck),
    )

    def closing_figures(data: st.DataObject) -> None:
        try:
            check(data)
        finally:
            plt.close("all")

    shared(given(st.data())(closing_figures))()


def check_refused(case: Case, argument: str, arguments: Given) -> None:
    """The wrong value gives the one sentence, before anything is done, and the remedy works."""
    before = snapshot(arguments)
    counts[f"invalid {case.name} {argument}"] += 1
    with no_work():
        error = error_of(case, arguments)
    assert error is not None, f"{case.name} accepts {argument}={shown(arguments[argument])}"
    message = read_message(error)
    assert names(message, argument), f"it names {message.argument!r}: {error}"
    assert message.owner == case.named_owner, error
    if not message.got.startswith(f"{message.argument}="):
        assert argument in case.summed_up, f"it does not show the value: {error}"
    assert snapshot(arguments) == before, "an argument was changed"
    check_remedy(case, arguments, message)


def check_remedy(case: Case, arguments: Given, message: Message) -> None:
    """Doing what the messages say, one after the other, ends in a call that works."""
    remedy = (case.name, message.argument, message.remedy)
    if case.share < 1 and remedy in _tried:
        return
    _tried.add(remedy)
    for _ in range(MOST_REMEDIES):
        mended = followed(arguments, message)
        if mended is None:
            return
        counts[f"remedy {case.name}"] += 1
        with redirect_stdout(io.StringIO()):
            error = error_of(case, mended)
        if error is None or type(error) not in (TypeError, ValueError):  # such as a missing run
            return
        arguments, previous, message = mended, message, read_message(error)
        assert (message.argument, message.remedy) != (previous.argument, previous.remedy), (
            f"its own remedy is refused: {error}"
        )
    raise AssertionError(f"{case.name} still refuses after {MOST_REMEDIES} remedies: {message}")


def error_of(case: Case, arguments: Given) -> Exception | None:
    try:
        case.call(**arguments)
    except (TypeError, ValueError) as error:
        return error
    return None


def check_works(case: Case, arguments: Given) -> None:
    """A valid call keeps its promise, changes no argument, and takes NumPy's numbers as well."""
    before = snapshot(arguments)
    outcomes = []
    for given_as in (arguments, {name: twin(value) for name, value in arguments.items()}):
        counts[f"valid {case.name}"] += 1
        outcomes.append(case.promise(case.call(**given_as), given_as))
    assert snapshot(arguments) == before, "an argument was changed"
    assert outcomes[0] == outcomes[1], "NumPy's numbers give another result than Python's"


def twin(value: Any) -> Any:
    """Return the same number as NumPy has it, or as Python has it."""
    if isinstance(value, np.generic):
        return value.item()
    kinds = {bool: np.bool_, int: np.int64, float: np.float64}
    if type(value) is int and value > np.iinfo(np.int64).max:
        return value
    return kinds[type(value)](value) if type(value) in kinds else value


def shown(value: object) -> str:
    return f"{type(value).__name__}: {str(value)[:80]}"
