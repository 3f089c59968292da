"""The chief of a search: gives trials to workers, and takes back those of workers that are gone.

It stands in the place of KerasTuner's own server, which waits without end for a worker that was
killed, never gives its trial to another, and loses the error of a trial that failed. The oracle is
touched by one thread only: KerasTuner's lock stays locked when an error passes through it, which
matters to every thread but the one that holds it.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import grpc
import keras_tuner
from keras_tuner.src import protos
from keras_tuner.src.distribute.oracle_chief import OracleServicer
from keras_tuner.src.engine.metrics_tracking import MetricsTracker
from keras_tuner.src.engine.trial import Trial, TrialStatus

from companion.tuning._wire import message_of, worker_of
from companion.tuning._workers import Workers

LOG = logging.getLogger(__name__)


class SearchFailedError(RuntimeError):
    """A search with workers cannot go on."""


class Chief(OracleServicer):
    """Answers the workers' calls with the oracle; all methods run in one thread.

    Args:
        oracle: The search's.
        workers: Who is alive.
        retries: How often a trial is tried again whose worker died.
    """

    def __init__(self, oracle: keras_tuner.Oracle, workers: Workers, retries: int) -> None:
        super().__init__(oracle)
        self._workers, self._retries = workers, retries
        self._deaths: Counter[str] = Counter()
        self._failure: Exception | None = None
        self._take_back_lost()
        self.is_done = self._is_used_up()

    def CreateTrial(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Give a worker a trial, or let it wait while others may still lose theirs."""
        name = worker_of(context)
        if request.tuner_id != name:
            remedy = "Start workers with python -m companion.tuning worker."
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"{name} has no name. {remedy}")
        self._workers.hear(name)  # its trial is taken back when it falls silent
        with self._keeping_failure():
            trial = self.oracle.create_trial(name)
        if trial.status == TrialStatus.STOPPED:
            if self.oracle.ongoing_trials:
                trial.status = TrialStatus.IDLE
            else:
                self.is_done = True
        return protos.get_service().CreateTrialResponse(trial=trial.to_proto())

    def UpdateTrial(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Take the metrics of a trial from the worker that has it."""
        self._check_holder(request.trial_id, context)
        return super().UpdateTrial(request, context)

    def EndTrial(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """End a trial of the worker that has it, with the error that ended it."""
        self._check_holder(request.trial.trial_id, context)
        trial = Trial.from_proto(request.trial)
        trial.message = message_of(context)
        with self._keeping_failure():
            self.oracle.end_trial(trial)
        return protos.get_service().EndTrialResponse()

    def look_after_workers(self) -> None:
        """Take back the trials of workers that are gone.

        Raises:
            SearchFailedError: The search cannot go on, for a reason that is the error's cause.
        """
        for name, error in self._workers.take_left().items():
            self._let_go(name, error)
        for name in self._workers.take_silent():
            self._bury(name)
        if self._failure is not None:
            raise SearchFailedError(f"The search failed: {self._failure}") from self._failure

    def _let_go(self, name: str, error: str) -> None:
        trial = self.oracle.ongoing_trials.pop(name, None)
        if error and trial is not None:
            self._failure = RuntimeError(f"{name} ended in trial {trial.trial_id} with {error}")
        LOG.info("%s has left%s", name, f" with {error}" if error else ".")
        if trial is not None:
            self._try_again(trial)

    def _bury(self, name: str) -> None:
        trial = self.oracle.ongoing_trials.pop(name, None)
        if trial is None:
            LOG.warning("%s is silent, and taken for dead.", name)
            return
        self._deaths[trial.trial_id] += 1
        deaths, whose = self._deaths[trial.trial_id], f"Trial {trial.trial_id}"
        if deaths <= self._retries:
            LOG.warning("%s is silent, and taken for dead. %s is tried again.", name, whose)
            self._try_again(trial)
        else:
            LOG.error("%s is silent, and taken for dead. %s failed: %d died.", name, whose, deaths)
            self._give_up(trial, deaths)

    def _try_again(self, trial: Trial) -> None:
        trial.metrics = MetricsTracker()  # a dead worker may have told some
        trial.status = TrialStatus.INVALID  # as KerasTuner calls what waits for another try
        self.oracle._retry_queue.append(trial.trial_id)
        self.oracle._save_trial(trial)

    def _give_up(self, trial: Trial, deaths: int) -> None:
        trial.status = TrialStatus.FAILED
        trial.message = f"{deaths} workers died in this trial, perhaps for want of memory."
        with suppress(Exception), self._keeping_failure():  # raised where workers are looked after
            self.oracle.end_trial(trial)

    def _take_back_lost(self) -> None:
        """Queue exactly the trials that had not ended when an earlier chief did.

        KerasTuner saves that a trial is at work after it has begun, and still so when it has ended.
        """
        queue = self.oracle._retry_queue = []
        for trial in self.oracle.trials.values():
            if trial.status not in (TrialStatus.COMPLETED, TrialStatus.FAILED):
                trial.metrics = MetricsTracker()
                queue.append(trial.trial_id)

    def _is_used_up(self) -> bool:
        remaining = self.oracle.remaining_trials()
        return remaining is not None and remaining <= 0 and not self.oracle._retry_queue

    def _check_holder(self, trial_id: str, context: grpc.ServicerContext) -> None:
        name = worker_of(context)
        held = self.oracle.ongoing_trials.get(name)
        if held is None or held.trial_id != trial_id:
            text = f"Trial {trial_id} does not belong to {name}, which was taken for dead."
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, text)

    @contextmanager
    def _keeping_failure(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self._failure = error
            raise
