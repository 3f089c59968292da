"""The settings of a search by folds, checked; and what its finished folds are identified by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import keras
import keras_tuner
import numpy as np

from companion._validate import (
    check_callable,
    check_choice,
    check_instance,
    check_integer,
    check_number,
    refuse,
)
from companion.tuning._data import check_data
from companion.tuning._fit_arguments import check_fit
from companion.tuning._identity import describe
from companion.tuning._oracles import ORACLES
from companion.tuning._splitters import check_inner, check_seeded, check_splitter
from companion.tuning.fold_log import digest
from companion.tuning.folds import Fold, fingerprint_folds
from companion.tuning.racing import ALPHA, RULES, RacingRule

FitArguments = Mapping[str, Any]
Fit = FitArguments | Callable[[keras_tuner.HyperParameters], FitArguments] | None
_NOT_COMPARED = ("splitter", "max_trials")  # its folds are compared; more trials go on
_NO_HYPERBAND = (
    "one of 'random', 'grid', 'bayesian' (Hyperband ranks models that are not trained to their end "
    "and would need the checkpoints of every fold; racing saves by folds instead)"
)


@dataclass(frozen=True)
class SearchSettings:
    """The arguments of `CVTuner` without its folder."""

    build: Callable[[keras_tuner.HyperParameters], keras.Model]
    objective: keras_tuner.Objective
    splitter: Any
    max_trials: int | None
    oracle: str
    racing: str
    alpha: float
    preprocess: Callable[[np.ndarray], Callable[[np.ndarray], np.ndarray]] | None
    inner: Any
    seed: int

    def __post_init__(self) -> None:
        owner = "CVTuner"
        check_callable(self.build, "build", owner, "a function of hp that returns a compiled model")
        _check_objective(self.objective)
        check_seeded(self.splitter, "splitter", owner)
        if isinstance(self.oracle, str) and self.oracle == "hyperband":
            refuse(ValueError, self.oracle, "oracle", owner, _NO_HYPERBAND, "'random'")
        check_choice(self.oracle, "oracle", owner, ORACLES)
        if self.max_trials is not None or self.oracle != "grid":
            check_integer(self.max_trials, "max_trials", owner, "[1, inf)", 20)
        check_choice(self.racing, "racing", owner, RULES)
        check_number(self.alpha, "alpha", owner, "(0, 0.5]", ALPHA)
        if self.preprocess is not None:
            remedy = "lambda train: StandardScaler().fit(train).transform"
            check_callable(self.preprocess, "preprocess", owner, remedy)
        if self.inner is not None:
            check_seeded(self.inner, "inner", owner)
        check_integer(self.seed, "seed", owner, "[1, 2147483647]", 1)

    def rule(self, folds: tuple[Fold, ...]) -> RacingRule:
        """Return the racing rule for these folds."""
        ratio = float(np.mean([len(fold.test) / len(fold.train) for fold in folds]))
        return RacingRule(self.racing, self.objective.direction, float(self.alpha), ratio)

    def data(
        self,
        folds: tuple[Fold, ...],
        space: object,
        x: np.ndarray,
        y: np.ndarray,
        groups: np.ndarray | None,
        fit: Fit,
    ) -> "SearchData":
        """Return what a search is called with, its folds, and the identity of these."""
        silent = fit
        if isinstance(fit, Mapping):
            silent = {name: value for name, value in fit.items() if name != "verbose"}
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        parts = {name: part for name, part in parts.items() if name not in _NOT_COMPARED}
        parts = {"data": [x, y, groups], "space": space, "fit": silent, **parts}
        identity = {name: digest(describe(part)) for name, part in parts.items()}
        identity["split into folds"] = fingerprint_folds(folds)
        return SearchData(x, y, groups, fit, self.inner is not None, folds, identity)


@dataclass(frozen=True)
class SearchData:
    """What `search` was called with, its folds, and the identity of these, part by part."""

    x: np.ndarray
    y: np.ndarray
    groups: np.ndarray | None
    fit: Fit
    has_inner: bool
    folds: tuple[Fold, ...]
    identity: Mapping[str, str]

    def fit_arguments(self, hp: keras_tuner.HyperParameters) -> Mapping[str, Any]:
        """Return the arguments of `model.fit` for one candidate."""
        if not callable(self.fit):
            return self.fit or {}
        return check_fit(self.fit(hp), self.has_inner, "CVTuner.search")


def check_call(settings: SearchSettings, data: Sequence[Any], fit: object, owner: str) -> None:
    """Check the inputs, targets, groups and arguments of `fit` that a search is called with."""
    x, y, groups = data
    check_data(x, y, groups, owner)
    check_splitter(settings.splitter, groups, "splitter", owner)
    check_inner(settings.inner, settings.splitter, groups, owner)
    if not callable(fit):
        check_fit(fit, settings.inner is not None, owner)


def _check_objective(objective: object) -> None:
    remedy = "keras_tuner.Objective('accuracy', 'max')"
    kind = keras_tuner.Objective
    allowed = "a keras_tuner.Objective with its direction"
    named = check_instance(objective, "objective", "CVTuner", kind, allowed, remedy)
    if named.direction not in ("max", "min") or named.name.startswith("val_"):
        allowed = "a metric of evaluate, without val_, with the direction 'max' or 'min'"
        refuse(ValueError, str(objective), "objective", "CVTuner", allowed, remedy)
