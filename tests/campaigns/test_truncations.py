"""Damaged state files are recovered or refused by name; one that is believed is noticed."""

import json

import pytest

from campaigns import truncations
from campaigns.state_files import StateFile
from campaigns.violations import ViolationError


def test_damaged_state_files(tmp_path):
    figures = truncations.campaign(4, 0, tmp_path)
    assert figures["ways of reading a state file"] == 12
    assert figures["files cut short, refused by name"] > 150
    assert figures["files with a flipped bit, refused by name"] > 150


def test_a_believed_file_is_noticed(tmp_path):
    path = tmp_path / "state.json"
    path.write_text("[1, 2]")
    file = StateFile("state", path, lambda: json.loads(path.read_text()), (ValueError,))
    path.write_text("[1, 3]")
    with pytest.raises(ViolationError, match="other values were read"):
        truncations._outcome(file, [1, 2], "here")
    path.write_text("[1, ")
    with pytest.raises(ViolationError, match="here: it says 'Expecting value"):
        truncations._outcome(file, [1, 2], "here")
