"""A chief that serves in a thread, on a real port of this machine, and workers that call it."""

import socket
import threading
import time
from contextlib import contextmanager, suppress

from companion.tuning._chief_server import Limits, serve
from companion.tuning._wire import SERVICE, connect
from companion.tuning._worker import Client

SECONDS = 60  # far more than needed, so that a hang is a failure
PATIENT = Limits(patience=SECONDS, wait=SECONDS, search=SECONDS, retries=2)


def free_address():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def wait_until_open(address, thread):
    """Return when the thread's chief listens, or has ended.

    While gRPC opens the port it reads the environment; to change that meanwhile, as a worker does,
    crashes the process.
    """
    host, _, port = address.rpartition(":")
    while thread.is_alive():
        with suppress(OSError), socket.create_connection((host, int(port)), SECONDS):
            return
        time.sleep(0.01)


@contextmanager
def serving(oracle, address, limits=PATIENT):
    """Serve in a thread; yield a list that gets the error, if there is one."""
    errors = []

    def run():
        try:
            serve(oracle, address, limits)
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    wait_until_open(address, thread)
    try:
        yield errors
    finally:
        thread.join(SECONDS)
    assert not thread.is_alive()


@contextmanager
def worker(oracle, address, name, monkeypatch):
    monkeypatch.setenv("KERASTUNER_ORACLE_IP", "127.0.0.1")
    monkeypatch.setenv("KERASTUNER_ORACLE_PORT", address.rpartition(":")[2])
    monkeypatch.setenv("KERASTUNER_TUNER_ID", name)
    with connect(address, name) as channel:
        yield Client(oracle, channel), channel


def say(channel, method, content=b""):
    call = channel.unary_unary(f"/{SERVICE}/{method}")
    return call(content, timeout=SECONDS, wait_for_ready=True)


def run_all(client):
    """Run trials until there are none; return their names."""
    names = []
    while (trial := client.create_trial("any")).status == "RUNNING":
        names.append(trial.trial_id)
        client.update_trial(trial.trial_id, {"score": 0.5})
        trial.status = "COMPLETED"
        client.end_trial(trial)
    assert trial.status == "STOPPED"
    return names
