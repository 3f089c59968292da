"""The figures of a campaign are printed and kept with their date, command and machine."""

import json
from datetime import date

from campaigns import outcome


def test_figures_are_printed_and_kept(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(outcome, "RESULTS_DIR", tmp_path)
    path = outcome.keep("kills", "Nothing is lost.", "make campaign", {"kills": 200})
    assert path == tmp_path / "kills.json"
    content = json.loads(path.read_text())
    assert content["figures"] == {"kills": 200}
    assert (content["promise"], content["command"]) == ("Nothing is lost.", "make campaign")
    assert abs((date.fromisoformat(content["date"]) - date.today()).days) <= 1
    assert {"python", "companion"} <= set(content["versions"])
    assert capsys.readouterr().out.split() == ["kills", "200"]
