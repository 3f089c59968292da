"""A KerasTuner tuner that scores a trial by cross-validation, with racing, and resumes by fold."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import keras_tuner
import numpy as np
import pandas as pd
from keras_tuner.src.distribute.utils import is_chief_oracle

from companion._validate import check_folder, check_instance, check_text, refuse
from companion.tuning._fold_runner import FoldRunner, candidate_key
from companion.tuning._identity import describe
from companion.tuning._nested import nested_scores
from companion.tuning._oracles import (
    COMPLETE,
    fold_scores,
    incumbent_scores,
    make_oracle,
    status_of,
    trial_metrics,
)
from companion.tuning._refit import RefittedModel, refit_model
from companion.tuning._search_table import search_table
from companion.tuning._settings import Fit, SearchData, SearchSettings, check_call
from companion.tuning._splitters import check_splitter
from companion.tuning._stateless_tuner import StatelessTuner
from companion.tuning.fold_log import FoldLog, Key, read_folds
from companion.tuning.folds import Fold, FoldResult, split_folds
from companion.tuning.racing import ALPHA
from companion.tuning.selection import Simplicity, check_selection, select_candidate


class CVTuner(StatelessTuner):
    """Search hyperparameters with KerasTuner, where a trial's score is its cross-validated mean.

    Use it where the data are too few for one validation set to choose well. Every fold is on the
    disk as soon as it has ended: after a crash or a kill, make the same tuner and search again.
    Racing stops candidates that will not win after their first folds.

    Args:
        build: Makes a compiled `keras.Model` from KerasTuner's `hp`.
        objective: `keras_tuner.Objective(name, direction)`; the name of a metric of `evaluate`,
            such as `"accuracy"` or `"loss"`, without `val_`.
        splitter: As in `cross_validate`; all candidates get the same folds.
        directory: Folder for searches.
        max_trials: Number of candidates, at least 1; None takes a whole grid. A finished search
            goes on when this grows.
        oracle: What proposes candidates: `"random"`, `"grid"` or `"bayesian"`.
        racing: `"none"`, `"forgiving"`, `"aggressive"` or `"ttest"`; `race` says what they do.
        alpha: Level of the t-test of `"ttest"`, in (0, 0.5].
        preprocess: Makes a function of `x` from a fold's training rows, as in `cross_validate`.
        inner: Splitter that sets validation data apart for early stopping, as in `cross_validate`.
        seed: Of the candidates and of every fold, in [1, 2147483647]; KerasTuner ignores 0.
        project_name: Folder of this search in `directory`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument has no meaning here.

    Example:
        >>> import tempfile
        >>> from sklearn.model_selection import KFold
        >>> def build(hp):
        ...     rate = hp.Float("rate", 0.001, 0.1, sampling="log")
        ...     model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
        ...     model.compile(keras.optimizers.SGD(rate), "mse")
        ...     return model
        >>> loss, folder = keras_tuner.Objective("loss", "min"), tempfile.mkdtemp()
        >>> tuner = CVTuner(
        ...     build, objective=loss, splitter=KFold(2), directory=folder, max_trials=1
        ... )
        >>> x = np.random.default_rng(1).normal(size=(12, 3))
        >>> tuner.search(x, x.sum(axis=1), fit={"epochs": 1})
        >>> len(tuner.results()), 0.001 <= tuner.best().get("rate") <= 0.1
        (1, True)

    Source:
        O'Malley et al. (2019), KerasTuner; Bergman et al. (2024), Don't waste your time.
        Book: practice/cross_validation.
    """

    def __init__(
        self,
        build: Callable[[keras_tuner.HyperParameters], keras.Model],
        *,
        objective: keras_tuner.Objective,
        splitter: Any,
        directory: str | Path,
        max_trials: int | None = None,
        oracle: str = "random",
        racing: str = "forgiving",
        alpha: float = ALPHA,
        preprocess: Callable[[np.ndarray], Callable[[np.ndarray], np.ndarray]] | None = None,
        inner: Any = None,
        seed: int = 1,
        project_name: str = "search",
    ) -> None:
        self._settings = SearchSettings(
            build, objective, splitter, max_trials, oracle, racing, alpha, preprocess, inner, seed
        )
        check_text(project_name, "project_name", "CVTuner", "'search'")
        folder = check_folder(directory, "directory", "CVTuner", "'searches'")
        check_folder(folder / project_name, "project_name", "CVTuner", "'search'")
        self._data: SearchData | None = None
        self._runner: FoldRunner | None = None
        proposer = make_oracle(oracle, objective, max_trials, int(seed))  # fresh: it is replayed
        super().__init__(proposer, build, directory=str(folder), project_name=project_name)
        self._space = proposer.get_space().get_config()["space"]

    def search(
        self, x: np.ndarray, y: np.ndarray, *, groups: np.ndarray | None = None, fit: Fit = None
    ) -> None:
        """Run the search, or what is left of it.

        Use it again after an interruption, in a new process too: folds in the log are not run
        again, and the result is that of a search without interruption.

        Args:
            x: Inputs, shape `(n, ...)`.
            y: Targets, shape `(n, ...)`.
            groups: Group of each row, shape `(n,)`, for splitters that keep groups together.
            fit: Arguments of `model.fit`, or a function of `hp` that returns them, such as
                `lambda hp: {"batch_size": hp.get("batch_size")}`; None takes those of Keras.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: An argument has no meaning here.
            ChangedSearchError: The folder's folds belong to other data, space or settings.
            DamagedLogError: The folder's log cannot be read.
            SearchBusyError: Another process is at work on this search.
            FailedFoldError: A fold raised an error, which is its cause.
        """
        check_call(self._settings, (x, y, groups), fit, "CVTuner.search")
        folds = split_folds(self._settings.splitter, x, y, groups, owner="CVTuner.search")
        data = self._settings.data(folds, self._space, x, y, groups, fit)
        if is_chief_oracle():
            self._data = data
            super().search()  # its workers run the folds
            return
        with FoldLog(Path(self.project_dir), self.tuner_id, data.identity) as log:
            self._data, self._runner = data, FoldRunner(self._settings, data, log)
            try:
                super().search()
            finally:
                self._runner.close()

    def run_trial(
        self, trial: keras_tuner.engine.trial.Trial, *_fit_args: Any, **_fit_kwargs: Any
    ) -> dict[str, float]:
        """Run the folds of a trial until they end or racing stops it; for KerasTuner."""
        if self._runner is None:
            raise RuntimeError("CVTuner.run_trial is called by its search. Call search instead.")
        incumbent = incumbent_scores(self.oracle)
        results = self._runner.run_candidate(trial.hyperparameters, incumbent)
        return trial_metrics(results, self._settings.objective.name, self._runner.num_folds)

    def results(self) -> pd.DataFrame:
        """Return all candidates, the best complete one first, then stopped ones, then NaN.

        Returns:
            The columns of `to_dataframe` that mean something here, with `status` (`"complete"`,
            `"stopped"`, `"nan"`), `standard_error` (of the folds, `s / sqrt(n)`), `num_folds`,
            `best_epoch` (median), `seconds`, and a score for each fold, `fold_0` and so on, missing
            where it was not run.

        Raises:
            RuntimeError: `search` has not been called.
        """
        data = self._searched()
        return search_table(self, self._finished(), len(data.folds))

    def best(
        self, rule: str = "max", simplicity: Simplicity | None = None
    ) -> keras_tuner.HyperParameters:
        """Return the hyperparameters to take, among candidates that have all folds.

        Args:
            rule: `"max"` takes the best mean (the lowest where the objective says so); `"one_se"`
                the simplest candidate inside one standard error of it.
            simplicity: Makes a sort key of a candidate's values, simplest first; needed for
                `"one_se"`.

        Returns:
            The hyperparameters; their values are in `.values`.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: An argument has no meaning here.
            RuntimeError: `search` has not been called, or no candidate is complete.
        """
        check_selection(rule, simplicity, "CVTuner.best")
        self._searched()
        trials = [t for t in self.oracle.trials.values() if status_of(t) == COMPLETE]
        if not trials:
            raise RuntimeError("No candidate of the search has finite scores. Try lower rates.")
        chosen = select_candidate(
            [list(fold_scores(trial).values()) for trial in trials],
            [trial.hyperparameters.values for trial in trials],
            rule=rule,
            direction=self._settings.objective.direction,
            simplicity=simplicity,
        )
        return trials[chosen].hyperparameters

    def refit(self, hyperparameters: keras_tuner.HyperParameters | None = None) -> RefittedModel:
        """Train one model on all rows, for as many updates as were best in the folds.

        The median over folds of `best_epoch * ceil(num_train / batch_size)` updates, divided by the
        `ceil(n / batch_size)` updates of an epoch on all rows, is rounded to whole epochs.
        Callbacks that watch validation data are left out.

        Args:
            hyperparameters: What `best` returned; None takes `best()`.

        Returns:
            The model with its preprocessing.

        Raises:
            TypeError: `hyperparameters` are none.
            RuntimeError: `search` has not been called.
            ValueError: The candidate was not run to its end.
        """
        data, finished = self._searched(), self._finished()
        hp = self.best() if hyperparameters is None else hyperparameters
        name, owner, kind = "hyperparameters", "CVTuner.refit", keras_tuner.HyperParameters
        check_instance(hp, name, owner, kind, "what best returned, or None", "None")
        keys = [(candidate_key(hp), fold.index) for fold in data.folds]
        if any(key not in finished for key in keys):
            allowed = "those of a candidate that has all folds"
            refuse(ValueError, hp.values, name, owner, allowed, "None")
        return refit_model(self._settings, data, hp, [finished[key] for key in keys])

    def nested_score(
        self,
        outer_splitter: Any,
        x: np.ndarray,
        y: np.ndarray,
        *,
        groups: np.ndarray | None = None,
        fit: Fit = None,
        rule: str = "max",
        simplicity: Simplicity | None = None,
    ) -> np.ndarray:
        """Score the whole search: in each outer fold, search, choose, refit, and score the rest.

        Use it to report what this procedure reaches on new data; the best candidate's own mean is
        optimistic. It costs as many searches as there are outer folds, and resumes like `search`.

        Args:
            outer_splitter: Splitter of scikit-learn; its training rows are searched.
            x: Inputs, shape `(n, ...)`.
            y: Targets, shape `(n, ...)`.
            groups: Group of each row, shape `(n,)`, for both splitters.
            fit: As in `search`.
            rule: As in `best`.
            simplicity: As in `best`.

        Returns:
            The objective on each outer fold's test rows, shape `(num_outer_folds,)`.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: An argument has no meaning here.
            ChangedSearchError: The folder's scores belong to other data, space or settings.
            RuntimeError: The process belongs to a search on several machines.

        Source:
            Cawley & Talbot (2010), On over-fitting in model selection.
            Book: practice/cross_validation.
        """
        check_selection(rule, simplicity, "CVTuner.nested_score")
        name, owner = "outer_splitter", "CVTuner.nested_score"
        check_call(self._settings, (x, y, groups), fit, owner)
        check_splitter(outer_splitter, groups, name, owner)
        folds = split_folds(outer_splitter, x, y, groups, name=name, owner=owner)
        space = [self._space, describe([self._settings.splitter, rule, simplicity])]
        data = self._settings.data(folds, space, x, y, groups, fit)
        folder = Path(self.project_dir) / "nested"

        def search(fold: Fold) -> RefittedModel:
            tuner = CVTuner(
                **vars(self._settings), directory=folder, project_name=f"outer_{fold.index}"
            )
            inner_groups = None if groups is None else groups[fold.train]
            tuner.search(x[fold.train], y[fold.train], groups=inner_groups, fit=fit)
            return tuner.refit(tuner.best(rule, simplicity))

        return nested_scores(folder, data, self._settings.objective.name, search)

    def _searched(self) -> SearchData:
        if self._data is None:
            raise RuntimeError("CVTuner has searched nothing yet. Call search first.")
        return self._data

    def _finished(self) -> dict[Key, FoldResult]:
        return read_folds(Path(self.project_dir), self._searched().identity)
