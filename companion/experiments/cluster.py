"""Executors on a Dask cluster: a local one, or any whose scheduler has an address.

`distributed` is imported only where a cluster is used: it is an extra.
"""

import logging
import signal
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

from companion._validate import check_integer, check_text, refuse
from companion.experiments.cluster_executor import ClusterError, ClusterExecutor
from companion.experiments.executors import share_of_cores

if TYPE_CHECKING:
    import distributed

SECONDS_TO_CONNECT = 10


def dask_executor(
    workers: int | None = None, threads: int | None = None, *, scheduler: str | None = None
) -> AbstractContextManager[Executor]:
    """Return a context manager that yields an executor on a Dask cluster.

    Use it where a grid is too large for one machine: start a scheduler, start workers on every
    machine, and give the scheduler's address. Without an address it starts worker processes on this
    machine for as long as the `with` block lasts. A run whose worker dies is made again.

    Args:
        workers: Worker processes of the local cluster, from 1 to 1000; None is 1. Must be None
            with `scheduler`: that cluster has the workers that it has.
        threads: Threads of each run, from 1 to 1000; None shares this machine's cores among the
            local workers, and is 1 with `scheduler`.
        scheduler: Address of a running scheduler, such as `"tcp://127.0.0.1:8786"`; None starts a
            local cluster. The scheduler and its workers need this package, the workers the data.

    Returns:
        A context manager. Interrupting its block ends the runs at work at once, and with them the
        local cluster.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: A number is out of range, or both `workers` and `scheduler` are given.
        ClusterError: Dask is not installed, or no scheduler answers at the address.

    Example:
        >>> with dask_executor(workers=1, threads=1) as executor:
        ...     executor.submit(abs, -3).result()
        3

    Source:
        Book: reference/cluster.
    """
    owner = "dask_executor"
    if scheduler is not None:
        check_text(scheduler, "scheduler", owner, "'tcp://127.0.0.1:8786'")
        if workers is not None:
            allowed = "None where scheduler is given, whose cluster has its own"
            refuse(ValueError, workers, "workers", owner, allowed, None)
    workers = check_integer(1 if workers is None else workers, "workers", owner, "[1, 1000]", 2)
    if threads is None:
        threads = share_of_cores(workers) if scheduler is None else 1
    threads = check_integer(threads, "threads", owner, "[1, 1000]", 1)
    if find_spec("distributed") is None:
        raise ClusterError(
            "Dask is missing. Install this package with its extra `dask`, or: "
            "pip install distributed."
        )
    return _open(workers, threads, scheduler)


@contextmanager
def _open(workers: int, threads: int, scheduler: str | None) -> Iterator[Executor]:
    from distributed.utils import silence_logging_cmgr

    with (
        silence_logging_cmgr(logging.CRITICAL),  # what matters is raised
        _local_client(workers) if scheduler is None else _client_of(scheduler) as client,
        ClusterExecutor(client, threads) as executor,
    ):
        yield executor


@contextmanager
def _local_client(workers: int) -> Iterator["distributed.Client"]:
    from distributed import Client, LocalCluster

    with _shielded_from_interrupts():
        cluster = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,  # one run at a time
            memory_limit=0,  # of the worker itself; the memory is the run's, in another process
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # of plain pages; any free port
            silence_logs=logging.CRITICAL,
        )
    with cluster, Client(cluster, set_as_default=False) as client:
        yield client


@contextmanager
def _shielded_from_interrupts() -> Iterator[None]:
    """Start processes that Ctrl-C in a terminal does not reach: who started them ends them."""
    resource_tracker.ensure_running()  # started inside, it would lift the shield
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _client_of(scheduler: str) -> Iterator["distributed.Client"]:
    from distributed import Client

    try:
        client = Client(scheduler, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:  # nobody there, or not an address
        raise ClusterError(
            f"No Dask scheduler answers at {scheduler}. Start one with "
            f"`dask scheduler --host 127.0.0.1`, or mend the address."
        ) from error
    with client:
        yield client
