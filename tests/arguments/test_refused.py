"""Any wrong argument gives the one sentence, before anything is done."""

import pytest

from tests.arguments.harness import check_refused, drawn
from tests.arguments.table import CASES

ARGUMENTS = [(case, argument) for case in CASES for argument in case.invalid]


@pytest.mark.parametrize(
    ("case", "argument"), ARGUMENTS, ids=[f"{case.name}-{name}" for case, name in ARGUMENTS]
)
def test_a_wrong_argument_gives_one_sentence(case, argument):
    def check(data):
        given = data.draw(case.valid)
        wrong = data.draw(case.wrong(argument, given))
        check_refused(case, argument, {**given, argument: wrong})

    drawn(check)
