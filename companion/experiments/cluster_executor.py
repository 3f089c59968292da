"""Futures of runs on a Dask cluster, and what a worker does with a run.

A Dask worker lives as long as its cluster, so it only takes a run in and watches over it. The run
is made in a fresh process with pinned threads, as on `process_pool`: it inherits nothing from the
run before it, and executes the code that is on the disk now.
"""

import multiprocessing
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import BrokenExecutor, Executor, Future, InvalidStateError
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from companion.experiments.executors import process_pool

if TYPE_CHECKING:
    import distributed

SECONDS_BETWEEN_LOOKS = 0.1


class ClusterError(RuntimeError):
    """A Dask cluster is not to be had, was lost, or lost the same run again and again."""


class ClusterExecutor(Executor):
    """An executor on a Dask cluster whose futures are `running()` once a worker has begun them.

    The runner goes by that: when a run fails, those that have begun end and are kept, the others
    are canceled. The executor that Dask itself offers cancels them all.
    """

    def __init__(self, client: "distributed.Client", threads: int) -> None:
        self._client = client
        self._threads = threads
        self._futures: dict[str, Future[Any]] = {}  # those not done, by Dask's name for the task
        self._topic = f"begun-{uuid4().hex}"
        client.subscribe_topic(self._topic, self._begin)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Have `fn` called by a fresh process on the cluster; return its future."""
        future: Future[Any] = Future()
        key = f"run-{uuid4().hex}"
        self._futures[key] = future
        call = partial(fn, *args, **kwargs)
        task = self._client.submit(call_fresh, call, self._threads, self._topic, key=key)
        future.add_done_callback(lambda _: self._release(task))
        task.add_done_callback(partial(_settle, future))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for what was submitted; `cancel_futures` cancels what has not begun."""
        pending = list(self._futures.values())
        if cancel_futures:
            for future in pending:
                future.cancel()
        if wait:
            futures.wait(pending)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Wait, unless the block was interrupted: then closing the client ends the runs."""
        self.shutdown(wait=error is None or isinstance(error, Exception))

    def _begin(self, event: tuple[float, str]) -> None:
        future = self._futures.get(event[1])
        if future is not None and not future.running():  # a run made again begins again
            future.set_running_or_notify_cancel()

    def _release(self, task: "distributed.Future") -> None:
        self._futures.pop(str(task.key), None)
        task.release()


def _settle(future: "Future[Any]", task: "distributed.Future") -> None:
    """Give a future the outcome of its task, unless it was canceled."""
    with suppress(InvalidStateError):
        try:
            result = task.result()
        except BaseException as error:  # whatever the run raised; the future carries it
            future.set_exception(_explained(error, task))
        else:
            future.set_result(result)


def _explained(error: BaseException, task: "distributed.Future") -> BaseException:
    from distributed import KilledWorker

    if isinstance(error, KilledWorker | BrokenExecutor):
        return ClusterError(
            "The process of a run died again and again, perhaps for want of memory. "
            "Finished runs are kept; run the same command with fewer workers a machine."
        )
    if task.status != "error":
        return ClusterError(
            "The Dask scheduler was lost. Finished runs are kept; "
            "start it again and run the same command."
        )
    return error


def call_fresh(call: Callable[[], Any], threads: int, topic: str) -> Any:
    """Call a function in a fresh process of this Dask worker, once more if the process dies.

    If the worker itself dies, its scheduler has another one begin the task anew, three times.
    """
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()
    worker.log_event(topic, key)

    def is_wanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is not None and task.state != "cancelled"

    # Python forbids daemons to have children because those might outlive them; these do not.
    multiprocessing.current_process().daemon = False
    with suppress(BrokenExecutor):
        return _call_once(call, threads, is_wanted)
    return _call_once(call, threads, is_wanted)


def _call_once(call: Callable[[], Any], threads: int, is_wanted: Callable[[], bool]) -> Any:
    from asyncio import CancelledError

    with process_pool(1, threads) as pool:
        future = pool.submit(call)
        while not futures.wait([future], SECONDS_BETWEEN_LOOKS).done:
            if not is_wanted():
                raise CancelledError  # not an `Exception`: it ends the process at once
        return future.result()
