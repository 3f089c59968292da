"""Let several processes do the same at once: run a study, publish it, fill the cache.

Runners start at random moments, some are killed. One at a time works, the others end with one
sentence; the first to start after a killed one takes over. Publishers and makers of the decoded
copy all succeed, the copy is made once, and who reads meanwhile sees old content or new.
"""

import os
import random
import time
from collections import Counter
from itertools import groupby
from pathlib import Path

from campaigns.operations import Operation, operations
from campaigns.outcome import Figures
from campaigns.processes import KILLED, Child
from campaigns.seeded import run_campaign
from campaigns.stage import Stage
from campaigns.toy_data import DECODED, SPEC, is_toy
from campaigns.toy_study import command, toy_study
from campaigns.violations import demand
from companion.datasets._cache import DecodedCache
from companion.datasets._records import Decoded
from companion.experiments.store import Store

RIVALS = (2, 4)
STUDY = toy_study(runs=6, milliseconds=15)
APART = 0.1  # seconds between the first runner's start and the last one's, at most
MAKING = 0.3  # seconds that the decoded copy takes
KILL_SHARE = 0.5
BUSY = "Another runner is at work on toy in "


def campaign(count: int, seed: int, folder: Path) -> Figures:
    """Hold `count` contests of each kind; return the figures, or raise."""
    chance = random.Random(seed)
    figures: Counter[str] = Counter()
    publish = operations("")["publish"]
    stage = Stage(publish, folder / "publish")
    for contest in range(count):
        rivals = RIVALS[contest % len(RIVALS)]
        where = f"contest {contest} of {rivals} (seed {seed})"
        _contest_of_runners(folder / f"runners-{contest}", rivals, chance, figures, where)
        _contest_of_publishers(stage, rivals, figures, where)
        _contest_for_the_cache(folder / f"cache-{contest}", rivals, chance, figures, where)
    return dict(figures)


def _contest_of_runners(
    folder: Path, rivals: int, chance: random.Random, figures: Counter[str], where: str
) -> None:
    folder.mkdir()
    children: list[Child] = []
    for number in range(rivals):
        children.append(Child(folder / f"said-{number}", command, "run", STUDY, folder))
        time.sleep(chance.uniform(0, APART / rivals))
    killed = chance.random() < KILL_SHARE and children[0].kill() == KILLED
    codes = [child.end() for child in children]
    for child, code in zip(children[killed:], codes[killed:], strict=True):
        refused = code == 1 and child.said.startswith(BUSY) and len(child.said.splitlines()) == 1
        demand(code == 0 or refused, f"{where}: a runner ended with {code}: {child.said}")
        figures["runners refused in one sentence"] += refused
    demand(killed or codes[0] == 0, f"{where}: the first runner was refused.")
    successor = Child(folder / "said-last", command, "run", STUDY, folder)
    demand(successor.end() == 0, f"{where}: nobody takes over. {successor.said}")
    _check_log(folder, where, int(killed))
    figures["runners started"] += rivals + 1
    figures["holders killed, the next one takes over"] += killed
    figures["contests of runners"] += 1


def _check_log(folder: Path, where: str, killed: int) -> None:
    """One worked at a time, and each run was made once; a killed one's last was begun again."""
    log = [line.split() for line in (folder / "log").read_text().splitlines()]
    events = [event for event, _, _ in log]
    demand("again" not in events, f"{where}: a finished run was made again.")
    turns = [process for process, _ in groupby(process for _, _, process in log)]
    demand(len(turns) == len(set(turns)), f"{where}: two runners worked at a time.")
    most = len(STUDY.runs) + killed
    demand(events.count("begin") <= most, f"{where}: work was done twice.")
    whole = Store(STUDY, folder / "work", None).finished()  # raises if one is damaged
    demand(list(whole) == list(STUDY.runs), f"{where}: only {sorted(whole)} are finished.")


def _contest_of_publishers(stage: Stage, rivals: int, figures: Counter[str], where: str) -> None:
    folder = stage.reset()
    said = [folder / f"said-{number}" for number in range(rivals)]
    children = [Child(path, _act, stage.operation.name, folder) for path in said]
    stage.check(f"{where}, publishing", leftovers=rivals)
    for child in children:
        demand(child.end() == 0, f"{where}: publishing failed: {child.said}")
    stage.judge(None, f"{where}, publishing")
    stage.check(f"{where}, publishing")
    figures["records published at once"] += rivals


def _act(name: str, folder: Path) -> int:
    operation: Operation = operations("")[name]
    said = operation.act(folder)
    print(said or "", flush=True)
    return 1 if said else 0


def _contest_for_the_cache(
    folder: Path, rivals: int, chance: random.Random, figures: Counter[str], where: str
) -> None:
    folder.mkdir()
    said = [folder / f"said-{number}" for number in range(rivals)]
    children = [Child(path, _fill, folder) for path in said]
    time.sleep(chance.uniform(0, MAKING))
    killed = chance.random() < KILL_SHARE and children[0].kill() == KILLED
    for child in children[killed:]:
        demand(child.end() == 0, f"{where}, filling the cache: {child.said}")
    cache = DecodedCache(folder / "cache", SPEC)
    found = cache.read()
    demand(found is not None and is_toy(found) and cache.is_sound(), f"{where}: no sound copy.")
    made = len((folder / "made").read_text())
    demand(1 <= made <= 1 + killed, f"{where}: the copy was made {made} times.")
    left = {path.suffix for path in (folder / "cache").iterdir()} - {".json", ".lock", ".npy"}
    demand(not left, f"{where}: {left} is left in the cache.")
    figures["copies of the data asked for at once"] += rivals
    figures["makers of the copy killed"] += killed
    figures["copies made"] += made


def _fill(folder: Path) -> int:
    def make() -> Decoded:
        log = os.open(folder / "made", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(log, b".")
        os.close(log)
        time.sleep(MAKING)
        return DECODED

    return 0 if is_toy(DecodedCache(folder / "cache", SPEC).read_or_make(make)) else 1


PROMISE = (
    "Of several processes at once one works, the others wait or are refused, and no file is "
    "damaged."
)


if __name__ == "__main__":
    run_campaign("rivals", PROMISE, campaign, 60, "contests of each kind")
