"""The work folder: a file for each finished run, written in one step, read if it still fits."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_data_dir

from companion._atomic import remove_leftovers, write_text
from companion._validate import check_folder
from companion.experiments.fingerprints import config_fingerprint, digest, source_fingerprint
from companion.experiments.study import Study

RUN_SCHEMA = 2  # 2: with a digest, so that a flipped bit in a value is noticed
StoredValues = list[float | None]  # one value an epoch; None where it was NaN or infinite


class StaleRunError(ValueError):
    """A finished run was made by another configuration, other code or other data."""


class DamagedRunError(ValueError):
    """A run file cannot be read."""


@dataclass(frozen=True)
class Identity:
    """What must be equal for two runs of the same arm and seed to be the same experiment."""

    config: str
    source: str
    data: str | None


@dataclass(frozen=True)
class Run:
    """One finished run: an arm trained with one seed."""

    arm: str
    seed: int
    identity: Identity
    data_source: str | None
    history: Mapping[str, StoredValues]
    provenance: Mapping[str, Any]


def default_work_dir() -> Path:
    """Return where finished runs are kept: `COMPANION_WORK_DIR` or the user's data folder."""
    chosen = os.environ.get("COMPANION_WORK_DIR")
    return Path(chosen or Path(user_data_dir("train-to-generalize")) / "experiments").absolute()


def check_work_dir(work_dir: str | Path | None, owner: str) -> Path:
    """Return the folder for finished runs; None takes the default."""
    if work_dir is None:
        return default_work_dir()
    return check_folder(work_dir, "work_dir", owner, "'work'")


class Store:
    """The finished runs of one study in its own folder below the work folder."""

    def __init__(self, study: Study, work_dir: str | Path | None, data: str | None) -> None:
        self.study = study
        self.folder = check_work_dir(work_dir, "Store") / study.name
        self._data = data
        self._source = source_fingerprint(study)

    def identity(self, arm: str) -> Identity:
        """Return what a run of this arm made now would be identified by."""
        return Identity(config_fingerprint(self.study, arm), self._source, self._data)

    def path(self, arm: str, seed: int) -> Path:
        """Return the file of a run."""
        return self.folder / f"{arm}-seed{seed}.json"

    def progress_path(self, arm: str, seed: int) -> Path:
        """Return the file in which a run in progress says how far it is."""
        return self.folder / f"{arm}-seed{seed}.progress"

    def remove_leftovers(self) -> None:
        """Remove what killed runners left; only for the one that holds the folder's lock."""
        remove_leftovers(self.folder)
        for path in self.folder.glob("*.progress"):
            path.unlink(missing_ok=True)

    def save(self, run: Run) -> None:
        """Write a finished run to the disk in one step."""
        content = {"schema": RUN_SCHEMA, **asdict(run)}
        text = json.dumps({**content, "digest": digest(content)})
        write_text(self.path(run.arm, run.seed), text)

    def load(self, arm: str, seed: int) -> Run | None:
        """Return a finished run, or None where there is none.

        Raises:
            StaleRunError: It was made by another configuration, other code or other data.
            DamagedRunError: The file cannot be read.
        """
        path = self.path(arm, seed)
        if not path.exists():
            return None
        run = _read(path)
        if (run.arm, run.seed) != (arm, seed):
            raise DamagedRunError(
                f"{path} holds another run: {run.arm}, seed {run.seed}. Delete it."
            )
        expected, found = asdict(self.identity(arm)), asdict(run.identity)
        changed = [part for part in expected if expected[part] != found[part]]
        if changed:
            raise StaleRunError(
                f"{path} was made with another {' and '.join(changed)} than now; runs are never "
                f"mixed. Restore what changed, or delete the file to make the run anew."
            )
        return run

    def finished(self) -> dict[tuple[str, int], Run]:
        """Return every finished run of the study."""
        found = {key: self.load(*key) for key in self.study.runs}
        return {key: run for key, run in found.items() if run is not None}

    def fraction(self, arm: str, seed: int) -> float:
        """Return how far a run in progress is, from 0 to 1."""
        try:
            return min(max(float(self.progress_path(arm, seed).read_text()), 0.0), 1.0)
        except (OSError, ValueError):  # not begun, or being written at this moment
            return 0.0


def _read(path: Path) -> Run:
    try:
        content = json.loads(path.read_text("utf-8"))
        problem = _problem(content)
        if problem is None:
            return Run(**{**content, "identity": Identity(**content["identity"])})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = f"is damaged ({type(error).__name__})"
    raise DamagedRunError(f"{path} {problem}. Delete it to make the run anew.")


def _problem(content: dict[str, Any]) -> str | None:
    """Take schema and digest out of a run file's content; say if they are wrong."""
    schema = content["schema"]
    if schema != RUN_SCHEMA:
        return f"has schema {schema}; this version reads {RUN_SCHEMA}"
    if content.pop("digest") != digest(content):
        return "is damaged: its content does not match its digest"
    del content["schema"]
    return None
