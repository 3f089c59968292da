"""`CVTuner` with a chief and a worker finds what it finds alone; the folds are scripted."""

import os
import threading

import pandas as pd
import pytest
from keras_tuner.src.distribute import oracle_chief, oracle_client

from companion.tuning._chief_server import serve
from companion.tuning._distributed import run_worker
from tests.tuning.scripted import X, Y, make, script
from tests.tuning.served import PATIENT, SECONDS, free_address, wait_until_open

pytestmark = pytest.mark.filterwarnings("ignore:currentThread|getName:DeprecationWarning")
ROLE = ("KERASTUNER_TUNER_ID", "KERASTUNER_ORACLE_IP", "KERASTUNER_ORACLE_PORT")


def peak(values, fold):
    return 1 - (values["a"] - 0.6) ** 2 + 0.01 * fold


@pytest.mark.parametrize("racing", ["none", "forgiving"])
def test_the_same_table_as_alone(tmp_path, monkeypatch, racing):
    script(monkeypatch, peak)
    alone = make(tmp_path / "alone", racing=racing)
    alone.search(X, Y)

    monkeypatch.setattr(oracle_client, "OracleClient", oracle_client.OracleClient)
    monkeypatch.setattr(oracle_client, "TIMEOUT", SECONDS)
    address = free_address()
    start_server = lambda oracle: serve(oracle, address, PATIENT)  # noqa: E731
    monkeypatch.setattr(oracle_chief, "start_server", start_server)
    for name, value in zip(ROLE, ("chief", *address.split(":")), strict=True):
        monkeypatch.setenv(name, value)
    chief = make(tmp_path / "together", racing=racing)
    thread = threading.Thread(target=chief.search, args=(X, Y), daemon=True)
    thread.start()
    wait_until_open(address, thread)  # from here on this process is the worker
    search = lambda: make(tmp_path / "together", racing=racing).search(X, Y)  # noqa: E731
    run_worker(search, address, SECONDS, SECONDS, pytest.fail)
    thread.join(SECONDS)
    for name in ROLE:
        os.environ.pop(name)
    pd.testing.assert_frame_equal(alone.results(), chief.results())
    assert chief.best().values == alone.best().values
