"""Several at once: one works, the others are refused or wait; two at work would be noticed."""

import pytest

from campaigns import rivals
from campaigns.violations import ViolationError


def test_rivals(tmp_path):
    figures = rivals.campaign(4, 0, tmp_path)
    assert figures["contests of runners"] == 4
    assert figures["runners refused in one sentence"] > 0
    assert figures["records published at once"] == 12
    assert figures["copies of the data asked for at once"] == 12


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("begin a 1\nbegin b 2\nend a 1\nend b 2\n", "two runners worked at a time"),
        ("begin a 1\nend a 1\n" * 9, "work was done twice"),
        ("again a 1\nend a 1\n", "a finished run was made again"),
        ("begin a 1\nend a 1\n", r"only \[\] are finished"),
    ],
)
def test_what_must_not_happen_is_noticed(tmp_path, log, sentence):
    (tmp_path / "log").write_text(log)
    with pytest.raises(ViolationError, match=sentence):
        rivals._check_log(tmp_path, "here", 0)
