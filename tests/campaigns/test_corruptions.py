"""A small campaign of corruptions, and proof that a weaker loader would not get through it."""

import json
import os
import pickle
import sys
from collections import Counter
from dataclasses import replace

import pytest

from campaigns import outcome
from campaigns.corruptions import __main__ as command
from campaigns.corruptions.case import LAYOUTS
from campaigns.corruptions.images import small_images
from campaigns.corruptions.kinds import KINDS, Kind
from campaigns.corruptions.plan import plan, plan_real
from campaigns.corruptions.setting import make_setting
from campaigns.corruptions.trial import Trial, Verdict, run_trial
from campaigns.corruptions.worker import run_trials
from companion.datasets import _archive, _errors, _pickles, _reading, _search, _unpacking
from companion.datasets._cache import DecodedCache


@pytest.fixture(scope="module")
def setting(tmp_path_factory):
    return make_setting(small_images(), tmp_path_factory.mktemp("corruptions").resolve())


@pytest.fixture
def found(setting):
    """Return whether one of several draws of a kind is found to violate a promise."""

    def is_found(fault, kind, layout, draws=20):
        verdicts = (run_trial(Trial(n, kind, layout, 0), setting) for n in range(draws))
        return any(fault in violation for verdict in verdicts for violation in verdict.violations)

    return is_found


def test_every_kind_holds(setting):
    verdicts = list(run_trials(plan(len(KINDS), seed=1), setting))
    assert {verdict.trial.kind for verdict in verdicts} == set(KINDS)
    assert {verdict.trial.layout for verdict in verdicts} == {layout.name for layout in LAYOUTS}
    assert [f"{v.trial}: {v.violations}" for v in verdicts if v.violations] == []
    assert Counter(verdict.outcome for verdict in verdicts)["detected"] > len(KINDS) / 2


def test_kinds_and_layouts_are_drawn_evenly():
    trials = plan(1000, seed=0)
    kinds = Counter(trial.kind for trial in trials)
    pairs = Counter((trial.kind, trial.layout) for trial in trials)
    assert set(kinds) == set(KINDS)
    assert max(kinds.values()) - min(kinds.values()) <= 1
    assert {kind for kind, layout in pairs} == set(KINDS)
    assert len(pairs) == sum(len(kind.layouts) for kind in KINDS.values())
    assert plan(1000, seed=0)[:70] == plan(70, seed=0) != plan(70, seed=1)


def test_real_plan_names_what_exists():
    for trial in plan_real(6, seed=0):
        assert trial.layout in [layout.name for layout in KINDS[trial.kind].layouts]


def test_draws_that_change_nothing_are_repeated(setting, monkeypatch):
    draws = []

    def corrupt(case):
        draws.append(case)
        if len(draws) == 3:
            (case.path / "test_batch.bin").write_bytes(b"")

    monkeypatch.setitem(KINDS, "lazy", Kind("lazy", corrupt, LAYOUTS, harmless=False))
    verdict = run_trial(Trial(0, "lazy", "binary folder", 0), setting)
    assert (verdict.outcome, verdict.redrawn) == ("detected", 2)


def test_unchecked_content_is_noticed(found, monkeypatch):
    monkeypatch.setattr(_reading, "_is_official_archive", lambda *_: True)
    assert found("gave other images than the published", "one other label", "Python folder")


def test_permissive_unpickler_is_noticed(found, monkeypatch):
    monkeypatch.setattr(_pickles._BatchUnpickler, "find_class", pickle.Unpickler.find_class)
    kind, layout = "pickle that calls a function", "Python files"
    assert found("outside/canary, outside of the cache", kind, layout)
    try:
        assert found("set an attribute of <module 'sys'", kind, layout)
    finally:
        vars(sys).pop("canary", None)


def test_changeable_stand_in_is_noticed(found, monkeypatch):
    def encode(text, encoding):
        return text.encode(encoding)

    monkeypatch.setattr(_pickles, "encode", encode, raising=False)
    monkeypatch.setitem(_pickles._ALLOWED, ("_codecs", "encode"), encode)
    assert found("set an attribute of <function", "pickle that changes its reader", "Python files")


def test_unlimited_sizes_are_noticed(found, monkeypatch):
    monkeypatch.setattr(_archive, "_SMALL", range(1 << 41))
    assert found("bytes of memory", "entry that unpacks to 256 MiB", "binary .tar.gz")


def test_unlimited_memory_is_noticed(found, monkeypatch):
    monkeypatch.setattr(_unpacking, "_XZ_MEMORY", 1 << 40)
    assert found("bytes of memory", "archive that asks for gigabytes", "binary .tar.xz")


def test_unchecked_instructions_are_noticed(found, monkeypatch):
    monkeypatch.setattr(_pickles, "check_opcodes", lambda *_: None)
    assert found("bytes of memory", "pickle that asks for memory", "Python files")


def test_half_a_cache_is_noticed(found, monkeypatch):
    def hasty(cache, make, files=()):
        cache.folder.mkdir(exist_ok=True)
        cache.array_path.with_suffix(".part").write_bytes(b"half")
        return make()

    monkeypatch.setattr(DecodedCache, "read_or_make", hasty)
    fault = "left something in the cache: ['.part']"
    assert found(fault, "truncated batch file", "binary folder")


def test_cache_of_unverified_images_is_noticed(found, monkeypatch, setting):
    """A loader that keeps what it decoded and then finds that it is wrong."""
    verify = _reading.read_source

    def keep_first(source, spec):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_reading, "_is_official_archive", lambda *_: True)
            decoded = verify(source, spec)
        DecodedCache(_search.cache_dir(), spec)._store(decoded, {})
        return verify(source, spec)

    monkeypatch.setattr(_search, "read_source", keep_first)
    assert found("left something in the cache", "shuffled labels", "binary folder")


def test_files_that_are_unpacked_are_noticed(found, monkeypatch):
    read_members = _reading.read_members

    def unpack(path, *limits):
        path.with_name("unpacked").write_bytes(b"")
        return read_members(path, *limits)

    monkeypatch.setattr(_reading, "read_members", unpack)
    fault = "data/unpacked, outside of the cache"
    assert found(fault, "entry with a climbing name", "Python .tar.gz")


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (KeyError("labels"), "raised KeyError"),
        (_errors.DataIntegrityError("It is wrong."), "did not name the file"),
        (_errors.DataIntegrityError("a\nb."), "did not say it in a sentence"),
    ],
)
def test_bad_errors_are_noticed(found, monkeypatch, error, fault):
    def fail(*_):
        raise error

    monkeypatch.setattr(_reading, "read_members", fail)
    assert found(fault, "truncated archive", "binary .tar.gz")


def test_refusal_of_good_images_is_noticed(found, monkeypatch):
    monkeypatch.setattr(_archive, "_EXTENDED", ())
    fault = "refused what holds the right images"
    assert found(fault, "entries in another order and style", "Python .tar.gz")


class Crash:
    """Ends the process that receives it."""

    def __reduce__(self):
        return os._exit, (9,)


def test_crash_is_noticed_and_the_next_trial_runs(setting):
    trials = plan(2, seed=0)
    crashed, sound = replace(setting, images=Crash()), setting
    assert "ended the process" in next(run_trials(trials, crashed)).violations[0]
    assert not next(run_trials(trials[1:], sound)).violations


def in_process(trials, setting):
    return [run_trial(trial, setting) for trial in trials]


def test_figures_are_kept(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(outcome, "RESULTS_DIR", tmp_path)
    monkeypatch.setattr(command, "run_trials", in_process)
    assert command.main(["--count", "3", "--real", "0"]) == 0
    figures = json.loads((tmp_path / "corruptions.json").read_text())["figures"]
    assert figures["corruptions"] == 3 == figures["detected"] + figures["harmless"]
    assert figures["violations"] == 0
    kinds = [figures[name] for name in figures if name.startswith("kind: ")]
    assert len(kinds) == 3
    assert set(kinds) <= {"1 (1 detected, 0 harmless)", "1 (0 detected, 1 harmless)"}


def test_violations_are_printed_and_nothing_is_kept(monkeypatch, tmp_path, capsys):
    def violate(trials, setting):
        return [Verdict(trial, violations=["set a fire"]) for trial in trials]

    monkeypatch.setattr(outcome, "RESULTS_DIR", tmp_path)
    monkeypatch.setattr(command, "run_trials", violate)
    assert command.main(["--count", "3", "--real", "0", "--seed", "4"]) == 1
    assert list(tmp_path.iterdir()) == []
    assert "--seed 4 --only 2):\n  set a fire" in capsys.readouterr().err
