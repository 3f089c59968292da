"""The campaign of arguments counts real calls, and keeps figures only if every promise held."""

from collections import Counter

import pytest

from campaigns import arguments

MANY = 40  # more than `make test` draws: the campaign's profile wins over that of tests/conftest.py


def test_a_small_campaign_draws_as_often_as_it_is_told():
    tests = ("tests/arguments/test_refused.py", "-k", "mean_interval", "-n0")
    counts = arguments.draw(MANY, 1, *tests)
    assert arguments.figures(counts)["arguments"] == 2
    assert arguments.figures(counts)["calls with a wrong argument"] == 2 * MANY


def test_figures_are_sums_over_public_names():
    counts = Counter(
        {
            "invalid companion.a.f x": 3,
            "invalid companion.a.f y": 4,
            "valid companion.a.f": 5,
            "valid companion.a.g": 1,
            "remedy companion.a.f": 2,
            "invalid tests.arguments.test_table.late rate": 9,
        }
    )
    assert list(arguments.figures(counts).values()) == [2, 2, 7, 6, 2, 0]


@pytest.mark.parametrize("held", [True, False])
def test_figures_are_kept_only_if_every_promise_held(monkeypatch, capsys, held):
    kept = []
    monkeypatch.setattr(arguments, "keep", lambda *content: kept.append(content))
    monkeypatch.setattr(arguments, "draw", lambda *_: Counter() if held else None)
    assert arguments.main(["--examples", "5", "--seed", "7"]) == (0 if held else 1)
    assert bool(kept) is held
    command = "python -m campaigns.arguments --examples 5 --seed 7"
    assert command in (kept[0][2] if held else capsys.readouterr().err)
