"""Results of a search as a table, for every tuner of KerasTuner and those built on it."""

import math
from typing import Any

import pandas as pd
from keras_tuner import Oracle
from keras_tuner.engine import hyperparameters as kinds
from keras_tuner.engine.base_tuner import BaseTuner
from keras_tuner.engine.trial import Trial, TrialStatus

from companion._validate import check_instance
from companion.tuning._oracles import COMPLETE, STOPPED, CompleteFirst, status_of

RANKS = {TrialStatus.COMPLETED: 0, COMPLETE: 0, STOPPED: 1}  # the mean of some folds never wins
INTERNAL = "tuner/"  # Hyperband keeps its own bookkeeping among the values
BUDGET = ("max_trials", "max_epochs", "factor", "hyperband_iterations", "executions_per_trial")


def to_dataframe(tuner: BaseTuner) -> pd.DataFrame:
    """Return all trials of a search, the best first.

    Use it after a search, or while one runs, in place of `results_summary`: every trial is there,
    failed ones too, and `table.attrs` says what was searched, with which seed and which budget.

    Args:
        tuner: Any tuner of KerasTuner. A search that has ended in another session is read by making
            its tuner again, with the same `directory` and `project_name`, before calling this.

    Returns:
        One row a trial, the best first; trials that racing stopped after them, then those that
        are not completed or scored NaN. `status` is KerasTuner's; of a `CVTuner`, that of
        `CVTuner.results`.
        Columns: `trial_id`, `order` (of the start, from 1), `status`, `score`, `best_step`, one a
        hyperparameter (missing where it is inactive), `message` (why it failed), then those that
        Hyperband adds for itself (`tuner/...`). `attrs` has `objective`, `direction`, `tuner`,
        `seed`, `budget`, and `hyperparameters`: name to `"linear"`, `"log"`, `"reverse_log"`,
        `"choice"` or `"fixed"`.

    Raises:
        TypeError: `tuner` is no tuner of KerasTuner.
        ValueError: It is a worker, which knows only its own trials; ask the chief.

    Example:
        >>> import keras_tuner, tempfile
        >>> oracle = keras_tuner.oracles.RandomSearchOracle("val_loss", max_trials=8, seed=1)
        >>> tuner = keras_tuner.Tuner(oracle, lambda hp: None, directory=tempfile.mkdtemp())
        >>> table = to_dataframe(tuner)
        >>> len(table), table.attrs["direction"], table.attrs["seed"]
        (0, 'min', 1)

    Source:
        O'Malley et al. (2019), KerasTuner. Book: practice/tuning.
    """
    remedy = "keras_tuner.RandomSearch(build, objective=..., max_trials=10)"
    check_instance(tuner, "tuner", "to_dataframe", BaseTuner, "a tuner of KerasTuner", remedy)
    oracle = _oracle(tuner)
    trials = dict(oracle.trials)
    scales = _scales([oracle.hyperparameters, *(t.hyperparameters for t in trials.values())])
    order = dict.fromkeys([*oracle.start_order, *trials])
    rows = [
        _row(oracle, trials[name], number, scales)
        for number, name in enumerate(order, 1)
        if name in trials
    ]
    own = {name: scale for name, scale in scales.items() if not name.startswith(INTERNAL)}
    internal = [name for name in scales if name not in own]
    columns = ["trial_id", "order", "status", "score", "best_step", *own, "message", *internal]
    table = pd.DataFrame(rows, columns=columns).astype({"score": "float64", "best_step": "Int64"})
    table = _ranked(table, oracle.objective.direction)
    table.attrs = _attributes(tuner, own)
    return table


def _oracle(tuner: BaseTuner) -> Oracle:
    if not isinstance(tuner.oracle, Oracle):  # a client of the chief's
        raise ValueError(
            f"tuner of to_dataframe must have its own oracle. Got tuner={type(tuner).__name__} as "
            "a worker. Pass a tuner made without KERASTUNER_ORACLE_IP, with the same directory."
        )
    return tuner.oracle


def _scales(spaces: list[Any]) -> dict[str, str]:
    """Return how each hyperparameter is sampled; values without an entry count as fixed."""
    scales: dict[str, str] = {}
    for space in spaces:
        for knob in space.space:
            scales.setdefault(knob.name, _scale(knob))
    for space in spaces:
        for name in space.values:
            scales.setdefault(name, "fixed")
    return scales


def _scale(knob: Any) -> str:
    if isinstance(knob, kinds.Int | kinds.Float):
        return str(knob.sampling)
    return "fixed" if isinstance(knob, kinds.Fixed) else "choice"


def _row(oracle: Oracle, trial: Trial, order: int, scales: dict[str, str]) -> dict[str, Any]:
    values = {name: _value(trial.hyperparameters, name) for name in scales}
    cause = (trial.message or "").strip().splitlines()  # a traceback, whose last line is the error
    return {
        "trial_id": trial.trial_id,
        "order": order,
        "status": status_of(trial) if isinstance(oracle, CompleteFirst) else trial.status,
        "score": math.nan if trial.score is None else float(trial.score),
        "best_step": trial.best_step if trial.status == TrialStatus.COMPLETED else None,
        **values,
        "message": cause[-1] if cause else None,
    }


def _value(space: Any, name: str) -> Any:
    """Return the value where it is active, else None: some tuners fill in inactive ones."""
    knobs = [knob for knob in space.space if knob.name == name]
    is_active = not knobs or any(space.is_active(knob) for knob in knobs)
    return space.values.get(name) if is_active else None


def _ranked(table: pd.DataFrame, direction: str) -> pd.DataFrame:
    sign = 1 if direction == "min" else -1
    keys = pd.DataFrame({"rank": table["status"].map(RANKS), "score": sign * table["score"]})
    ranking = keys.sort_values(["rank", "score"])  # NaN last, equal ones as they started
    return table.loc[ranking.index].reset_index(drop=True)


def _attributes(tuner: BaseTuner, hyperparameters: dict[str, str]) -> dict[str, Any]:
    oracle, settings = tuner.oracle, {**vars(tuner.oracle), **vars(tuner)}
    return {
        "objective": oracle.objective.name,
        "direction": oracle.objective.direction,
        "tuner": type(tuner).__name__,
        "seed": oracle.seed,
        "budget": {name: settings[name] for name in BUDGET if settings.get(name) is not None},
        "hyperparameters": hyperparameters,
    }
