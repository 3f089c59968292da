"""A worker's side of a search: tells the chief that it is alive, and ends when the chief is gone.

KerasTuner's own client waits up to an hour for a chief that is gone.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import grpc
import keras_tuner
from keras_tuner.src import protos
from keras_tuner.src.distribute import oracle_client
from keras_tuner.src.engine.trial import Trial, TrialStatus

from companion.tuning._wire import BEAT, LEAVE, MESSAGE, SERVICE, as_message

LOG = logging.getLogger(__name__)
SECONDS_IDLE = 0.5
SECONDS_BETWEEN_BEATS = 2
BEATS_IN_PATIENCE = 6  # at least: some may be lost, or late on a busy machine


class Client(oracle_client.OracleClient):
    """The chief's oracle, as a worker's tuner sees it.

    Args:
        oracle: The tuner's own, which proposes nothing.
        channel: Connection to the chief, with the worker's name.
    """

    def __init__(self, oracle: keras_tuner.Oracle, channel: grpc.Channel) -> None:
        super().__init__(oracle)
        self.stub = protos.get_service_grpc().OracleStub(channel)

    def create_trial(self, _tuner_id: str) -> Trial:
        """Ask for a trial; KerasTuner asks again at once where there is none yet."""
        trial = super().create_trial(self.tuner_id)  # a tuner's own name may not be unique
        if trial.status == TrialStatus.IDLE:
            time.sleep(SECONDS_IDLE)
        return trial

    def update_trial(self, trial_id: str, metrics: dict[str, float], step: int = 0) -> Trial | None:
        """Tell the metrics of a trial."""
        with _unless_lost(trial_id):
            return super().update_trial(trial_id, metrics, step)
        return None

    def end_trial(self, trial: Trial) -> None:
        """Tell that a trial has ended, and the error that ended it."""
        with _unless_lost(trial.trial_id):
            self.stub.EndTrial(
                protos.get_service().EndTrialRequest(trial=trial.to_proto()),
                metadata=((MESSAGE, as_message(trial.message)),),
                wait_for_ready=True,
                timeout=oracle_client.TIMEOUT,
            )


@contextmanager
def _unless_lost(trial_id: str) -> Iterator[None]:
    """Drop the result of a trial that the chief has given to another worker meanwhile."""
    try:
        yield
    except grpc.RpcError as error:
        if error.code() is not grpc.StatusCode.FAILED_PRECONDITION:
            raise
        LOG.warning("Trial %s is dropped: %s", trial_id, error.details())


class Beats:
    """Tells the chief again and again that this worker is alive; a thread of its own.

    Args:
        channel: Connection to the chief, with the worker's name.
        patience: Seconds of silence after which the chief is taken for dead.
        wait: Seconds to wait for the chief to appear.
        give_up: Called with a sentence when the chief is gone.
    """

    def __init__(
        self, channel: grpc.Channel, patience: float, wait: float, give_up: Callable[[str], Any]
    ) -> None:
        self._channel, self._patience, self._wait = channel, patience, wait
        self._give_up = give_up
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def leave(self, error: str) -> None:
        """End, and tell the chief, with the error that ended this worker or an empty string."""
        self._over.set()
        self._thread.join()
        with suppress(grpc.RpcError):  # a chief that is gone need not know
            self._call(LEAVE, error.encode())

    def _run(self) -> None:
        limit, heard = self._wait, time.monotonic()
        while not self._over.is_set():
            try:
                self._call(BEAT, b"")
                limit, heard = self._patience, time.monotonic()
            except grpc.RpcError:
                if time.monotonic() - heard > limit:
                    self._give_up(f"The chief has been silent for {limit:g} s. {_REMEDY}")
                    return
            self._over.wait(min(SECONDS_BETWEEN_BEATS, self._patience / BEATS_IN_PATIENCE))

    def _call(self, method: str, content: bytes) -> None:
        call = self._channel.unary_unary(f"/{SERVICE}/{method}")
        call(content, timeout=self._patience / 2)


_REMEDY = "Start the chief again, then this worker; finished trials are kept."
