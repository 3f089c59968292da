"""The chief's server over a real port of this machine, with workers that are threads."""

import socket
import threading
import time

import grpc
import pytest

from companion.tuning import _chief_server, _worker
from companion.tuning._chief import Chief, SearchFailedError
from companion.tuning._chief_server import Limits, serve
from companion.tuning._wire import BEAT, LEAVE, SERVICE, connect
from companion.tuning._workers import Workers
from tests.tuning.served import PATIENT, SECONDS, free_address, run_all, say, serving, worker
from tests.tuning.toy_search import make

pytestmark = pytest.mark.filterwarnings("ignore:currentThread|getName:DeprecationWarning")


@pytest.fixture
def oracle(tmp_path):
    oracle = make(tmp_path, max_trials=3).oracle
    oracle.verbose = 0
    return oracle


def test_a_search_from_its_start_to_its_end(oracle, monkeypatch, caplog):
    caplog.set_level("INFO")
    address, looks, look = free_address(), threading.Semaphore(0), Chief.look_after_workers
    monkeypatch.setattr(Chief, "look_after_workers", lambda chief: [look(chief), looks.release()])
    monkeypatch.setenv("http_proxy", f"http://{free_address()}")  # is not for this machine
    for name in ("no_proxy", "no_grpc_proxy"):
        monkeypatch.delenv(name, raising=False)
    with (
        serving(oracle, address) as errors,
        worker(oracle, address, "worker-1", monkeypatch) as (client, channel),
    ):
        assert run_all(client) == ["0", "1", "2"]
        while looks.acquire(blocking=False):
            """Forget those before the end; one may be under way."""
        assert all(looks.acquire(timeout=SECONDS / 2) for _ in range(2))  # the chief stays
        assert client.get_best_trials(1)[0].score == 0.5
        say(channel, LEAVE)
    assert errors == []
    assert caplog.messages[0] == f"The chief listens at {address}."
    assert caplog.messages[1:3] == ["worker-1 has come.", "worker-1 has left."]
    assert caplog.messages[3] == "3 trials: 3 completed."


def test_workers_are_heard_while_the_oracle_thinks(oracle, monkeypatch):
    address, asked, answer = free_address(), threading.Event(), threading.Event()
    populate = oracle.populate_space

    def think(trial_id):
        asked.set()
        assert answer.wait(SECONDS)
        return populate(trial_id)

    oracle.populate_space = think
    with (
        serving(oracle, address),
        worker(oracle, address, "worker-1", monkeypatch) as (client, channel),
    ):
        thread = threading.Thread(target=run_all, args=(client,))
        thread.start()
        assert asked.wait(SECONDS)
        assert say(channel, BEAT) == b""
        answer.set()
        thread.join(SECONDS)
        say(channel, LEAVE)


def test_who_waits_for_a_trial_pauses(oracle, monkeypatch):
    address, slept, sleep = free_address(), [], time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: [slept.append(seconds), sleep(seconds)])
    oracle.max_trials = 1
    with (
        serving(oracle, address),
        worker(oracle, address, "worker-1", monkeypatch) as (client, channel),
        worker(oracle, address, "worker-2", monkeypatch) as (other, other_channel),
    ):
        assert client.create_trial("any").status == "RUNNING"
        assert other.create_trial("any").status == "IDLE"
        assert slept.count(_worker.SECONDS_IDLE) == 1
        assert run_all(client) == ["0"]
        say(channel, LEAVE)
        say(other_channel, LEAVE)


def test_who_never_leaves_is_not_waited_for(oracle, monkeypatch):
    monkeypatch.setattr(Workers, "take_silent", lambda _: [])  # it has the time to say it lives
    address = free_address()
    with (
        serving(oracle, address, Limits(**{**vars(PATIENT), "patience": 0.3})) as errors,
        worker(oracle, address, "worker-1", monkeypatch) as (client, _),
    ):
        run_all(client)
    assert errors == []


def test_a_result_that_came_too_late_is_dropped_and_its_worker_goes_on(oracle, monkeypatch, caplog):
    address = free_address()
    with (
        serving(oracle, address),
        worker(oracle, address, "worker-1", monkeypatch) as (client, channel),
    ):
        late = client.create_trial("any")
        say(channel, LEAVE)  # its trial is taken back
        deadline = time.monotonic() + SECONDS
        while oracle.ongoing_trials and time.monotonic() < deadline:
            time.sleep(0.01)
        assert client.update_trial(late.trial_id, {"score": 0.9}) is None
        late.status = "COMPLETED"
        client.end_trial(late)
        assert run_all(client) == ["0", "1", "2"]
        say(channel, LEAVE)
    assert oracle.trials["0"].score == 0.5
    assert [text.split(":")[0] for text in caplog.messages] == ["Trial 0 is dropped"] * 2


def test_the_error_of_a_trial_arrives_however_long(oracle, monkeypatch, caplog):
    address = free_address()
    with (
        serving(oracle, address),
        worker(oracle, address, "worker-1", monkeypatch) as (client, channel),
    ):
        trial = client.create_trial("any")
        trial.status, trial.message = "INVALID", "x" * 100_000 + "\nZeroDivisionError: ü"
        client.end_trial(trial)
        run_all(client)
        say(channel, LEAVE)
    assert oracle.trials["0"].message.endswith("x\nZeroDivisionError: ü")
    assert caplog.messages[-1] == "Trial 0 failed: ZeroDivisionError: ü"


def test_the_limits_of_silence_and_of_retries_are_those_given(oracle, monkeypatch):
    address, limits = free_address(), Limits(**{**vars(PATIENT), "patience": 0.3, "retries": 0})
    oracle.max_trials = 1
    with (
        serving(oracle, address, limits) as errors,
        worker(oracle, address, "worker-1", monkeypatch) as (client, _),
    ):
        client.create_trial("any")
        deadline = time.monotonic() + SECONDS
        while oracle.ongoing_trials and time.monotonic() < deadline:
            time.sleep(0.01)
        assert oracle.trials["0"].status == "FAILED"
        assert run_all(client) == []
    assert errors == []


def test_a_failed_search_ends_its_chief(oracle, monkeypatch):
    address = free_address()
    with (
        serving(oracle, address) as errors,
        worker(oracle, address, "worker-1", monkeypatch) as (client, channel),
    ):
        client.create_trial("any")
        say(channel, LEAVE, b"ValueError: no such column")
    assert "worker-1 ended in trial 0 with ValueError: no such column" in str(errors[0])


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [({"wait": 0.3}, r"No worker for 0\.3 s\. "), ({"search": 0.3}, r"took longer than 0\.3 s\. ")],
)
def test_limits_end_a_chief(oracle, limit, sentence):
    limits = Limits(**{**vars(PATIENT), **limit})
    with pytest.raises(SearchFailedError, match=sentence + "Finished trials are kept"):
        serve(oracle, free_address(), limits)


def test_two_chiefs_do_not_share_a_port(oracle):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as gRPC does unless told
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(SearchFailedError, match=rf"No chief can listen at {address}"):
            serve(oracle, address, PATIENT)


def test_a_finished_search_ends_at_once(oracle, monkeypatch):
    monkeypatch.setattr(_chief_server, "SECONDS_BETWEEN_LOOKS", SECONDS)
    oracle.max_trials = 0
    oracle.remaining_trials = lambda: 0
    serve(oracle, free_address(), PATIENT)


def test_a_call_to_nobody_ends(monkeypatch, oracle):
    """KerasTuner's own calls wait for an hour; beats do not wait at all."""
    with connect(free_address(), "worker-1") as channel, pytest.raises(grpc.RpcError):
        channel.unary_unary(f"/{SERVICE}/{BEAT}")(b"", timeout=SECONDS)
