"""Twenty kills: nothing finished is lost or made again, and the record is the undisturbed one."""

import pytest

from campaigns import kills
from campaigns.violations import ViolationError


def test_twenty_kills(tmp_path):
    figures = kills.campaign(20, 0, tmp_path)
    assert figures["kills"] == 20
    assert figures["finished runs lost"] == figures["finished runs made again"] == 0
    moments = [value for key, value in figures.items() if key.startswith("killed ")]
    assert sum(moments) == 20


def test_a_lost_or_changed_run_is_noticed(tmp_path):
    whole = kills._new_round(tmp_path / "round", 0, 0.0)
    assert whole.start().end() == 0
    kills._check_files(whole)
    path = next(whole.runs.glob("*.json"))
    content = path.read_bytes()
    for harm in (path.unlink, lambda: path.write_bytes(content + b" ")):
        harm()
        with pytest.raises(ViolationError, match="was lost or changed"):
            kills._check_files(whole)


def test_a_run_made_again_is_noticed(tmp_path, monkeypatch):
    whole = kills._new_round(tmp_path / "round", 0, 0.0)
    assert whole.start().end() == 0
    monkeypatch.setattr(kills.Store, "finished", lambda _: {})
    with pytest.raises(ViolationError, match="holds files of no run"):
        kills._check_files(whole)
    monkeypatch.undo()
    with (whole.folder / "log").open("a") as log:
        log.write("again left-seed1 1\n")
    with pytest.raises(ViolationError, match="were finished, and made again"):
        kills._check_files(whole)
