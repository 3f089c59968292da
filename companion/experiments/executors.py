"""Executors for the runner: in this process, or in worker processes with pinned threads."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from types import TracebackType
from typing import Any

from companion._validate import check_integer


class InlineExecutor(Executor):
    """Run every task at once in the calling process; for tests and debuggers."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Call `fn` now and return its result as a finished future."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # the future carries it to whoever asks
            future.set_exception(error)
        return future


class WorkerPool(ProcessPoolExecutor):
    """A process pool whose `with` block ends at once when it is interrupted.

    The plain pool first finishes the tasks at work, and one more for which it has a place.
    """

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        """Wait for the workers, or end them if the block ended by anything but an error."""
        if error is not None and not isinstance(error, Exception):
            for worker in list(self._processes.values()):
                worker.terminate()
        return super().__exit__(kind, error, traceback)


def process_pool(workers: int = 1, threads: int | None = None) -> ProcessPoolExecutor:
    """Return a pool that runs every task in a fresh process with a fixed number of threads.

    Small networks do not fill several cores: two one-thread workers finish a grid of small runs
    about 1.5 times as fast as one worker with two threads.

    Args:
        workers: Processes at work at the same time, from 1 to 1000.
        threads: Threads of each, from 1 to 1000; None shares the cores among the workers.

    Returns:
        An executor, to be used in a `with` block.

    Raises:
        TypeError: An argument is not a whole number.
        ValueError: An argument is out of range.

    Example:
        >>> with process_pool(workers=1, threads=1) as pool:
        ...     pool.submit(abs, -3).result()
        3

    Source:
        Book: reference/records.
    """
    workers = check_integer(workers, "workers", "process_pool", "[1, 1000]", 2)
    if threads is None:
        threads = share_of_cores(workers)
    threads = check_integer(threads, "threads", "process_pool", "[1, 1000]", 1)
    return WorkerPool(
        max_workers=workers,
        mp_context=multiprocessing.get_context("spawn"),  # TensorFlow does not survive a fork
        initializer=_prepare_worker,
        initargs=(threads,),
        max_tasks_per_child=1,  # a run never inherits the state of the run before it
    )


def share_of_cores(workers: int) -> int:
    """Return how many threads each of so many workers has for itself on this machine."""
    return max(1, (os.cpu_count() or 1) // workers)


def _prepare_worker(threads: int) -> None:
    _pin_threads(threads)
    _schedule_as_batch()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it at once, without a traceback
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _schedule_as_batch() -> None:
    """Have Linux let this process' threads wake up without interrupting one another.

    At the end of every epoch tf.data tells its tuning thread to stop, just before it notes that it
    did. A thread that interrupts it there sees no reason to stop and sleeps on, for as long as the
    epoch took: on busy cores that happens at every other epoch.
    """
    if hasattr(os, "SCHED_BATCH"):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _end_with_parent() -> None:
    """End this worker if the runner is killed: nobody is left to take its result."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _pin_threads(threads: int) -> None:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    for variable in ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = str(threads)
    os.environ["TF_NUM_INTEROP_THREADS"] = "1"
