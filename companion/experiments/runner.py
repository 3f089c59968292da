"""Run a study: every run not finished yet, on any executor, each kept as soon as it ends."""

import math
import platform
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from filelock import FileLock, Timeout
from tqdm.auto import tqdm

from companion._atomic import naming, write_text
from companion._progress import is_interactive
from companion._tensorflow import silent_stderr
from companion._validate import check_choice, check_flag, check_instance
from companion.datasets import ImageDataset, TextDataset, load_cifar10, load_imdb
from companion.experiments.executors import InlineExecutor
from companion.experiments.fingerprints import source_fingerprint
from companion.experiments.provenance import describe_machine
from companion.experiments.store import Run, StaleRunError, Store, StoredValues, check_work_dir
from companion.experiments.study import DATA_KEY, Study, check_study, load_function
from companion.experiments.tables import TABLES, Tables, load_tables

SECONDS_BETWEEN_LOOKS = 1.0
DIGITS = 7  # a float32 holds no more
Runs = dict[tuple[str, int], Run]
Futures = dict[Future[Any], tuple[str, int]]
LOADERS: Mapping[str, Callable[..., ImageDataset | TextDataset | Tables]] = {
    "cifar-10": load_cifar10,
    "imdb": load_imdb,
    TABLES: load_tables,
}


class StudyBusyError(RuntimeError):
    """Another runner is at work on the same study in the same folder."""


def run(
    study: Study,
    *,
    executor: Executor | None = None,
    work_dir: str | Path | None = None,
    allow_stand_in: bool = False,
) -> Runs:
    """Make every run of a study that is not finished yet and return all of them.

    A finished run is one file; stopping or killing this loses only the runs in progress, and
    calling it again makes the missing ones.

    Args:
        study: What to run; take one from `companion.experiments.STUDIES` or make your own.
        executor: Any `concurrent.futures.Executor`; None runs in this process, one after another.
        work_dir: Folder for the finished runs; None takes `COMPANION_WORK_DIR` or the user's data
            folder.
        allow_stand_in: Accept the stand-in where the study's data set is not at hand.

    Returns:
        The finished runs, keyed by (arm, seed).

    Raises:
        StaleRunError: A finished run no longer matches the configuration, code or data.
        DamagedRunError: The file of a finished run cannot be read.
        StudyBusyError: Another runner is at work on this study.
        DataNotFoundError: The data set is not at hand and the stand-in was not allowed.

    Example:
        >>> toy = Study("toy", "?", "companion.experiments.toy:count", {"up": {"epochs": 2}}, (1,))
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     run(toy, work_dir=folder)["up", 1].history
        {'count': [2.0, 3.0]}

    Source:
        Book: reference/records.
    """
    check_study(study, "run")
    check_flag(allow_stand_in, "allow_stand_in", "run")
    if executor is not None:
        check_instance(
            executor,
            "executor",
            "run",
            Executor,
            "a concurrent.futures.Executor",
            "process_pool(2)",
        )
    folder = check_work_dir(work_dir, "run")
    data_source, fingerprint = data_identity(study, allow_stand_in=allow_stand_in)
    store = Store(study, folder, fingerprint)
    store.folder.mkdir(parents=True, exist_ok=True)
    with _locked(store):
        store.remove_leftovers()
        return _finish(store, executor or InlineExecutor(), data_source)


def data_identity(study: Study, *, allow_stand_in: bool) -> tuple[str | None, str | None]:
    """Return source and fingerprint of the data that a study would run on now."""
    if study.dataset is None:
        return None, None
    check_choice(study.dataset, "dataset", f"study {study.name}", LOADERS)
    data = LOADERS[study.dataset](allow_stand_in=allow_stand_in)
    return data.source, data.fingerprint


def _locked(store: Store) -> AbstractContextManager[object]:
    """Return the lock of the study's folder, acquired; the system frees it if this is killed."""
    path = store.folder / ".lock"
    try:
        with naming(path):
            return FileLock(path).acquire(timeout=0)
    except Timeout:
        raise StudyBusyError(
            f"Another runner is at work on {store.study.name} in {store.folder}. "
            "Wait for it, or stop it."
        ) from None


def _finish(store: Store, executor: Executor, data_source: str | None) -> Runs:
    """Make the missing runs; when one fails, those at work end and are kept before it is raised."""
    done = store.finished()
    missing = [key for key in store.study.runs if key not in done]
    progress = _Progress(store, finished=len(done))
    futures: Futures = {}
    queue: SimpleQueue[Future[Any]] = SimpleQueue()
    errors: list[BaseException] = []
    try:
        while futures or missing:
            if missing:
                key = missing.pop(0)
                future = _submit(store, executor, *key)
                futures[future] = key
                future.add_done_callback(queue.put)
            ready = _ended(queue, 0 if missing else SECONDS_BETWEEN_LOOKS)
            ended = {future: futures.pop(future) for future in ready if future in futures}
            errors += _keep(store, ended, done, data_source)
            if errors:
                missing = []
                if not isinstance(errors[0], BrokenExecutor):  # that one ends all futures itself
                    futures = {
                        future: key for future, key in futures.items() if not future.cancel()
                    }
            progress.show(done)
    except Exception:
        for future in futures:
            future.cancel()
        raise
    finally:
        progress.close()
    if errors:
        raise errors[0]
    return {key: done[key] for key in store.study.runs}


def _submit(store: Store, executor: Executor, arm: str, seed: int) -> Future[Any]:
    config = {**store.study.arms[arm], DATA_KEY: store.identity(arm).data}
    single = replace(store.study, arms={arm: config}, seeds=(seed,))
    source = source_fingerprint(single)
    return executor.submit(train_one, single, source, store.progress_path(arm, seed))


def _ended(queue: "SimpleQueue[Future[Any]]", seconds: float) -> Iterator[Future[Any]]:
    """Yield the futures that have ended, after so many seconds at most for the first.

    `concurrent.futures.wait` would look at all of them every time: 10,000 runs, 10,000 times.
    """
    with suppress(Empty):
        yield queue.get(timeout=seconds)
        while True:
            yield queue.get_nowait()


def _keep(store: Store, ended: Futures, done: Runs, data_source: str | None) -> list[BaseException]:
    """Save the runs that ended well; return the errors of those that failed or were not saved."""
    errors: list[BaseException] = []
    for future, (arm, seed) in ended.items():
        if error := future.exception():
            errors.append(error)
            continue
        history, provenance = future.result()
        run = Run(arm, seed, store.identity(arm), data_source, history, provenance)
        try:
            store.save(run)
        except OSError as error:  # those that ended at the same moment may still find room
            errors.append(error)
        else:
            done[arm, seed] = run
    return errors


def train_one(
    single: Study, source: str, progress_path: Path
) -> tuple[dict[str, StoredValues], dict[str, Any]]:
    """Train a study's only run (wherever the executor chose) and say where it was made."""
    if source_fingerprint(single) != source:
        raise StaleRunError(
            f"The code behind study {single.name} is another on worker {platform.node()} than on "
            f"the runner. Install the same version on both, or wait until you have edited it."
        )
    (config,), (seed,) = single.arms.values(), single.seeds

    def report(fraction: float) -> None:
        if progress_path.parent.is_dir():  # a worker on another machine may not share the folder
            with suppress(OSError):  # it is for show; a full disk must not end a long run
                write_text(progress_path, f"{fraction:.4f}")

    started = datetime.now(UTC).isoformat(timespec="seconds")
    provenance = {"started": started, **describe_machine(single.libraries)}
    begin = time.perf_counter()
    with silent_stderr():  # TensorFlow's C++ part greets when it is imported
        function = load_function(single.train)
    history = function(config, seed, report)
    provenance["seconds"] = round(time.perf_counter() - begin, 1)
    with suppress(OSError):
        progress_path.unlink(missing_ok=True)
    return {metric: _rounded(values) for metric, values in history.items()}, provenance


def _rounded(values: list[float]) -> StoredValues:
    """Keep the digits a float32 has; JSON has no NaN or infinity, so a diverged epoch is None."""
    return [float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None for value in values]


class _Progress:
    """A bar in runs, with the parts of the runs in progress and the time left."""

    def __init__(self, store: Store, finished: int) -> None:
        self._store = store
        self._total = len(store.study.runs)
        self._next_look = 0.0
        self._bar = tqdm(
            total=self._total,
            initial=finished,
            desc=store.study.name,
            unit="run",
            disable=not is_interactive(),
            bar_format="{desc}: {percentage:3.0f}% |{bar}| {n:.1f}/{total} runs "
            "[{elapsed} gone, {remaining} left]",
        )

    def show(self, done: Runs) -> None:
        """Look at all runs not finished, but not again and again while many runs end."""
        now = time.monotonic()
        if self._bar.disable or (now < self._next_look and len(done) < self._total):
            return
        self._next_look = now + SECONDS_BETWEEN_LOOKS
        pending = (key for key in self._store.study.runs if key not in done)
        at_work = sum(self._store.fraction(*key) for key in pending)
        self._bar.update(max(0.0, len(done) + at_work - self._bar.n))
        self._bar.refresh()

    def close(self) -> None:
        self._bar.close()
