"""The server of a search's chief: opens the port, watches the workers, and ends with the search."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import grpc
import keras_tuner
from keras_tuner.src import protos

from companion.tuning._chief import Chief, SearchFailedError
from companion.tuning._wire import BEAT, LEAVE, SERVICE, worker_of
from companion.tuning._workers import Workers

LOG = logging.getLogger(__name__)
SECONDS_BETWEEN_LOOKS = 0.2
THREADS_FOR_BEATS = 8


@dataclass(frozen=True)
class Limits:
    """How long a chief waits, in seconds: for a silent worker, for any worker, for the search."""

    patience: float
    wait: float
    search: float
    retries: int  # of a trial whose worker died


def serve(oracle: keras_tuner.Oracle, address: str, limits: Limits) -> None:
    """Serve an oracle to workers until its search has ended and they have left.

    Raises:
        SearchFailedError: The search cannot go on, or a limit is reached.
    """
    workers = Workers(limits.patience)
    chief = Chief(oracle, workers, limits.retries)
    with ThreadPoolExecutor(1) as oracle_thread, ThreadPoolExecutor(THREADS_FOR_BEATS) as beats:
        server = _server(chief, workers, address, oracle_thread, beats)
        try:
            _watch(chief, workers, limits, oracle_thread)
        finally:
            server.stop(grace=1).wait()
    _report(oracle)


def _server(
    chief: Chief,
    workers: Workers,
    address: str,
    oracle_thread: ThreadPoolExecutor,
    beats: ThreadPoolExecutor,
) -> grpc.Server:
    server = grpc.server(oracle_thread, options=[("grpc.so_reuseport", 0)])  # one chief a port
    protos.get_service_grpc().add_OracleServicer_to_server(chief, server)
    server.add_generic_rpc_handlers([_handlers(workers, beats)])
    try:
        server.add_insecure_port(address)
    except RuntimeError as error:
        raise SearchFailedError(
            f"No chief can listen at {address}. Take another port, or an address of this machine."
        ) from error
    server.start()
    LOG.info("The chief listens at %s.", address)
    return server


def _handlers(workers: Workers, beats: ThreadPoolExecutor) -> grpc.GenericRpcHandler:
    def hear(_request: bytes, context: grpc.ServicerContext) -> bytes:
        workers.hear(worker_of(context))
        return b""

    def leave(error: bytes, context: grpc.ServicerContext) -> bytes:
        workers.leave(worker_of(context), error.decode())
        return b""

    def handler(answer: Callable[[bytes, grpc.ServicerContext], bytes]) -> grpc.RpcMethodHandler:
        # Of its own threads, as an oracle may think for minutes about its next proposal.
        answer.experimental_thread_pool = beats  # type: ignore[attr-defined]
        return grpc.unary_unary_rpc_method_handler(answer)

    return grpc.method_handlers_generic_handler(
        SERVICE, {BEAT: handler(hear), LEAVE: handler(leave)}
    )


def _watch(chief: Chief, workers: Workers, limits: Limits, thread: ThreadPoolExecutor) -> None:
    end = time.monotonic() + limits.search
    while not chief.is_done:
        if time.monotonic() > end:
            raise SearchFailedError(f"The search took longer than {limits.search:g} s. {_RESUMES}")
        if workers.seconds_alone() > limits.wait:
            raise SearchFailedError(f"No worker for {limits.wait:g} s. {_RESUMES}")
        _look(chief, thread)
    end = time.monotonic() + limits.patience
    while workers.any_alive() and time.monotonic() < end:  # they may still ask for the best trials
        _look(chief, thread)


def _look(chief: Chief, thread: ThreadPoolExecutor) -> None:
    time.sleep(SECONDS_BETWEEN_LOOKS)
    thread.submit(chief.look_after_workers).result()


def _report(oracle: keras_tuner.Oracle) -> None:
    statuses = Counter(trial.status for trial in oracle.trials.values())
    counts = ", ".join(f"{number} {status.lower()}" for status, number in statuses.items())
    LOG.info("%d trials: %s.", len(oracle.trials), counts)
    for trial in oracle.trials.values():
        if trial.status == "FAILED":
            cause = (trial.message or "its score is NaN").strip().splitlines()[-1]
            LOG.warning("Trial %s failed: %s", trial.trial_id, cause)


_RESUMES = "Finished trials are kept; the same command resumes."
