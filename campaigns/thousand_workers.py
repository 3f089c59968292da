"""Measure what one run costs scheduler and runner, then simulate 1 to 1,000 workers with that.

The runs last as long as those of the published record `capacity`, drawn at random. Runner,
scheduler and two workers share the machine here; a scheduler with one to itself costs less.
"""

import argparse
import pickle
import random
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, wait
from functools import cache
from statistics import median
from typing import Any
from unittest import mock

from campaigns.outcome import keep
from campaigns.simulated_cluster import Costs, Outcome, simulate
from campaigns.violations import demand
from companion.experiments import Study, cluster_executor, dask_executor, load, run

RECORD = "capacity"
WORKERS = (1, 10, 100, 1000)
RUNS = (1000, 10_000)
DEATHS_PER_HOUR = 0.1  # of each worker: a bad machine, or one that is lent and taken back
MINUTE, HOUR = 60, 3600
FRESH_PROCESSES = 7
Result = tuple[Mapping[str, Any], Mapping[str, Any]]


@cache
def published() -> Result:
    """Return history and provenance of a published run, as a worker returns them."""
    content = load(RECORD).content["runs"][0]
    return content["history"], content["provenance"]


def instant_run(*_: object) -> Result:
    """Take what a run takes and return what it returns, in no time."""
    return published()


def call_at_once(call: Callable[[], Any], threads: int, topic: str) -> Any:  # noqa: ARG001
    """Do what a worker does with a run, but without a fresh process."""
    from distributed import get_worker  # not at the top, for the fresh processes' sake

    worker = get_worker()
    worker.log_event(topic, worker.get_current_task())
    return call()


class InstantExecutor(Executor):
    """An executor whose runs have ended when they are submitted."""

    def submit(self, *_: object) -> "Future[Result]":  # type: ignore[override]
        """Return a finished future."""
        future: Future[Result] = Future()
        future.set_result(instant_run())
        return future


def measure_cluster(tasks: int) -> dict[str, float]:
    """Return the seconds of a start, of a fresh process, and of the scheduler for a run."""
    begin = time.perf_counter()
    with dask_executor(2, 1) as executor:
        executor.submit(abs, -1).result()
        start = time.perf_counter() - begin
        fresh = median(_seconds_of(executor, 1, abs, -1) for _ in range(FRESH_PROCESSES))
        with mock.patch.object(cluster_executor, "call_fresh", call_at_once):
            what = (instant_run, grid(1), "0" * 64, "folder")  # as large as what a run is given
            _seconds_of(executor, 10, *what)  # now the workers have loaded what they need
            task = _seconds_of(executor, tasks, *what) / tasks
    return {"start": start, "fresh": fresh, "task": task}


def _seconds_of(
    executor: Executor, times: int, function: Callable[..., Any], *arguments: object
) -> float:
    begin = time.perf_counter()
    futures = [executor.submit(function, *arguments) for _ in range(times)]
    wait(futures)
    demand(not any(future.exception() for future in futures), "A task has failed.")
    return time.perf_counter() - begin


def measure_runner(runs: int) -> float:
    """Return the seconds that the runner is busy with each of so many runs, flushing included."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        made = run(grid(runs), executor=InstantExecutor(), work_dir=folder)
        demand(len(made) == runs, f"{len(made)} of {runs} runs were kept.")
        return (time.perf_counter() - begin) / runs


def grid(runs: int) -> Study:
    """Return a study of so many runs."""
    seeds = tuple(range(1, runs + 1))
    return Study("grid", "?", "companion.experiments.toy:count", {"arm": {"epochs": 25}}, seeds)


def run_seconds() -> list[float]:
    """Return the durations of the published runs."""
    record = load(RECORD)
    return [float(seconds) for arm in record.arms for seconds in record.seconds(arm)]


def simulations(costs: Costs, seed: int) -> dict[tuple[int, int], Outcome]:
    """Return the outcome of every number of runs on every number of workers."""
    outcomes = {}
    for runs in RUNS:
        drawn = random.Random(seed).choices(run_seconds(), k=runs)
        for workers in WORKERS:
            outcome = simulate(drawn, workers, costs, seed)
            demand(set(outcome.kept) == {1}, f"Of {runs} runs some were lost or kept twice.")
            outcomes[runs, workers] = outcome
    return outcomes


def described(outcomes: Mapping[tuple[int, int], Outcome]) -> dict[str, str]:
    """Return a line for each outcome: hours, speed-up, efficiency and what most was lost to."""
    lines = {}
    for (runs, workers), outcome in outcomes.items():
        faster = outcomes[runs, 1].seconds / outcome.seconds
        cause = max(outcome.lost, key=lambda name: outcome.lost[name])
        share = outcome.lost[cause] / (workers * outcome.seconds)
        lines[f"runs {runs:,}, workers {workers:,}"] = "; ".join(
            (
                _duration(outcome.seconds),
                f"{faster:.3g}",
                f"{faster / workers:.0%}",
                f"{cause} ({share:.1%})",
            )
        )
    return lines


def _duration(seconds: float) -> str:
    return f"{seconds / MINUTE:.1f} min" if seconds < HOUR else f"{seconds / HOUR:.1f} h"


def costs_table(figures: Mapping[str, Any]) -> list[str]:
    """Return the rows of what was measured, as in `book/reference/cluster.md`."""
    measured = {what: value for what, value in figures.items() if not what.startswith("runs ")}
    return [
        f"| {what} | {f'{value:,}' if isinstance(value, int) else value} |"
        for what, value in measured.items()
    ]


def table(figures: Mapping[str, Any]) -> list[str]:
    """Return the rows of what was simulated, as in `book/reference/cluster.md`."""
    return [
        f"| {what.removeprefix('runs ').replace(', workers ', ' | ')} | "
        f"{value.replace('; ', ' | ')} |"
        for what, value in figures.items()
        if what.startswith("runs ")
    ]


def campaign(tasks: int, seed: int) -> dict[str, int | float | str]:
    """Return what was measured and what it would mean for 1,000 workers."""
    measured = measure_cluster(tasks)
    runner = {runs: measure_runner(runs) for runs in (tasks // 10, tasks)}
    costs = Costs(**measured, keep=runner[tasks], deaths=DEATHS_PER_HOUR / HOUR)
    outcomes = simulations(costs, seed)
    largest = outcomes[RUNS[-1], WORKERS[-1]]
    demand(
        outcomes[RUNS[-1], 1].seconds / largest.seconds > WORKERS[-1] / 2,
        f"1,000 workers are less than 500 times as fast as one: {largest}.",
    )
    mean = sum(run_seconds()) / len(run_seconds())
    return {
        "tasks measured": tasks,
        "client, scheduler and two workers, milliseconds a run": round(1000 * costs.task, 2),
        "runner, milliseconds a run": round(1000 * costs.keep, 2),
        "the same with a tenth as many runs, milliseconds a run": round(
            1000 * runner[tasks // 10], 2
        ),
        "start of the fresh process of a run, seconds": round(costs.fresh, 2),
        "start of a cluster of two workers, seconds": round(costs.start, 2),
        "bytes of a result": len(pickle.dumps(published())),
        f"mean time of a run in the record {RECORD}, seconds": round(mean, 1),
        "workers that keep the busier of them busy": int(mean / max(costs.task, costs.keep)),
        **described(outcomes),
    }


def main() -> None:
    """Measure, simulate, print the table for the book and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="tasks measured (default 2000)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    figures = campaign(options.count, options.seed)
    promise = (
        "With the costs measured here, a simulated grid of 10,000 runs is at least 500 times as "
        "fast on 1,000 workers as on one."
    )
    keep("thousand_workers", promise, "python -m campaigns.thousand_workers", figures)
    print("\nFor book/reference/cluster.md:\n")
    print(*costs_table(figures), "", *table(figures), sep="\n")


if __name__ == "__main__":
    main()
