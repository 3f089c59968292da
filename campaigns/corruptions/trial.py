"""One corruption: made, loaded, and judged."""

import random
import stat
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from campaigns.corruptions.case import LAYOUTS, Case
from campaigns.corruptions.catalogue import KINDS
from campaigns.corruptions.setting import Setting, digest_of, load
from campaigns.corruptions.watch import bounded, places, planted_attributes, tree
from companion.datasets import DataIntegrityError, DataNotFoundError

_MOST_DRAWS = 50
_LONGEST_MESSAGE = 1000
_TOO_LARGE_TO_READ = 1 << 30


@dataclass(frozen=True)
class Trial:
    """What is corrupted, and how; the seed repeats it."""

    number: int
    kind: str
    layout: str
    seed: int

    def __str__(self) -> str:
        return f"{self.kind} ({self.layout}; --seed {self.seed} --only {self.number})"


@dataclass
class Verdict:
    """What came of a trial.

    Attributes:
        trial: The trial.
        message: The loader's error; empty if it gave the right images all the same.
        violations: What must not have happened and did.
        redrawn: How many draws changed nothing and were drawn again.
    """

    trial: Trial
    message: str = ""
    violations: list[str] = field(default_factory=list)
    redrawn: int = 0

    @property
    def outcome(self) -> str:
        """What the trial counts as."""
        if self.violations:
            return "violated"
        return "detected" if self.message else "harmless"


def run_trial(trial: Trial, setting: Setting) -> Verdict:
    """Corrupt a copy of the images, load it with an empty cache, and judge what happened."""
    verdict = Verdict(trial)
    with TemporaryDirectory(prefix="corruptions-") as name:
        root = Path(name).resolve()
        with places(root, setting.images.spec) as cache:
            case = _corrupted(trial, setting, root, verdict)
            _judge_load(case, setting, cache, verdict)
            _judge_cache(setting, cache, verdict)
    return verdict


def _corrupted(trial: Trial, setting: Setting, root: Path, verdict: Verdict) -> Case:
    """Return a case that differs from the honest one in at least a byte."""
    layout = next(layout for layout in LAYOUTS if layout.name == trial.layout)
    for draw in range(_MOST_DRAWS):
        rng = random.Random(f"{trial.seed}/{trial.number}/{draw}")
        case = Case(setting.images, layout, root, rng)
        honest = _contents(case.data)
        KINDS[trial.kind].corrupt(case)
        if _contents(case.data) != honest:
            return case
        verdict.redrawn += 1
    raise AssertionError(f"{trial} changed nothing in {_MOST_DRAWS} draws.")


def _judge_load(case: Case, setting: Setting, cache: Path, verdict: Verdict) -> None:
    before = tree(cache.parent, without=cache)
    with warnings.catch_warnings(record=True) as warned, bounded(setting.bounds) as exceeded:
        warnings.simplefilter("always")
        found = list(_load_and_compare(case, setting, verdict))
    after = tree(cache.parent, without=cache)
    touched = [name for name in before | after if before.get(name) != after.get(name)]
    verdict.violations += found + exceeded
    verdict.violations += [f"warned: {warning.message}" for warning in warned]
    verdict.violations += [f"wrote to {name}, outside of the cache" for name in touched]
    verdict.violations += [f"set an attribute of {name}" for name in planted_attributes()]


def _load_and_compare(case: Case, setting: Setting, verdict: Verdict) -> Iterator[str]:
    """Yield what is wrong with the images that were loaded or with the error in their place."""
    try:
        data = load(case.data, setting.images)
    except Exception as error:  # of any type: which one is judged here
        verdict.message = str(error) or repr(error)
        yield from _judge_error(error, case.data)
        if KINDS[verdict.trial.kind].harmless:
            yield f"refused what holds the right images: {error}"
        return
    if digest_of(data) != setting.digest:
        yield "gave other images than the published ones"


def _judge_error(error: Exception, folder: Path) -> Iterator[str]:
    message = str(error)
    if type(error) not in (DataIntegrityError, DataNotFoundError):
        yield f"raised {error!r}"
    if not message.isprintable() or len(message) > _LONGEST_MESSAGE or message[-1:] != ".":
        yield f"did not say it in a sentence: {message!r}"
    if str(folder) not in message:
        yield f"did not name the file: {message!r}"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError):
            yield "asked for more memory than there was"
        cause = cause.__cause__ or cause.__context__


def _judge_cache(setting: Setting, cache: Path, verdict: Verdict) -> None:
    """Look for what a detected corruption left in the cache, and load a good copy with it."""
    left = _cached(cache)
    try:
        again = digest_of(load(None, setting.images))
    except DataNotFoundError:
        again = ""
    if verdict.message and (left or again):
        verdict.violations.append(f"left something in the cache: {left}")
    if not verdict.message and (again != setting.digest or left != [".json", ".npy"]):
        verdict.violations.append(f"left a wrong cache: {left}")
    if digest_of(load(setting.good, setting.images)) != setting.digest:
        verdict.violations.append("spoiled a later load of good files")
    if (left := _cached(cache)) != [".json", ".npy"]:
        verdict.violations.append(f"left files beside the cache: {left}")


def _cached(cache: Path) -> list[str]:
    """Return the suffixes of the files in the cache, without the lock."""
    return sorted(path.suffix for path in cache.rglob("*") if path.suffix != ".lock")


def _contents(folder: Path) -> dict[str, tuple[int, bytes | str]]:
    """Return the type and content of everything in a folder."""
    contents: dict[str, tuple[int, bytes | str]] = {}
    for path in folder.rglob("*") if folder.is_dir() else [folder]:
        status = path.lstat()
        content: bytes | str = str(status.st_size)
        if stat.S_ISLNK(status.st_mode):
            content = str(path.readlink())
        elif stat.S_ISREG(status.st_mode) and status.st_size < _TOO_LARGE_TO_READ:
            content = sha256(path.read_bytes()).digest()
        contents[str(path)] = (stat.S_IFMT(status.st_mode), content)
    return contents
