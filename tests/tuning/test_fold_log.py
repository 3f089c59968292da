"""companion.tuning.fold_log: torn at every byte, damaged, of another search, in use."""

import json

import pytest

from companion.tuning.fold_log import (
    ChangedSearchError,
    DamagedLogError,
    FoldLog,
    SearchBusyError,
    digest,
    read_folds,
)
from companion.tuning.folds import FoldResult

IDENTITY = {"data": "d1", "space": "s1"}
RESULTS = {("a", index): FoldResult({"loss": 0.1 * index}, 3, 2, 0.5, 8, 4) for index in range(3)}


@pytest.fixture
def path(tmp_path):
    with FoldLog(tmp_path, "one", IDENTITY) as log:
        for key, result in RESULTS.items():
            log.append(key, result)
    return tmp_path / "folds-one.jsonl"


def opened(path):
    with FoldLog(path.parent, "one", IDENTITY) as log:
        return dict(log.finished)


def test_what_was_appended_is_there(path):
    assert opened(path) == RESULTS == read_folds(path.parent, IDENTITY)
    assert opened(path)["a", 1].seconds == 0.5


def test_a_log_that_ends_anywhere_gives_its_whole_lines_and_goes_on(path, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda _descriptor: None)  # thousands take a minute
    content = path.read_bytes()
    for end in range(len(content) + 1):
        path.write_bytes(content[:end])
        whole = max(content[:end].count(b"\n") - 1, 0)
        expected = dict(list(RESULTS.items())[:whole])
        assert read_folds(path.parent, IDENTITY) == expected
        with FoldLog(path.parent, "one", IDENTITY) as log:
            assert log.finished == expected
            log.append(("b", 0), RESULTS["a", 0])
        assert opened(path) == {**expected, ("b", 0): RESULTS["a", 0]}


def test_any_flipped_bit_is_found_and_named(path, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda _descriptor: None)
    content = path.read_bytes()
    end = content.rfind(b"\n")
    for place in range(0, end, 7):
        damaged = bytearray(content)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(DamagedLogError, match="folds-one"):
            opened(path)


def test_another_identity_is_refused_by_what_changed(path):
    with (
        pytest.raises(ChangedSearchError, match=r"another space than now"),
        FoldLog(path.parent, "one", {**IDENTITY, "space": "s2"}),
    ):
        pass


def test_another_schema_is_refused(path):
    first, *rest = path.read_bytes().splitlines(keepends=True)
    header = json.loads(first)
    header["schema"] = 2
    header["digest"] = digest({k: v for k, v in header.items() if k != "digest"})
    path.write_bytes(json.dumps(header).encode() + b"\n" + b"".join(rest))
    with pytest.raises(DamagedLogError, match="has schema 2; this version reads 1"):
        opened(path)


def test_one_process_at_a_time(path):
    with (
        FoldLog(path.parent, "one", IDENTITY),
        pytest.raises(SearchBusyError, match=r"at work on"),
        FoldLog(path.parent, "one", IDENTITY),
    ):
        pass
    opened(path)  # free again


def test_workers_read_each_other(path):
    with FoldLog(path.parent, "two", IDENTITY) as log:
        assert log.finished == RESULTS
        log.append(("b", 0), RESULTS["a", 0])
    assert len(opened(path)) == 4


def test_a_fold_is_on_the_disk_before_append_returns(path, monkeypatch):
    flushed = []
    monkeypatch.setattr("os.fsync", lambda _descriptor: flushed.append(path.read_bytes()))
    with FoldLog(path.parent, "one", IDENTITY) as log:
        log.append(("b", 0), RESULTS["a", 0])
    assert b'"candidate": "b"' in flushed[-1]
