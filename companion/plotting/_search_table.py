"""What the figures of a search read from the table of `companion.tuning.to_dataframe`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from companion._validate import check_instance, check_text, refuse

if TYPE_CHECKING:
    import pandas as pd

LOG, CHOICE, FIXED = "log", "choice", "fixed"
_COMPLETE = {"COMPLETED", "complete"}  # as KerasTuner says it, and as CVTuner does
_NOT_ENDED = {"RUNNING", "IDLE", "running"}
_COLUMNS = {"order", "status", "score"}
_ATTRIBUTES = {"objective", "direction", "hyperparameters"}
_REMEDY = "companion.tuning.to_dataframe(tuner)"


@dataclass(frozen=True)
class Search:
    """The trials of a search that have ended, at least one of them with a score.

    Attributes:
        trials: Complete ones with a score, the best first, then those that failed or were stopped.
        scores: Scores of the first `len(scores)` trials.
        objective: Name of the score.
        sign: 1 where a higher score is better, else -1.
        scales: Searched hyperparameters with how they were sampled.
    """

    trials: "pd.DataFrame"
    scores: np.ndarray
    objective: str
    sign: int
    scales: dict[str, str]


def read_search(table: Any, source: str | None, owner: str) -> Search:
    """Return what a table of `to_dataframe` says, or refuse another one."""
    _check_table(table, owner)
    if source is not None:
        check_text(source, "source", owner, "'cifar-10'")
    has_score = table["status"].isin(_COMPLETE) & np.isfinite(table["score"])
    scales = {k: v for k, v in table.attrs["hyperparameters"].items() if v != FIXED}
    if not scales or not has_score.any():
        allowed = "a search of one hyperparameter or more, with a finite score"
        refuse(ValueError, table.shape, "table", owner, allowed, _REMEDY)
    sign = 1 if table.attrs["direction"] == "max" else -1
    ended = table[~table["status"].isin(_NOT_ENDED)]
    keys = (sign * ended["score"]).where(has_score)
    trials = ended.loc[keys.sort_values(ascending=False, kind="stable").index]
    scores = trials["score"].to_numpy()[: int(has_score.sum())]
    return Search(trials, scores, table.attrs["objective"], sign, scales)


def places(values: "pd.Series", scale: str) -> tuple[np.ndarray, list[str]]:
    """Return where values lie on an axis, NaN where inactive, and the names of a choice's ticks.

    Options of a choice lie at 0, 1, 2, ... in their order.
    """
    if scale != CHOICE:
        return values.to_numpy(dtype=float, na_value=np.nan), []
    options = sorted(values.dropna().unique())
    indices = {option: float(index) for index, option in enumerate(options)}
    return np.array([indices.get(value, np.nan) for value in values]), [
        str(option) for option in options
    ]


def _check_table(table: Any, owner: str) -> None:
    import pandas as pd

    allowed = "a table made by to_dataframe, with its attrs"
    check_instance(table, "table", owner, pd.DataFrame, allowed, _REMEDY)
    known = set(table.columns) >= _COLUMNS and set(table.attrs) >= _ATTRIBUTES
    if not known or not set(table.columns) >= set(table.attrs["hyperparameters"]):
        refuse(ValueError, table.shape, "table", owner, allowed, _REMEDY)
