"""A worker notices that its chief is gone, and ends; its process is left as it was found."""

import os
import re
import threading

import pytest
from keras_tuner.src import utils
from keras_tuner.src.backend import io
from keras_tuner.src.distribute import oracle_chief, oracle_client

from companion.tuning import FailedFoldError, __main__, _worker
from companion.tuning._chief import SearchFailedError
from companion.tuning._distributed import run_chief, run_worker
from companion.tuning._wire import BEAT, LEAVE, connect
from companion.tuning._worker import Beats
from companion.tuning._workers import Workers
from tests.tuning.served import PATIENT, SECONDS, free_address, run_all, say, serving, worker
from tests.tuning.toy_search import Toy, forget, make

pytestmark = pytest.mark.filterwarnings("ignore:currentThread|getName:DeprecationWarning")


PATIENCE = (SECONDS, SECONDS, pytest.fail)


class End:
    """Takes the sentence with which a worker gives up."""

    def __init__(self):
        self.sentence, self.event = "", threading.Event()

    def __call__(self, sentence):
        self.sentence = sentence
        self.event.set()


@pytest.fixture
def own_process(monkeypatch):
    """What the commands change in their process is changed back."""
    for place, name in (
        (oracle_chief, "start_server"),
        (oracle_client, "OracleClient"),
        (utils, "save_json"),
        (io, "rmtree"),
    ):
        monkeypatch.setattr(place, name, getattr(place, name))
    for name in ("TUNER_ID", "ORACLE_IP", "ORACLE_PORT"):
        monkeypatch.setenv(f"KERASTUNER_{name}", "changed back")
        monkeypatch.delenv(f"KERASTUNER_{name}")
    monkeypatch.setattr(oracle_client, "TIMEOUT", SECONDS)


def test_it_gives_up_where_no_chief_appears():
    end = End()
    with connect(free_address(), "worker-1") as channel:
        beats = Beats(channel, patience=0.06, wait=0.3, give_up=end)
        beats.start()
        assert end.event.wait(SECONDS)
        beats.leave("")
    assert end.sentence.startswith("The chief has been silent for 0.3 s. Start the chief again")


def test_it_waits_for_a_chief_and_gives_up_when_that_is_gone(tmp_path, monkeypatch):
    end, address = End(), free_address()
    oracle = make(tmp_path, max_trials=1).oracle
    oracle.verbose = 0
    with connect(address, "worker-1") as channel:
        beats = Beats(channel, patience=1.2, wait=SECONDS, give_up=end)
        beats.start()
        with (
            serving(oracle, address) as errors,
            worker(oracle, address, "worker-2", monkeypatch) as (client, other),
        ):
            client.create_trial("any")
            assert say(channel, BEAT) == b""  # the first of the beats are as late as this
            assert not end.event.wait(0.5)
            say(other, LEAVE, b"an error")  # ends the chief
        assert errors
        assert end.event.wait(SECONDS)
        beats.leave("")
    assert end.sentence.startswith("The chief has been silent for 1.2 s.")


def test_it_gives_up_when_the_chief_hangs(tmp_path, monkeypatch):
    """It was suspended, say: the connection lives, and nobody answers."""
    end, address, awake = End(), free_address(), threading.Event()
    monkeypatch.setattr(Workers, "hear", lambda *_: awake.wait(SECONDS))
    oracle = make(tmp_path, max_trials=1).oracle
    oracle.verbose = 0
    with (
        serving(oracle, address),
        worker(oracle, address, "worker-1", monkeypatch) as (client, channel),
    ):
        beats = Beats(channel, patience=0.06, wait=0.3, give_up=end)
        beats.start()
        has_ended = end.event.wait(SECONDS / 2)
        awake.set()
        assert has_ended
        beats.leave("")
        run_all(client)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # the child only waits
def test_its_process_ends_whatever_it_is_doing(capfd):
    child = os.fork()
    if child == 0:
        threading.Thread(target=__main__._end_at_once, args=("It is gone.",)).start()
        threading.Event().wait(SECONDS)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    assert capfd.readouterr().err == "It is gone.\n"


@pytest.mark.usefixtures("own_process")
def test_it_runs_the_trials_of_a_function(tmp_path, caplog):
    """`overwrite` would remove what the chief keeps; a tuner's own name could be another's."""
    caplog.set_level("INFO")
    oracle, address = make(tmp_path, max_trials=3).oracle, free_address()
    oracle.verbose = 0

    def search():
        make(
            tmp_path,
            max_trials=3,
            tuner=lambda *args, **kwargs: Toy(*args, overwrite=True, tuner_id="same", **kwargs),
        ).search(verbose=0)

    kept = tmp_path / "toy/kept"
    kept.touch()
    with serving(oracle, address) as errors:
        run_worker(search, address, *PATIENCE)
    assert errors == []
    assert caplog.messages[-1] == "3 trials: 3 completed."
    assert kept.exists()


@pytest.mark.usefixtures("own_process")
@pytest.mark.parametrize(("longest", "number"), [(0.02, 0.1), (600, 3000)])
def test_the_chief_hears_it_all_through_a_trial(tmp_path, monkeypatch, longest, number):
    """However long the trial takes; often enough by either limit."""
    monkeypatch.setattr(_worker, "SECONDS_BETWEEN_BEATS", longest)
    monkeypatch.setattr(_worker, "BEATS_IN_PATIENCE", number)
    heard, hear = threading.Semaphore(0), Workers.hear
    monkeypatch.setattr(Workers, "hear", lambda *caller: [hear(*caller), heard.release()])
    oracle, address = make(tmp_path, max_trials=1).oracle, free_address()
    oracle.verbose = 0

    class Long(Toy):
        def run_trial(self, *_fit_args, **_fit_kwargs):
            while heard.acquire(blocking=False):
                """Forget what was heard before."""
            assert all(heard.acquire(timeout=SECONDS / 2) for _ in range(3))
            return {"score": 1.0}

    with serving(oracle, address):
        run_worker(lambda: make(tmp_path, tuner=Long).search(), address, *PATIENCE)
    assert oracle.trials["0"].status == "COMPLETED"


@pytest.mark.usefixtures("own_process")
def test_its_error_in_a_trial_ends_the_search(tmp_path, caplog):
    caplog.set_level("INFO")
    oracle, address = make(tmp_path).oracle, free_address()
    oracle.verbose = 0

    class Broken(Toy):
        def run_trial(self, *_fit_args, **_fit_kwargs):
            raise kinds.pop()

    kinds = [FailedFoldError("Fold 2 failed"), KeyboardInterrupt()]
    with serving(oracle, address) as errors:
        for kind in (KeyboardInterrupt, FailedFoldError):
            with pytest.raises(kind):
                run_worker(lambda: make(tmp_path, tuner=Broken).search(), address, *PATIENCE)
            for name in ("TUNER_ID", "ORACLE_IP", "ORACLE_PORT"):
                os.environ.pop(f"KERASTUNER_{name}")
    assert re.search(r"ended in trial [01] with FailedFoldError: Fold 2 failed", str(errors[0]))
    come = [text for text in caplog.messages if text.endswith(" has come.")]
    assert len(set(come)) == 2  # a new name every time, in the same process too


@pytest.mark.usefixtures("own_process")
def test_a_search_that_fails_at_the_chief_is_one_sentence(tmp_path):
    """Here three trials in a row."""
    oracle, address = make(tmp_path).oracle, free_address()
    oracle.verbose = 0

    class Raising(Toy):
        def run_trial(self, trial, *_fit_args, **_fit_kwargs):
            raise ZeroDivisionError(trial.trial_id)

    with (
        serving(oracle, address) as errors,
        pytest.raises(SearchFailedError, match=r"The chief does not go on: .*consecutive"),
    ):
        run_worker(lambda: make(tmp_path, tuner=Raising).search(), address, *PATIENCE)
    assert "ZeroDivisionError: 2" in str(errors[0])


@pytest.mark.usefixtures("own_process")
def test_a_function_that_does_not_search():
    with pytest.raises(SearchFailedError, match=r"has not searched. Call the tuner's search in it"):
        run_chief(forget, free_address(), PATIENT)


@pytest.mark.usefixtures("own_process")
def test_the_chief_replaces_its_files(tmp_path):
    """One that is killed while it writes leaves the old ones."""
    state, files = tmp_path / "toy/oracle.json", []

    def search():
        oracle = make(tmp_path).oracle
        for _ in range(2):
            oracle.save()
            files.append(state.stat().st_ino)

    with pytest.raises(SearchFailedError, match="has not searched"):
        run_chief(search, free_address(), PATIENT)
    assert files[0] != files[1]
    assert make(tmp_path).oracle.trials == {}  # and can be read
