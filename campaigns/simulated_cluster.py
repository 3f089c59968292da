"""A cluster on paper: runs, workers that die, one scheduler and one runner, event by event.

Scheduler and runner do one thing at a time, so whoever comes while they are busy queues. A worker
has nothing in store: it waits until the scheduler hands out a run, makes it, and waits again. The
run of a worker that dies is the next to be handed out.
"""

import heapq
import math
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """What runs cost beside their own seconds, and how often workers die.

    Attributes:
        start: Seconds until a worker is ready for its first run, and until a dead one is replaced.
        fresh: Seconds that a worker spends on the fresh process of each run.
        task: Seconds that the scheduler is busy with each run.
        keep: Seconds that the runner is busy with each run.
        deaths: How often a worker dies in a second of work.
    """

    start: float = 0.0
    fresh: float = 0.0
    task: float = 0.0
    keep: float = 0.0
    deaths: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What became of a grid.

    Attributes:
        seconds: Time until the last run was kept.
        kept: How often each run was kept.
        lost: Worker seconds not spent on runs that were kept, by what they were lost to.
    """

    seconds: float
    kept: tuple[int, ...]
    lost: dict[str, float]


def simulate(seconds: Sequence[float], workers: int, costs: Costs, seed: int) -> Outcome:
    """Return what becomes of a grid of runs of so many seconds on so many workers."""
    return _Cluster(seconds, workers, costs, seed).work()


class _Server:
    """Does one thing at a time, in the order in which it is asked."""

    def __init__(self) -> None:
        self.busy_until = 0.0

    def serve(self, now: float, seconds: float) -> float:
        """Return when what is asked now will be done."""
        self.busy_until = max(now, self.busy_until) + seconds
        return self.busy_until


class _Cluster:
    def __init__(self, seconds: Sequence[float], workers: int, costs: Costs, seed: int) -> None:
        self._seconds, self._workers, self._costs = seconds, workers, costs
        self._chance = random.Random(seed)
        self._scheduler, self._runner = _Server(), _Server()
        self._waiting = deque(range(len(seconds)))
        self._idle = 0
        self._kept = [0] * len(seconds)
        self._lost = dict.fromkeys(("start", "scheduler", "fresh processes", "deaths"), 0.0)
        # (when, number of the event, run, seconds at work on it); a worker that starts has no run
        self._events: list[tuple[float, int, int | None, float]] = []
        self._count = 0

    def work(self) -> Outcome:
        for _ in range(self._workers):
            self._lost["start"] += self._costs.start
            self._happens(self._costs.start)
        while self._events:
            now, _, run, spent = heapq.heappop(self._events)
            if run is not None and spent < self._needs(run):
                self._dies(now, run, spent)
            else:
                self._is_free(now, run)
            while self._idle and self._waiting:
                self._begins(now, self._waiting.popleft())
        end = self._runner.busy_until
        spare = self._workers * end - sum(self._seconds) - sum(self._lost.values())
        return Outcome(end, tuple(self._kept), {**self._lost, "last runs": spare})

    def _happens(self, when: float, run: int | None = None, spent: float = 0.0) -> None:
        self._count += 1  # of two events at the same moment the older comes first
        heapq.heappush(self._events, (when, self._count, run, spent))

    def _needs(self, run: int) -> float:
        return self._costs.fresh + self._seconds[run]

    def _begins(self, now: float, run: int) -> None:
        self._idle -= 1
        begin = self._scheduler.serve(now, self._costs.task)
        self._lost["scheduler"] += begin - now
        life = self._chance.expovariate(self._costs.deaths) if self._costs.deaths else math.inf
        spent = min(life, self._needs(run))
        self._happens(begin + spent, run, spent)

    def _is_free(self, now: float, run: int | None) -> None:
        self._idle += 1
        if run is not None:
            self._kept[run] += 1
            self._lost["fresh processes"] += self._costs.fresh
            self._runner.serve(now, self._costs.keep)

    def _dies(self, now: float, run: int, spent: float) -> None:
        self._lost["deaths"] += spent + self._costs.start
        self._waiting.appendleft(run)
        self._happens(now + self._costs.start)
