"""How far a study is."""

from dataclasses import dataclass
from pathlib import Path

from companion.experiments.runner import data_identity
from companion.experiments.store import Store, check_work_dir
from companion.experiments.study import Study, check_study


@dataclass(frozen=True)
class StudyStatus:
    """How far a study is.

    Attributes:
        finished: Runs whose files are there and still fit.
        in_progress: (arm, seed) of begun runs to the fraction done, between 0 and 1.
        total: Runs of the whole study.
    """

    finished: tuple[tuple[str, int], ...]
    in_progress: dict[tuple[str, int], float]
    total: int


def status(study: Study, *, work_dir: str | Path | None = None) -> StudyStatus:
    """Return how far a study is, also while another process runs it.

    Args:
        study: The study, such as `STUDIES["baseline"]`.
        work_dir: Folder of the finished runs; None takes `COMPANION_WORK_DIR` or the user's data
            folder.

    Returns:
        Finished runs and the fractions of those that have begun.

    Raises:
        StaleRunError: A finished run no longer matches the configuration, code or data.
        DamagedRunError: The file of a finished run cannot be read.

    Example:
        >>> toy = Study("toy", "?", "companion.experiments.toy:count", {"up": {"epochs": 2}}, (1,))
        >>> status(toy, work_dir="/nowhere").total
        1

    Source:
        Book: reference/records.
    """
    check_study(study, "status")
    folder = check_work_dir(work_dir, "status")
    _, fingerprint = data_identity(study, allow_stand_in=True)
    store = Store(study, folder, fingerprint)
    finished = tuple(store.finished())
    fractions = {key: store.fraction(*key) for key in study.runs if key not in finished}
    begun = {key: fraction for key, fraction in fractions.items() if fraction > 0}
    return StudyStatus(finished, begun, len(study.runs))
