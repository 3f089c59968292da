"""What the records page says, on a record of two runs."""

from records_table import arm_lines, describe, duration, flat, shared

ARMS = {
    "narrow": {"batch_size": 64, "build_args": {"filters": [2, 4]}, "optimizer": {"name": "Adam"}},
    "wide": {"batch_size": 64, "build_args": {"filters": [8, 16]}, "optimizer": {"name": "Adam"}},
}


def run(arm, seconds, started):
    provenance = {
        "started": started,
        "seconds": seconds,
        "threads": 1,
        "hardware": "a processor, 2 cores",
        "versions": {"keras": "3.15.1", "numpy": "2.4.6"},
    }
    history = {"fold_loss": [2.0, 1.0, 0.5], "loss": [0.5]}
    return {"arm": arm, "seed": 7, "history": history, "provenance": provenance}


RECORD = {
    "name": "toy",
    "question": "Does it run?",
    "arms": ARMS,
    "seeds": [7],
    "data": {"source": "cifar-10", "fingerprint": "0123456789abcdef"},
    "runs": [
        run("narrow", 100.0, "2026-11-21T10:00:00+00:00"),
        run("wide", 500.0, "2026-11-20T09:00:00+00:00"),
    ],
}


def test_a_record_is_described_from_its_runs():
    assert describe(RECORD, "f" * 64) == {
        "Arms": ["narrow: build_args.filters = [2, 4]", "wide: build_args.filters = [8, 16]"],
        "In all arms": ["batch_size = 64, optimizer.name = Adam"],
        "Runs": ["2, with seeds 7"],
        "Values of a metric": ["3", "1"],
        "Data": ["CIFAR-10, fingerprint 01234567"],
        "Machine": ["a processor, 2 cores"],
        "Threads": ["1"],
        "Versions": ["keras 3.15.1, numpy 2.4.6"],
        "Machine time": ["10 min"],
        "Made": ["2026-11-20 to 2026-11-21"],
        "File": ["SHA-256 ffffffffffff"],
    }


def test_a_single_arm_shares_everything_with_itself():
    only = {"only": {"epochs": 9}}
    assert list(arm_lines(only)) == ["only"]
    assert shared(only) == {"epochs": "9"}


def test_nested_settings_get_dotted_names():
    assert flat({"a": 1, "b": {"c": 0.5, "d": {"e": "x"}}}) == {
        "a": "1",
        "b.c": "0.5",
        "b.d.e": "x",
    }


def test_durations_come_in_the_unit_that_suits_them():
    assert [duration(s) for s in (3.4, 119, 600, 7200)] == ["3 s", "119 s", "10 min", "2.0 h"]
