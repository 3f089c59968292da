"""Every file operation fails once, and what the campaign calls a violation is noticed."""

from contextlib import suppress
from pathlib import Path

import pytest

from campaigns import faults
from campaigns.operations import Operation
from campaigns.stage import Stage
from campaigns.violations import ViolationError
from companion import _atomic


def test_every_operation_fails_once(tmp_path):
    figures = faults.campaign(["EIO"], 2, 0, tmp_path)
    assert figures["kinds of writing"] == 7
    assert figures["operations failed with EIO"] > 150
    assert figures["processes ended at an operation"] >= 14
    assert figures["full disks"] == 14


def in_place(folder: Path) -> str | None:
    """Write as one should not: an error leaves half of the new content."""
    try:
        (folder / "file").write_bytes(b"new content")
    except OSError as error:
        return f"{folder}: {error}"
    return None


def silent(folder: Path) -> str | None:
    with suppress(OSError):
        _atomic.write_bytes(folder / "file", b"new content")
    return None


def nameless(folder: Path) -> str | None:
    try:
        _atomic.write_bytes(folder / "file", b"new content")
    except OSError as error:
        return str(error.strerror)
    return None


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (in_place, "write .* file is neither old nor new"),
        (silent, "it failed without a word"),
        (nameless, "it says 'Input/output error'"),
    ],
)
def test_wrong_ways_to_write_are_noticed(tmp_path, act, sentence):
    def prepare(folder: Path) -> None:
        (folder / "file").write_bytes(b"old")

    stage = Stage(Operation("wrong", prepare, act, ("file",)), tmp_path / "stage")
    with pytest.raises(ViolationError, match=sentence):
        faults._fail_each(stage, "EIO", faults.Counter())
