"""Any right arguments work, together, and ranges end where the documentation says."""

import contextlib
import inspect
import io
import math
import re

import pytest

from tests.arguments.harness import check_refused, check_works, drawn, error_of
from tests.arguments.strategies import closed, ends
from tests.arguments.table import CASES

RANGES = [
    (case, argument, interval, is_whole)
    for case in CASES
    for ranges, is_whole in ((case.ranges, False), (case.whole_ranges, True))
    for argument, interval in ranges.items()
]
each_range = pytest.mark.parametrize(
    ("case", "argument", "interval", "is_whole"),
    RANGES,
    ids=[f"{case.name}-{argument}" for case, argument, *_ in RANGES],
)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_right_arguments_work(case):
    def check(data):
        given = data.draw(case.valid)
        with contextlib.redirect_stdout(io.StringIO()):
            check_works(case, given)

    drawn(check, case.share)


@each_range
def test_closed_ends_are_in_and_open_ends_are_out(case, argument, interval, is_whole):
    def check(data):
        given = data.draw(case.valid)
        for value, is_in in edges(interval, is_whole):
            if is_in:
                assert error_of(case, {**given, argument: value}) is None
            else:
                check_refused(case, argument, {**given, argument: value})

    drawn(check, share=0.1)


def edges(interval, is_whole):
    """Yield every finite end and its neighbors, each with whether it lies in the interval."""
    for end, inward, is_closed in zip(ends(interval), (1, -1), closed(interval), strict=True):
        if math.isinf(end):
            continue
        if is_whole:
            yield int(end), is_closed
            yield int(end) - inward, False
        else:
            yield end, is_closed
            yield math.nextafter(end, -inward * math.inf), False
            yield math.nextafter(end, inward * math.inf), True


@each_range
def test_the_documented_range_is_the_accepted_one(case, argument, interval, is_whole):
    assert documented_range(described(case.call, argument)) == interval


def described(thing, argument):
    """Return what the docstring says about an argument, in one line."""
    section = re.split(r"\n\s*(?:Args|Attributes):\n", inspect.getdoc(thing))[1]
    entry = re.search(rf"^    {argument}: (.*(?:\n     .*)*)", section, re.MULTILINE)
    return " ".join(entry[1].split())


def documented_range(text):
    """Return the range that a description states, as messages write it."""
    if found := re.search(r"[\[(]-?[\w.]+(?:-\d+)?, [\w.]+[\])]", text):
        return found[0]
    if found := re.search(r"from (\d+) to ([\d.e]+)\b", text):
        return f"[{found[1]}, {found[2]}]"
    found = re.search(r"at least (\d+)", text)
    return f"[{found[1]}, inf)" if found else None
