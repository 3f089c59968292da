"""Who is alive, who is gone: by a clock that the test sets."""

import pytest

from companion.tuning._workers import Workers


@pytest.fixture
def clock():
    return [100.0]


@pytest.fixture
def workers(clock):
    return Workers(patience=10, clock=lambda: clock[0])


def test_silence_beyond_patience_is_death(workers, clock):
    workers.hear("a")
    workers.hear("b")
    clock[0] += 6
    workers.hear("b")
    clock[0] += 4
    assert workers.take_silent() == []  # a: exactly 10 s
    clock[0] += 1
    assert workers.take_silent() == ["a"]
    assert workers.take_silent() == []
    assert workers.any_alive()


def test_one_taken_for_dead_may_come_back(workers, clock):
    workers.hear("a")
    clock[0] += 11
    assert workers.take_silent() == ["a"]
    assert not workers.any_alive()
    workers.hear("a")
    assert workers.any_alive()
    assert workers.take_silent() == []


def test_leaving_is_told_once_with_its_error(workers):
    workers.hear("a")
    workers.hear("b")
    workers.leave("a", "ValueError: x")
    assert workers.take_left() == {"a": "ValueError: x"}
    assert workers.take_left() == {}
    assert workers.any_alive()


def test_seconds_alone_count_from_the_start_and_from_the_last_one(workers, clock):
    clock[0] += 3
    assert workers.seconds_alone() == 3
    workers.hear("a")
    clock[0] += 5
    assert workers.seconds_alone() == 0
    workers.leave("a", "")
    workers.take_left()
    clock[0] += 2
    assert workers.seconds_alone() == 2
    workers.take_left()  # nobody: the time goes on
    assert workers.seconds_alone() == 2
