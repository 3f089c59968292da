"""Kill the runner of a toy study at random moments, start it again, until the study is whole.

In some rounds it makes the runs itself, in others on a pool of two worker processes, of which
sometimes one is killed in place of the runner. Some kills are aimed: the runner kills itself at its
n-th file operation.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from campaigns.faults_in_files import Injection
from campaigns.outcome import Figures
from campaigns.processes import KILLED, Child
from campaigns.seeded import run_campaign
from campaigns.toy_study import command, toy_study
from campaigns.violations import demand
from companion.experiments import Study, publish
from companion.experiments.store import Store

MILLISECONDS = 2  # an epoch
WORKERS = 2
OPERATIONS = 37  # file operations of a run: three times the progress, once the result
POOL_SHARE, WORKER_SHARE, AIMED_SHARE = 0.25, 0.6, 0.4
BROKEN = "A worker process died"


@dataclass
class Round:
    """One study on its way from nothing to whole."""

    folder: Path
    study: Study
    workers: int
    seconds: float  # that it takes undisturbed
    kept: dict[str, bytes] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    begun: int = 0  # lines of the log that were there when the last runner started
    kills: Counter[str] = field(default_factory=Counter)

    @property
    def runs(self) -> Path:
        """Folder of the run files."""
        return self.folder / "work" / "toy"

    @property
    def missing(self) -> int:
        """Number of runs without a file."""
        return len(self.study.runs) - len(self.kept)

    def start(self, at: int = 0) -> Child:
        """Start a runner; it kills itself at its file operation numbered `at`, if there is one."""
        self.begun = len(self.log())
        said = self.folder / f"said-{len(self.children)}"
        self.children.append(Child(said, _runner, self.study, self.folder, self.workers, at))
        return self.children[-1]

    def log(self) -> list[list[str]]:
        """Return event, run and process id of all that the training function did."""
        file = self.folder / "log"
        return [line.split() for line in file.read_text().splitlines()] if file.exists() else []

    def leftovers(self) -> list[str]:
        """Return the names of temporary files."""
        return sorted(path.name for path in self.runs.glob(".*.part"))


def _runner(study: Study, folder: Path, workers: int, at: int) -> int:
    if workers:  # in a fresh interpreter: as a user's, it can start processes of its own
        runs = len(study.runs)
        program = [sys.executable, "-m", "campaigns.toy_study", str(folder), str(workers)]
        os.execv(sys.executable, [*program, str(runs), str(MILLISECONDS)])
    with Injection(folder / "work", at, lambda _: os.kill(os.getpid(), signal.SIGKILL)):
        return command("run", study, folder)


def campaign(count: int, seed: int, folder: Path) -> Figures:
    """Kill `count` times; return the figures, or raise where a promise does not hold."""
    chance = random.Random(seed)
    total: Counter[str] = Counter()
    expected, seconds = {}, {}
    for workers in (0, WORKERS):
        whole = _new_round(folder / f"undisturbed-{workers}", workers, 0.0)
        child = whole.start()
        begin = time.monotonic()
        demand(child.end() == 0, child.said)
        seconds[workers] = time.monotonic() - begin
        expected[workers] = _record(whole)
    while total["kills"] < count:
        workers = WORKERS if chance.random() < POOL_SHARE else 0
        name = f"round-{total['studies']}"
        current = _new_round(folder / name, workers, seconds[workers])
        _disturb(current, chance, count - total["kills"])
        _finish(current, expected[workers])
        total += current.kills
        total["studies"] += 1
    return {key.replace("_", " "): total[key] for key in _KEYS}


_KEYS = (
    "kills",
    "studies",
    "killed_before_the_first_run",
    "killed_during_a_run",
    "killed_between_runs",
    "killed_during_a_write",
    "aimed_at_a_file_operation",
    "workers_killed",
    "runs_finished",
    "runs_begun_again_before_they_were_finished",
    "finished_runs_lost",
    "finished_runs_made_again",
)


def _new_round(folder: Path, workers: int, seconds: float) -> Round:
    folder.mkdir()
    return Round(folder, toy_study(4 if workers else 8, MILLISECONDS), workers, seconds)


def _disturb(current: Round, chance: random.Random, most: int) -> None:
    """Kill until a runner gets to the end before it is killed."""
    while current.missing and current.kills["kills"] < most:
        aimed = not current.workers and chance.random() < AIMED_SHARE
        child = current.start(chance.randint(1, OPERATIONS * current.missing) if aimed else 0)
        if not aimed:
            share = (current.missing + 1) / (len(current.study.runs) + 1)
            time.sleep(chance.uniform(0, current.seconds * share))
        worker = bool(current.workers) and chance.random() < WORKER_SHARE
        code = child.end() if aimed else _kill(child, chance, worker)
        _check_files(current)
        if code == 0:
            return
        worker_died = code == 1 and BROKEN in child.said
        demand(code == KILLED or worker_died, f"A runner ended with {code}: {child.said}")
        current.kills["kills"] += 1
        current.kills["aimed_at_a_file_operation"] += aimed
        current.kills["workers_killed"] += worker_died
        current.kills[f"killed_{_moment(current)}"] += 1


def _kill(child: Child, chance: random.Random, worker: bool) -> int:
    victims = child.workers() if worker else []
    if not victims:
        return child.kill()
    with suppress(psutil.NoSuchProcess):
        chance.choice(victims).kill()
    return child.end()


def _moment(current: Round) -> str:
    """Tell from what is left what the killed runner was doing."""
    since = current.log()[current.begun :]
    if current.leftovers():
        return "during_a_write"
    if not since:
        return "before_the_first_run"
    ended = {run for event, run, _ in since if event == "end"}
    return "during_a_run" if {run for _, run, _ in since} - ended else "between_runs"


def _check_files(current: Round) -> None:
    """What was there is there, byte for byte; what is new is whole; nothing is made again."""
    now = {path.name: path.read_bytes() for path in current.runs.glob("*.json")}
    for name, content in current.kept.items():
        demand(now.get(name) == content, f"{current.runs / name} was lost or changed.")
    current.kept = now
    whole = Store(current.study, current.folder / "work", None).finished()  # raises if damaged
    demand(len(whole) == len(now), f"{current.runs} holds files of no run: {sorted(now)}.")
    again = [run for event, run, _ in current.log() if event == "again"]
    demand(not again, f"{again} in {current.runs} were finished, and made again.")
    at_work = 1 + (len(current.children) * current.workers)  # an orphan may be killed by its end
    demand(len(current.leftovers()) <= at_work, f"Leftovers pile up: {current.leftovers()}.")


def _finish(current: Round, expected: object) -> None:
    """Make the runs that are missing; compare with the undisturbed study; look for what is left."""
    for child in current.children:
        child.wait_for_orphans()
    for _ in range(2):  # the second finds all runs finished, and begins none
        demand(current.start().end() == 0, current.children[-1].said)
        _check_files(current)
    demand(not current.log()[current.begun :], f"{current.runs} was whole, and runs were begun.")
    demand(_record(current) == expected, f"The record of {current.folder} is another one.")
    strays = {path.name for path in current.runs.iterdir()} - set(current.kept) - {".lock"}
    demand(not strays, f"{current.runs} still holds {sorted(strays)}.")
    begun = sum(event == "begin" for event, _, _ in current.log())
    current.kills["runs_finished"] += len(current.kept)
    current.kills["runs_begun_again_before_they_were_finished"] += begun - len(current.kept)


def _record(current: Round) -> object:
    """Return what is published, provenance apart."""
    path = publish(current.study, work_dir=current.folder / "work", records_dir=current.folder)
    content = json.loads(path.read_text())
    del content["digest"]
    for run in content["runs"]:
        del run["provenance"]
    return content


PROMISE = "A killed runner loses the run in progress only; no finished run is lost or made again."


if __name__ == "__main__":
    run_campaign("kills", PROMISE, campaign, 200, "kills")
