"""Cross-validation of Keras models: the score of a procedure, not of one lucky split."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from companion._progress import is_interactive
from companion._validate import check_callable, check_choice, check_integer
from companion.tuning._data import check_data
from companion.tuning._fit_arguments import check_fit
from companion.tuning._splitters import check_inner, check_splitter
from companion.tuning.folds import Fold, FoldResult, fingerprint_folds, run_fold, split_folds

__all__ = ["CrossValidation", "cross_validate"]


@dataclass(frozen=True)
class CrossValidation:
    """The scores of one candidate on all folds; a score that is NaN stays in and is seen.

    Attributes:
        folds: The folds' results, in the splitter's order.
        pairing: Digest of the rows of all folds; with it, the seed. Candidates with the same
            pairing met the same rows and random numbers, so their scores are paired.
    """

    folds: tuple[FoldResult, ...]
    pairing: str

    def scores(self, metric: str) -> np.ndarray:
        """Return the scores of all folds.

        Args:
            metric: A compiled metric, or `"loss"`, which contains the penalties.

        Returns:
            Shape `(num_folds,)`.

        Raises:
            TypeError: `metric` is not a string.
            ValueError: The model does not report it.
        """
        check_choice(metric, "metric", "CrossValidation", tuple(self.folds[0].scores))
        return np.array([fold.scores[metric] for fold in self.folds])

    def mean(self, metric: str) -> float:
        """Return the mean over folds, each fold with the same weight, as scikit-learn does.

        Args:
            metric: As for `scores`.

        Returns:
            The mean; NaN if a fold is.

        Raises:
            TypeError: `metric` is not a string.
            ValueError: The model does not report it.
        """
        return float(np.mean(self.scores(metric)))

    def standard_error(self, metric: str) -> float:
        """Return the folds' standard deviation over the root of their number.

        It is too small: folds share training rows, so their scores are not independent. It is
        the scale of the one-standard-error rule; compare two candidates by `compare_folds`.

        Args:
            metric: As for `scores`.

        Returns:
            The standard error; NaN if a score is not finite, or if there is one fold only.

        Raises:
            TypeError: `metric` is not a string.
            ValueError: The model does not report it.

        Source:
            Bengio and Grandvalet (2004), No unbiased estimator of the variance of K-fold
            cross-validation. Book: practice/cross_validation.
        """
        scores = self.scores(metric)
        if len(scores) == 1 or not np.isfinite(scores).all():
            return float("nan")
        return float(np.std(scores, ddof=1) / np.sqrt(len(scores)))

    def to_dataframe(self) -> pd.DataFrame:
        """Return a row a fold: its scores, epochs, seconds and numbers of rows."""
        rows = [
            {
                **fold.scores,
                "epochs": fold.epochs,
                "best_epoch": fold.best_epoch,
                "seconds": fold.seconds,
                "num_train": fold.num_train,
                "num_test": fold.num_test,
            }
            for fold in self.folds
        ]
        return pd.DataFrame(rows, index=pd.RangeIndex(len(rows), name="fold"))


def cross_validate(
    build: Callable[[], keras.Model],
    x: np.ndarray,
    y: np.ndarray,
    *,
    splitter: Any,
    fit: Mapping[str, Any] | None = None,
    preprocess: Callable[[np.ndarray], Callable[[np.ndarray], np.ndarray]] | None = None,
    groups: np.ndarray | None = None,
    seed: int,
    inner: Any = None,
) -> CrossValidation:
    """Train a new model on every fold and score it on the rows that it has not seen.

    Use it on small data, where the score of one split depends on the split. The folds are drawn
    once; the seed of each follows from `seed` and its place, so that candidates with the same
    `splitter` and `seed` are paired. Nothing of a fold's test rows reaches its model: `preprocess`
    is fitted on the rows that the model is fitted on, and early stopping watches `inner`'s rows.

    Keras' session is cleared before every fold, and TensorFlow's operations are made deterministic,
    so that the same seed gives the same scores to the last bit. Python's and NumPy's random numbers
    go on afterwards as if nothing had happened; Keras keeps the last fold's seed, so call
    `keras.utils.set_random_seed` before you build your next model.

    Args:
        build: Function without arguments that returns a new, compiled model.
        x: Inputs, shape `(n, ...)`, at least 2 rows of finite numbers.
        y: Targets, shape `(n, ...)`, finite numbers.
        splitter: Splitter of scikit-learn, such as
            `StratifiedKFold(5, shuffle=True, random_state=0)`. One that shuffles must be seeded.
        fit: Arguments of `model.fit`, such as `{"epochs": 20}`; None takes Keras' defaults. Every
            fold gets copies of its callbacks. `validation_data`, `validation_split` and
            `sample_weight` are refused.
        preprocess: Function of training inputs that returns a function of inputs, such as
            `lambda train: StandardScaler().fit(train).transform`; None leaves `x` as it is.
        groups: Group of each row, shape `(n,)`, whole numbers or names, for splitters that keep
            groups together; None without groups.
        seed: Seed of all folds together, at least 0.
        inner: Splitter of a fold's training rows. Its last split gives the rows that are fitted
            on and those that early stopping watches: use `ShuffleSplit(1, test_size=0.2,
            random_state=0)`, for groups `GroupShuffleSplit`, for series `TimeSeriesSplit`, whose
            last split watches the latest rows. None (the default) fits on all training rows.

    Returns:
        The scores of each fold.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument has a wrong value; or `build` returns a model that is not compiled
            or was trained before.

    Example:
        >>> import keras, numpy as np
        >>> from sklearn.model_selection import KFold
        >>> def build():
        ...     model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        ...     model.compile("sgd", "mse", metrics=["mae"])
        ...     return model
        >>> x = np.linspace(0, 1, 12)[:, None]
        >>> result = cross_validate(build, x, 2 * x, splitter=KFold(3), seed=0)
        >>> result.scores("mae").shape
        (3,)

    Source:
        Stone (1974), Cross-validatory choice and assessment of statistical predictions.
        Book: practice/cross_validation.
    """
    owner = "cross_validate"
    check_callable(build, "build", owner, "a function that returns a compiled model")
    check_data(x, y, groups, owner)
    check_splitter(splitter, groups, "splitter", owner)
    check_inner(inner, splitter, groups, owner)
    if preprocess is not None:
        remedy = "lambda train: StandardScaler().fit(train).transform"
        check_callable(preprocess, "preprocess", owner, remedy)
    seed = check_integer(seed, "seed", owner, "[0, inf)", 0)
    check_fit(fit, inner is not None, owner)
    folds = split_folds(splitter, x, y, groups)
    results = tuple(
        run_fold(
            build,
            x,
            y,
            fold,
            fit=fit,
            preprocess=preprocess,
            inner=inner,
            seed=seed,
            groups=groups,
        )
        for fold in _with_progress(folds)
    )
    return CrossValidation(results, f"{fingerprint_folds(folds)}-{seed}")


def _with_progress(folds: tuple[Fold, ...]) -> Iterator[Fold]:
    """Yield the folds under a line that says how many are done and how long the rest takes."""
    yield from tqdm(folds, desc="folds", unit="fold", disable=not is_interactive())
