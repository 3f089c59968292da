"""Records: the published results of a study, shipped with the package, plotted by the chapters."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from companion._atomic import write_text
from companion._validate import check_choice, check_folder
from companion.experiments.catalogue import STUDIES
from companion.experiments.fingerprints import (
    canonical_json,
    config_fingerprint,
    digest,
    source_fingerprint,
)
from companion.experiments.runner import data_identity
from companion.experiments.store import Run, Store, check_work_dir
from companion.experiments.study import Study, check_study

RECORD_SCHEMA = 1
RECORDS_DIR = Path(__file__).parent / "records"
SHORT = 8


class RecordError(ValueError):
    """A record is missing, damaged, incomplete, or was made by something else than stands here."""


@dataclass(frozen=True)
class Record:
    """The finished runs of a study.

    Attributes:
        content: The record as plain values, the content of its JSON file.

    Example:
        >>> record = load("baseline")
        >>> record.values("introductory", "test_accuracy").shape
        (3, 50)
    """

    content: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Name of the study."""
        return str(self.content["name"])

    @property
    def question(self) -> str:
        """What the study answers."""
        return str(self.content["question"])

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of what is compared, in the study's order."""
        return tuple(dict.fromkeys(run["arm"] for run in self.content["runs"]))

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds that every arm was run with."""
        return tuple(self.content["seeds"])

    @property
    def source(self) -> str:
        """Where the data came from, such as `"cifar-10"`."""
        return str(self.content["data"]["source"])

    @property
    def evidence(self) -> str:
        """What a claim that rests on this record names."""
        runs = len(self.content["runs"])
        data = str(self.content["data"]["fingerprint"])[:SHORT]
        return f"record {self.name}, {runs} runs, {self.source} {data}"

    @cached_property
    def _runs(self) -> dict[tuple[str, int], Mapping[str, Any]]:
        return {(run["arm"], run["seed"]): run for run in self.content["runs"]}

    def values(self, arm: str, metric: str) -> np.ndarray:
        """Return a metric, shape `(num_seeds, num_values)`; NaN where it diverged.

        Values are of epochs; in studies of another kind, of folds, trials or candidates.
        """
        check_choice(arm, "arm", f"record {self.name}", self.arms)
        histories = [self._runs[arm, seed]["history"] for seed in self.seeds]
        check_choice(metric, "metric", f"record {self.name}", histories[0])
        return np.array([history[metric] for history in histories], dtype=np.float64)

    def final(self, arm: str, metric: str) -> np.ndarray:
        """Return the last value of a metric, such as after the last epoch, shape `(num_seeds,)`."""
        return self.values(arm, metric)[:, -1]

    def seconds(self, arm: str) -> np.ndarray:
        """Return the wall time of each run of an arm in seconds, shape `(num_seeds,)`."""
        check_choice(arm, "arm", f"record {self.name}", self.arms)
        return np.array([self._runs[arm, seed]["provenance"]["seconds"] for seed in self.seeds])


def load(name: str) -> Record:
    """Load a published record and check that it is whole and still describes the code at hand.

    Args:
        name: Name of the study, a key of `STUDIES`.

    Returns:
        The record.

    Raises:
        TypeError: `name` is not a string.
        ValueError: No study has this name.
        RecordError: The record is missing, damaged, or was made with another configuration or code.

    Example:
        >>> load("baseline").seeds
        (1, 2, 3)

    Source:
        Book: reference/records.
    """
    study = STUDIES[check_choice(name, "name", "load", STUDIES)]
    return load_from(RECORDS_DIR / f"{name}.json", study)


def load_from(path: Path, study: Study) -> Record:
    """Load the record of `study` from a file, with the checks of `load`."""
    remedy = f"Run `python -m companion.experiments run {study.name}` and `publish {study.name}`"
    try:
        content = json.loads(path.read_text("utf-8"))
        expected = content.pop("digest")
        schema = content["schema"]
    except OSError as error:
        raise RecordError(f"There is no record at {path}. {remedy}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecordError(f"{path} is damaged ({type(error).__name__}). Restore it.") from error
    if schema != RECORD_SCHEMA:
        raise RecordError(
            f"{path} has schema {schema}; this version reads {RECORD_SCHEMA}. Update the package."
        )
    if digest(content) != expected:
        raise RecordError(f"{path} is damaged: its content does not match its digest. Restore it.")
    changed = _changes(content["fingerprints"], study)
    if changed:
        raise RecordError(
            f"{path} was made with another {' and '.join(changed)} than stands here. "
            f"{remedy}, or restore what changed."
        )
    return Record(content)


def publish(
    study: Study, *, work_dir: str | Path | None = None, records_dir: str | Path | None = None
) -> Path:
    """Gather the finished runs of a study into its record.

    Args:
        study: The study, with all its runs finished on real data.
        work_dir: Folder of the finished runs; None takes `COMPANION_WORK_DIR` or the user's data
            folder.
        records_dir: Where the record goes; None takes the package's own folder.

    Returns:
        Path of the record, written in one step.

    Raises:
        RecordError: Runs are missing.
        StaleRunError: A run no longer matches the configuration, code or data.
        DataNotFoundError: The study's real data is not at hand, so its fingerprint is unknown.

    Example:
        >>> from companion.experiments.study import Study
        >>> publish(Study("toy", "?", "companion.experiments.toy:count", {}, (1,)), work_dir="/no")
        Traceback (most recent call last):
            ...
        companion.experiments.record.RecordError: Study toy has no arms. Add one.

    Source:
        Book: reference/records.
    """
    check_study(study, "publish")
    work_folder, folder = check_work_dir(work_dir, "publish"), RECORDS_DIR
    if records_dir is not None:
        folder = check_folder(records_dir, "records_dir", "publish", "'records'")
    if not study.arms:
        raise RecordError(f"Study {study.name} has no arms. Add one.")
    source, fingerprint = data_identity(study, allow_stand_in=False)
    finished = Store(study, work_folder, fingerprint).finished()
    missing = [f"{arm} with seed {seed}" for arm, seed in study.runs if (arm, seed) not in finished]
    if missing:
        raise RecordError(
            f"Study {study.name} lacks {len(missing)} of {len(study.runs)} runs, first "
            f"{missing[0]}. Run `python -m companion.experiments run {study.name}`."
        )
    content = {
        "schema": RECORD_SCHEMA,
        "name": study.name,
        "question": study.question,
        "arms": {arm: dict(config) for arm, config in study.arms.items()},
        "seeds": list(study.seeds),
        "fingerprints": {**_fingerprints(study), "data": fingerprint},
        "data": {"source": source, "fingerprint": fingerprint},
        "runs": [_plain(finished[key]) for key in study.runs],
    }
    path = folder / f"{study.name}.json"
    write_text(path, _one_run_a_line({**content, "digest": digest(content)}))
    return path


def _fingerprints(study: Study) -> dict[str, str]:
    configs = {arm: config_fingerprint(study, arm) for arm in study.arms}
    return {"config": digest(configs), "source": source_fingerprint(study)}


def _changes(found: Mapping[str, str], study: Study) -> list[str]:
    return [part for part, value in _fingerprints(study).items() if found.get(part) != value]


def _plain(run: Run) -> dict[str, Any]:
    return {
        "arm": run.arm,
        "seed": run.seed,
        "history": run.history,
        "provenance": dict(run.provenance),
    }


def _one_run_a_line(content: Mapping[str, Any]) -> str:
    lines = [
        f"{json.dumps(key)}: " + (_lines_of(value) if key == "runs" else canonical_json(value))
        for key, value in content.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _lines_of(runs: list[Any]) -> str:
    return "[\n" + ",\n".join(canonical_json(run) for run in runs) + "\n]"
