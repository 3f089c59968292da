"""The table is complete, and it notices functions that check less than they say."""

import inspect

import pytest
from hypothesis import strategies as st

from companion._validate import check_number
from tests.arguments.case import Case
from tests.arguments.harness import check_refused, drawn
from tests.arguments.public import public_callables
from tests.arguments.strategies import number_in, wrong_number
from tests.arguments.table import CASES


def name_of(thing):
    return f"{thing.__module__}.{thing.__qualname__}"


def test_every_public_callable_has_one_row():
    called = [case.call for case in CASES]
    assert sorted(map(name_of, public_callables())) == sorted(map(name_of, called))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_argument_has_what_it_refuses(case):
    parameters = [name for name in inspect.signature(case.call).parameters if name != "self"]
    assert sorted(case.invalid) == sorted(parameters)
    assert {*case.ranges, *case.whole_ranges} <= set(parameters)


def checked(rate):
    return check_number(rate, "rate", "checked", "[0, 1)", 0.5)


def unchecked(rate):
    """The check was forgotten."""
    return rate


def closed_bracket(rate):
    """1 is let in."""
    return check_number(rate, "rate", "closed_bracket", "[0, 1]", 0.5)


def without_remedy(rate):
    """The sentence ends too early."""
    if not isinstance(rate, float) or not 0 <= rate < 1:
        raise ValueError(f"rate of without_remedy must be in [0, 1). Got rate={rate!r}.")


def wrong_remedy(rate):
    """What it offers it refuses itself."""
    return check_number(rate, "rate", "wrong_remedy", "[0, 1)", 1.5)


def late(rate):
    """It writes before it checks."""
    with open("result", "w") as file:  # noqa: PTH123
        file.write("work")
    return check_number(rate, "rate", "late", "[0, 1)", 0.5)


def another_error(rate):
    """Python's own error is no sentence about the argument."""
    return check_number(float(rate), "rate", "another_error", "[0, 1)", 0.5)


def refuse_all(function):
    """Try a function of one rate in [0, 1) as the tests try public ones."""
    valid = st.fixed_dictionaries({"rate": number_in("[0, 1)")})
    case = Case(function, valid, {"rate": wrong_number("[0, 1)")})
    drawn(lambda data: check_refused(case, "rate", {"rate": data.draw(case.invalid["rate"])}), 5.0)


def test_a_function_that_checks_all_passes():
    refuse_all(checked)


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (unchecked, "accepts rate="),
        (closed_bracket, "accepts rate="),
        (without_remedy, "not the pattern of an argument error|no representation"),
        (wrong_remedy, "its own remedy is refused"),
        (late, "before arguments were checked"),
        (another_error, "not the pattern of an argument error"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_function_that_checks_less_fails(broken, complaint):
    with pytest.raises((AssertionError, RuntimeError, ExceptionGroup)) as caught:
        refuse_all(broken)
    errors = getattr(caught.value, "exceptions", [caught.value])
    assert any(part in str(error) for error in errors for part in complaint.split("|"))
