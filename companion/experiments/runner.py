"""Run a study: every run not finished yet, on any executor, each kept as soon as it ends."""

import math
import time
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from tqdm.auto import tqdm

from companion._atomic import write_text
from companion._progress import is_interactive
from companion._tensorflow import silent_stderr
from companion._validate import check_choice, check_flag, check_instance
from companion.datasets import load_cifar10
from companion.experiments.executors import InlineExecutor
from companion.experiments.provenance import describe_machine
from companion.experiments.store import Run, Store, StoredValues
from companion.experiments.study import (
    DATA_KEY,
    Config,
    Study,
    check_study,
    load_function,
)

SECONDS_BETWEEN_LOOKS = 1.0
DIGITS = 7  # a float32 holds no more
Runs = dict[tuple[str, int], Run]
Futures = dict[Future[Any], tuple[str, int]]
LOADERS = {"cifar-10": load_cifar10}


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
    data_source, fingerprint = data_identity(study, allow_stand_in=allow_stand_in)
    store = Store(study, work_dir, fingerprint)
    store.folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(store.folder / ".lock", timeout=0):
            return _finish(store, executor or InlineExecutor(), data_source)
    except Timeout:
        raise StudyBusyError(
            f"Another runner is at work on {study.name} in {store.folder}. Wait for it, or stop it."
        ) from None


def data_identity(study: Study, *, allow_stand_in: bool) -> tuple[str | None, str | None]:
    """Return source and fingerprint of the data that a study would run on now."""
    if study.dataset is None:
        return None, None
    check_choice(study.dataset, "dataset", f"study {study.name}", LOADERS)
    data = LOADERS[study.dataset](allow_stand_in=allow_stand_in)
    return data.source, data.fingerprint


def _finish(store: Store, executor: Executor, data_source: str | None) -> Runs:
    """Make the missing runs; when one fails, those at work end and are kept before it is raised."""
    done = store.finished()
    missing = [key for key in store.study.runs if key not in done]
    progress = _Progress(store, finished=len(done))
    futures: Futures = {}
    errors: list[BaseException] = []
    try:
        while futures or missing:
            if missing:
                key = missing.pop(0)
                futures[_submit(store, executor, *key)] = key
            ready = wait(futures, 0 if missing else SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED).done
            ended = {future: futures.pop(future) for future in ready}
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
    return executor.submit(
        train_one, store.study.train, config, seed, store.progress_path(arm, seed)
    )


def _keep(store: Store, ended: Futures, done: Runs, data_source: str | None) -> list[BaseException]:
    """Save the runs that ended well; return the errors of the others."""
    errors = []
    for future, (arm, seed) in ended.items():
        if error := future.exception():
            errors.append(error)
            continue
        history, provenance = future.result()
        run = Run(arm, seed, store.identity(arm), data_source, history, provenance)
        store.save(run)
        done[arm, seed] = run
    return errors


def train_one(
    train: str, config: Config, seed: int, progress_path: Path
) -> tuple[dict[str, StoredValues], dict[str, Any]]:
    """Train one run (in whatever process the executor chose) and say where it was made."""

    def report(fraction: float) -> None:
        if progress_path.parent.is_dir():  # a worker on another machine may not share the folder
            write_text(progress_path, f"{fraction:.4f}")

    provenance = {"started": datetime.now(UTC).isoformat(timespec="seconds"), **describe_machine()}
    begin = time.perf_counter()
    with silent_stderr():  # TensorFlow's C++ part greets when it is imported
        function = load_function(train)
    history = function(config, seed, report)
    provenance["seconds"] = round(time.perf_counter() - begin, 1)
    progress_path.unlink(missing_ok=True)
    return {metric: _rounded(values) for metric, values in history.items()}, provenance


def _rounded(values: list[float]) -> StoredValues:
    """Keep the digits a float32 has; JSON has no NaN or infinity, so a diverged epoch is None."""
    return [float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None for value in values]


class _Progress:
    """A bar in runs, with the parts of the runs in progress and the time left."""

    def __init__(self, store: Store, finished: int) -> None:
        self._store = store
        self._bar = tqdm(
            total=len(store.study.runs),
            initial=finished,
            desc=store.study.name,
            unit="run",
            disable=not is_interactive(),
            bar_format="{desc}: {percentage:3.0f}% |{bar}| {n:.1f}/{total} runs "
            "[{elapsed} gone, {remaining} left]",
        )

    def show(self, done: Runs) -> None:
        pending = (key for key in self._store.study.runs if key not in done)
        at_work = sum(self._store.fraction(*key) for key in pending)
        self._bar.update(max(0.0, len(done) + at_work - self._bar.n))
        self._bar.refresh()

    def close(self) -> None:
        self._bar.close()
