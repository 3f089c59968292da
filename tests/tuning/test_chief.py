"""The chief's rules, without a network: whatever workers do, no trial is lost in silence."""

import keras_tuner
import pytest
from keras_tuner.src import protos
from keras_tuner.src.engine.trial import Trial

from companion.tuning._chief import Chief, SearchFailedError
from companion.tuning._workers import Workers
from tests.tuning.toy_search import make

pytestmark = pytest.mark.filterwarnings("ignore:currentThread|getName:DeprecationWarning")
PATIENCE = 10
service = protos.get_service()


class RefusedError(Exception):
    """What gRPC raises where a call is aborted."""


class Context:
    def __init__(self, name, message):
        self.metadata = (("user-agent", f"{name} grpc-python/1.0"), ("message-bin", message))

    def invocation_metadata(self):
        return self.metadata

    def abort(self, code, details):
        raise RefusedError(code.name, details)


class Table:
    """A chief, a clock, and what workers ask it."""

    def __init__(self, oracle, retries=2):
        self.now = 0.0
        self.oracle = oracle
        self.workers = Workers(PATIENCE, lambda: self.now)
        self.chief = Chief(oracle, self.workers, retries)

    def ask(self, name):
        request = service.CreateTrialRequest(tuner_id=name)
        return Trial.from_proto(self.chief.CreateTrial(request, Context(name, b"")).trial)

    def tell(self, name, trial, score):
        metrics = {"score": score}
        request = service.UpdateTrialRequest(trial_id=trial.trial_id, metrics=metrics, step=0)
        self.chief.UpdateTrial(request, Context(name, b""))

    def end(self, name, trial, status="COMPLETED", message=b""):
        trial.status = status
        request = service.EndTrialRequest(trial=trial.to_proto())
        self.chief.EndTrial(request, Context(name, message))

    def finish(self, name, trial, score=0.5):
        self.tell(name, trial, score)
        self.end(name, trial)

    def die(self, name, others=()):
        """Let a worker be silent for too long, and the others not."""
        self.now += PATIENCE + 1
        for other in others:
            self.workers.hear(other)
        self.chief.look_after_workers()
        assert name not in self.oracle.ongoing_trials

    def statuses(self):
        return [trial.status for trial in self.oracle.trials.values()]


@pytest.fixture
def table(tmp_path):
    def sit(retries=2, **settings):
        tuner = make(tmp_path, **settings)
        tuner.oracle.verbose = 0
        tuner.save()  # as its search does first
        return Table(tuner.oracle, retries)

    return sit


def test_a_dead_workers_trial_goes_to_another_without_its_metrics(table):
    table = table(max_trials=2)
    trial = table.ask("a")
    table.tell("a", trial, 0.9)
    table.die("a")
    again = table.ask("b")
    assert (again.trial_id, again.hyperparameters.values) == ("0", trial.hyperparameters.values)
    table.finish("b", again, 0.3)
    table.finish("b", table.ask("b"))
    assert table.ask("b").status == "STOPPED"
    assert table.chief.is_done
    assert table.statuses() == ["COMPLETED"] * 2
    assert table.oracle.trials["0"].score == 0.3


def test_the_last_trial_is_never_lost(table):
    """Its worker dies when the others have nothing left to do: they are kept until it has ended."""
    table = table(max_trials=2)
    table.ask("a")
    table.finish("b", table.ask("b"))
    assert table.ask("b").status == "IDLE"
    assert not table.chief.is_done
    table.die("a", others="b")
    again = table.ask("b")
    assert (again.trial_id, again.status) == ("0", "RUNNING")
    table.finish("b", again)
    assert table.ask("b").status == "STOPPED"
    assert table.statuses() == ["COMPLETED"] * 2


def test_a_trial_that_kills_its_workers_fails_in_the_end(table):
    table = table(max_trials=2, retries=1)
    for name in "ab":
        assert table.ask(name).trial_id == "0"
        table.die(name)
    assert table.oracle.trials["0"].status == "FAILED"
    assert table.oracle.trials["0"].message.startswith("2 workers died in this trial")
    table.finish("c", table.ask("c"))
    assert table.ask("c").status == "STOPPED"
    assert table.statuses() == ["FAILED", "COMPLETED"]


def test_the_result_of_one_taken_for_dead_is_refused(table):
    """It was suspended, say, and its trial is another's by now."""
    table = table(max_trials=2)
    late = table.ask("a")
    table.die("a")
    again = table.ask("b")
    assert table.ask("a").trial_id == "1"  # nor may it end its old trial while it has a new one
    with pytest.raises(RefusedError, match=r"FAILED_PRECONDITION.*Trial 0 does not belong to a"):
        table.tell("a", late, 0.9)
    with pytest.raises(RefusedError, match=r"FAILED_PRECONDITION"):
        table.end("a", late)
    table.finish("b", again, 0.3)
    assert table.oracle.trials["0"].score == 0.3


def test_a_trial_asked_for_by_one_who_died_meanwhile_is_taken_back(table):
    """The call had waited while the oracle was busy."""
    table = table(max_trials=1)
    table.die("a")
    table.ask("a")
    table.die("a")
    assert table.ask("b").trial_id == "0"


def test_an_error_in_a_trial_ends_the_search_with_the_cause(table, tmp_path):
    table = table(max_trials=2)
    table.tell("a", table.ask("a"), 0.9)
    table.workers.leave("a", "FailedFoldError: Fold 2 failed")
    with pytest.raises(SearchFailedError, match=r"a ended in trial 0 with FailedFoldError: Fold 2"):
        table.chief.look_after_workers()
    saved = make(tmp_path, max_trials=2).oracle  # for the next time, with workers or without
    assert saved._retry_queue == ["0"]
    assert (saved.trials["0"].status, saved.trials["0"].metrics.metrics) == ("INVALID", {})


@pytest.mark.parametrize(("error", "has_trial"), [("OSError: no data", False), ("", True)])
def test_a_worker_may_leave(table, error, has_trial):
    """One machine without data, or a worker that was stopped, ends nothing."""
    table = table(max_trials=1)
    if has_trial:
        table.ask("a")
    table.workers.leave("a", error)
    table.chief.look_after_workers()
    table.finish("b", table.ask("b"))
    assert table.statuses() == ["COMPLETED"]


def test_the_error_of_a_failed_trial_arrives(table):
    table = table(max_trials=2)
    table.end("a", table.ask("a"), "INVALID", b"Traceback\nZeroDivisionError: 7")
    trial = table.oracle.trials["0"]
    assert (trial.status, trial.message) == ("FAILED", "Traceback\nZeroDivisionError: 7")
    table.chief.look_after_workers()


def test_failures_in_a_row_end_the_search_with_the_cause(table):
    table = table(max_trials=9)
    for _ in range(2):
        table.end("a", table.ask("a"), "INVALID", b"ZeroDivisionError: 7")
    with pytest.raises(RuntimeError, match=r"consecutive"):
        table.end("a", table.ask("a"), "INVALID", b"ZeroDivisionError: 7")
    with pytest.raises(SearchFailedError, match=r"(?s)The search failed: .*ZeroDivisionError: 7"):
        table.chief.look_after_workers()


def test_an_oracle_that_fails_ends_the_search_with_the_cause(table):
    table = table()
    table.oracle.populate_space = lambda _trial_id: {}["status"]
    with pytest.raises(KeyError):
        table.ask("a")
    with pytest.raises(SearchFailedError, match=r"The search failed: 'status'"):
        table.chief.look_after_workers()


def test_deaths_in_a_row_end_the_search(table):
    table = table(max_trials=9, retries=0, max_consecutive_failed_trials=1)
    table.ask("a")
    table.now += PATIENCE + 1
    with pytest.raises(SearchFailedError, match=r"(?s)1 workers died in this trial"):
        table.chief.look_after_workers()


def test_a_restarted_chief_takes_trials_up(table):
    first = table(max_trials=3)
    first.finish("a", first.ask("a"))
    for name in "ab":
        first.tell(name, first.ask(name), 0.9)
    second = table(max_trials=3)
    for name in "cd":
        second.finish(name, second.ask(name), 0.3)
    assert [second.oracle.trials[name].score for name in "012"] == [0.5, 0.3, 0.3]


def test_a_trial_saved_a_moment_before_the_chief_was_killed_is_run(table, tmp_path):
    """KerasTuner saves the trial first, then that there is one."""
    first = table(max_trials=2)
    first.finish("a", first.ask("a"))
    state = (tmp_path / "toy/oracle.json").read_text()
    first.ask("a")
    (tmp_path / "toy/oracle.json").write_text(state)
    second = table(max_trials=2)
    assert not second.chief.is_done
    assert second.ask("b").trial_id == "1"


def test_a_finished_search_needs_no_worker(table):
    first = table(max_trials=1)
    first.finish("a", first.ask("a"))
    assert table(max_trials=1).chief.is_done
    assert not table(max_trials=2).chief.is_done


def test_a_worker_of_plain_kerastuner_is_refused(table):
    table = table()
    request = service.CreateTrialRequest(tuner_id="tuner1")
    with pytest.raises(RefusedError, match=r"Start workers with"):
        table.chief.CreateTrial(request, Context("grpc-python/1.85", b""))


@pytest.mark.parametrize(
    "kind", [keras_tuner.oracles.HyperbandOracle, keras_tuner.oracles.BayesianOptimizationOracle]
)
def test_other_oracles_end_too_when_every_third_worker_dies(tmp_path, kind):
    goal = keras_tuner.Objective("score", "max")
    limit = {"max_epochs": 4} if kind is keras_tuner.oracles.HyperbandOracle else {"max_trials": 7}
    space = keras_tuner.HyperParameters()
    space.Float("x", 0, 1)
    oracle = kind(objective=goal, seed=1, hyperparameters=space, **limit)
    oracle.verbose = 0
    oracle._set_project_dir(str(tmp_path), "other")
    table = Table(oracle, retries=2)
    for turn in range(200):
        name = f"w{turn}"
        trial = table.ask(name)
        if trial.status == "STOPPED":
            break
        assert trial.status == "RUNNING"
        if turn % 3 == 1:
            table.die(name)
        else:
            table.finish(name, trial, trial.hyperparameters.get("x"))
            table.workers.leave(name, "")
    assert table.chief.is_done
    assert set(table.statuses()) == {"COMPLETED"}
    assert len(table.statuses()) >= 7
