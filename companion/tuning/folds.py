"""Folds: which rows train and which test, and what one of them says about a model."""

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import keras
import numpy as np

from companion._validate import check_array, check_callable, refuse
from companion.tuning._fit_arguments import evaluated_epoch, fresh_arguments
from companion.tuning._session import fresh_session, passing_graphs

__all__ = ["Fold", "FoldResult", "fingerprint_folds", "run_fold", "split_folds"]

OWNER = "cross_validate"
_trained: WeakValueDictionary[int, Any] = WeakValueDictionary()  # variables, by id


@dataclass(frozen=True, eq=False)
class Fold:
    """Row numbers: which rows a model trains on and which it is tested on.

    Attributes:
        index: Its place among the folds, from 0.
        train: Rows for training, shape `(num_train,)`.
        test: Rows for testing, shape `(num_test,)`; none of them is in `train`.
    """

    index: int
    train: np.ndarray
    test: np.ndarray


@dataclass(frozen=True)
class FoldResult:
    """What one fold says about a model. Equal results may have taken different times.

    Attributes:
        scores: Each compiled metric, and `loss` with its penalties, on the test rows.
        epochs: Epochs trained.
        best_epoch: Epochs behind the evaluated weights: the best one, counted from 1, where early
            stopping put its weights back; otherwise the last.
        seconds: Wall time of the fold.
        num_train: Rows fitted on, without those that early stopping watched.
        num_test: Rows tested on.
    """

    scores: Mapping[str, float]
    epochs: int
    best_epoch: int
    seconds: float = field(compare=False)
    num_train: int
    num_test: int


def split_folds(
    splitter: Any,
    x: np.ndarray,
    y: np.ndarray,
    groups: np.ndarray | None,
    *,
    name: str = "splitter",
    owner: str = OWNER,
) -> tuple[Fold, ...]:
    """Return the folds of a scikit-learn splitter, drawn once, so that all candidates share them.

    Args:
        splitter: A scikit-learn splitter, as `check_splitter` accepts it.
        x: Inputs, shape `(n, ...)`.
        y: Targets, shape `(n, ...)`.
        groups: Group of each row, shape `(n,)`, or None.
        name: What messages call the splitter.
        owner: What has it as an argument.

    Raises:
        ValueError: The splitter cannot split these data, or makes a fold that is empty, overlaps
            or has rows that do not exist.

    Example:
        >>> from sklearn.model_selection import KFold
        >>> folds = split_folds(KFold(2), np.zeros((4, 1)), np.zeros(4), None)
        >>> [fold.test.tolist() for fold in folds]
        [[0, 1], [2, 3]]
    """
    try:
        return _checked_folds(splitter.split(x, y, groups), len(x))
    except ValueError as error:
        remedy = "KFold(n_splits=5, shuffle=True, random_state=0)"
        allowed = f"able to split the data ({str(error).rstrip('.')})"
        refuse(ValueError, splitter, name, owner, allowed, remedy)


def fingerprint_folds(folds: Sequence[Fold]) -> str:
    """Return a digest of all rows of all folds; equal digests mean the same folds.

    Example:
        >>> fold = Fold(0, np.array([1, 2]), np.array([0]))
        >>> fingerprint_folds([fold])[:8]
        'f30450a6'
    """
    digest = hashlib.sha256()
    for fold in folds:
        for rows in (fold.train, fold.test):
            digest.update(len(rows).to_bytes(8, "little") + rows.astype("<i8").tobytes())
    return digest.hexdigest()


def run_fold(
    build: Callable[[], keras.Model],
    x: np.ndarray,
    y: np.ndarray,
    fold: Fold,
    *,
    fit: Mapping[str, Any] | None,
    preprocess: Callable[[np.ndarray], Callable[[np.ndarray], np.ndarray]] | None,
    inner: Any,
    seed: int,
    groups: np.ndarray | None = None,
) -> FoldResult:
    """Train a new model on one fold and score it on the fold's test rows.

    The seeds follow from `seed` and the fold alone. They are set before preprocessing, right before
    `build` and right before `fit`, so candidates meet the same draws. Keras' session is cleared
    first: names such as `auc` start anew, and old graphs are freed.

    Args:
        build: Function without arguments that returns a new, compiled model.
        x: Inputs, shape `(n, ...)`.
        y: Targets, shape `(n, ...)`.
        fold: Which rows train and test.
        fit: Arguments of `model.fit`, as `check_fit` accepts them, or None.
        preprocess: Function that is fitted on training inputs and returns a function of inputs, or
            None.
        inner: Splitter whose last split of the training rows gives those fitted on and those that
            early stopping watches; None fits on all.
        seed: Seed of all folds together, at least 0.
        groups: Group of each row, shape `(n,)`, for `inner`, or None.

    Raises:
        TypeError: `build` returns no model, or preprocessing no array.
        ValueError: The model is not compiled, or is trained already; or preprocessing changes the
            number of rows or makes NaN.

    Source:
        Book: practice/cross_validation.
    """
    start = time.perf_counter()
    fit_rows, watched_rows = _split_inner(x, y, fold, inner, groups)
    build_seed, fit_seed = np.random.SeedSequence([seed, fold.index]).generate_state(2).tolist()
    with fresh_session(), passing_graphs():
        keras.utils.set_random_seed(build_seed)
        transform = _fit_preprocess(preprocess, x[fit_rows])
        keras.utils.set_random_seed(build_seed)
        model = _check_model(build())
        arguments = fresh_arguments(fit)
        if inner is not None:
            arguments["validation_data"] = (transform(x[watched_rows]), y[watched_rows])
        keras.utils.set_random_seed(fit_seed)
        history = model.fit(transform(x[fit_rows]), y[fit_rows], **arguments)
        _trained.update((id(variable), variable) for variable in model.trainable_variables)
        scores = model.evaluate(
            transform(x[fold.test]),
            y[fold.test],
            batch_size=arguments.get("batch_size"),
            verbose=0,
            return_dict=True,
        )
    epochs = len(history.epoch)
    return FoldResult(
        scores={name: _number(name, score) for name, score in scores.items()},
        epochs=epochs,
        best_epoch=evaluated_epoch(arguments["callbacks"], epochs),
        seconds=time.perf_counter() - start,
        num_train=len(fit_rows),
        num_test=len(fold.test),
    )


def _split_inner(
    x: np.ndarray, y: np.ndarray, fold: Fold, inner: Any, groups: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows to fit on and those to watch: the last split, for series the latest rows."""
    if inner is None:
        return fold.train, fold.train[:0]
    inner_groups = None if groups is None else groups[fold.train]
    last = split_folds(inner, x[fold.train], y[fold.train], inner_groups)[-1]
    return fold.train[last.train], fold.train[last.test]


def _fit_preprocess(
    preprocess: Callable[..., Any] | None, x_train: np.ndarray
) -> Callable[[np.ndarray], np.ndarray]:
    if preprocess is None:
        return lambda inputs: inputs
    remedy = "a function, such as lambda x: (x - mean) / std"
    function = check_callable(preprocess(x_train), "preprocess()", OWNER, remedy)

    def transform(inputs: np.ndarray) -> np.ndarray:
        outputs = np.asarray(function(inputs))
        remedy = "a function that returns one finite row of numbers for each row"
        check_array(outputs, "preprocess()()", OWNER, None, "uif", remedy)
        if len(outputs) != len(inputs):
            refuse(ValueError, outputs, "preprocess()()", OWNER, f"{len(inputs)} rows", remedy)
        return outputs

    return transform


def _check_model(model: Any) -> keras.Model:
    name, remedy = "build()", "a build that makes a new model and compiles it each time"
    if not isinstance(model, keras.Model):
        refuse(TypeError, model, name, OWNER, "a compiled keras.Model", remedy)
    if not model.compiled:
        refuse(ValueError, model, name, OWNER, "a compiled keras.Model", remedy)
    seen = any(_trained.get(id(variable)) is variable for variable in model.trainable_variables)
    if seen or (model.optimizer is not None and int(model.optimizer.iterations) > 0):
        # compiling again does not reset weights
        refuse(ValueError, model, name, OWNER, "a model that was never trained", remedy)
    return model


def _number(name: str, score: Any) -> float:
    if np.size(score) != 1:
        remedy = "a metric that is one number, such as F1Score(average='macro')"
        refuse(ValueError, score, f"score {name!r}", OWNER, "one number", remedy)
    return float(np.asarray(score).item())


def _checked_folds(splits: Iterable[tuple[Any, Any]], num_rows: int) -> tuple[Fold, ...]:
    folds = tuple(
        Fold(index, _rows(train, num_rows), _rows(test, num_rows))
        for index, (train, test) in enumerate(splits)
    )
    if not folds:
        raise ValueError("it makes no fold")
    for fold in folds:
        if np.intersect1d(fold.train, fold.test).size:
            raise ValueError(f"fold {fold.index} has rows in both parts")
    return folds


def _rows(rows: Any, num_rows: int) -> np.ndarray:
    rows = np.array(rows)  # a copy that nobody else can change
    if rows.dtype.kind not in "iu" or rows.ndim != 1 or rows.size == 0:
        raise ValueError("a part is empty, or holds no row numbers")
    if rows.min() < 0 or rows.max() >= num_rows:
        raise ValueError(f"a row is not from 0 to {num_rows - 1}")
    rows.setflags(write=False)
    return rows
