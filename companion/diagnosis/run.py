"""Diagnose one run."""

from dataclasses import replace
from typing import Any

from companion._validate import check_integer
from companion.diagnosis.curves import Run
from companion.diagnosis.questions import FEWEST_EPOCHS, QUESTIONS
from companion.diagnosis.reading import read_run
from companion.diagnosis.verdict import Diagnosis
from companion.intervals import accuracy_interval

_ONE_DRAW = "This is one run: near a threshold another seed gets another verdict, so repeat it."
_AVERAGED = (
    "The training curve is an average over each epoch, with dropout on if there is any; the "
    "callback GeneralizationGap makes the two curves comparable."
)


def diagnose(history: Any, *, num_validation: int | None = None) -> Diagnosis:
    """Say whether a run underfits, overfits, is too short, unstable or fine, and what to try.

    Use it after `fit`, before you tune. It asks in this order: Did a loss diverge, or climb back?
    Are there enough epochs? Does validation swing? Has it turned, or is most of its error missing
    on the training data? Is the training data itself not fitted? Does validation still improve? The
    first yes is the verdict. Levels are means over the last quarter of the epochs, and a change
    counts where it is larger than what the curve scatters from epoch to epoch.

    Cross-entropy free of penalties and training metrics in inference mode are preferred where they
    are logged (`GeneralizationGap`, `EvaluateSplits`). Test metrics are never looked at. Curves
    alone do not know what is possible on your data: a task with much noise looks like underfitting.
    A verdict belongs to one run, and seeds differ: near a threshold they get different ones.

    Args:
        history: What `fit` returned, or a mapping of metric to one value an epoch, with an accuracy
            or a loss of training (`loss`, `train_loss`) and validation data (`val_loss`,
            `validation_loss`).
        num_validation: Number of validation images, from 1 to 1e15; None if it is not known. With
            it the advice says how exactly so many images measure the accuracy of this run.

    Returns:
        The verdict with its reason, the numbers behind it, and what to try.

    Raises:
        TypeError: `history` is neither, or a metric is not numbers.
        ValueError: It is empty, lacks a metric on either side, holds lists of different lengths,
            or an accuracy that is no fraction. An infinite loss or an undefined value is no error:
            the run is unstable.

    Example:
        >>> loss = [1.5, 1.0, 0.7, 0.5, 0.3, 0.2, 0.1, 0.1]
        >>> validation_loss = [1.6, 1.2, 1.0, 0.9, 1.0, 1.1, 1.3, 1.4]
        >>> diagnosis = diagnose({"loss": loss, "val_loss": validation_loss})
        >>> diagnosis.verdict, diagnosis.evidence["best epoch"]
        ('overfits', 4)

    Source:
        Book: start/overfitting.
    """
    if num_validation is not None:
        check_integer(num_validation, "num_validation", "diagnose", "[1, 1e15]", 10_000)
    run = read_run(history, num_validation, "diagnose")
    answers = (question(run) for question in QUESTIONS)
    found = next(answer for answer in answers if answer is not None)
    if run.diverged.any():
        return replace(found, evidence={"epochs": run.epochs, **found.evidence})
    evidence = {**_levels(run), **found.evidence}
    return replace(found, evidence=evidence, advice=(*found.advice, *_caveats(run)))


def _levels(run: Run) -> dict[str, float]:
    curves = run.main
    train, validation = (1 - e if curves.is_accuracy else e for e in curves.end)
    levels = {
        "epochs": run.epochs,
        f"training {curves.name}": train,
        f"validation {curves.name}": validation,
        "gap": curves.gap,
    }
    if run.epochs >= FEWEST_EPOCHS:
        levels["noise of a quarter"] = curves.noise
    if run.standard_error is not None:
        levels["standard error"] = run.standard_error
    return levels


def _caveats(run: Run) -> tuple[str, ...]:
    caveats = [_ONE_DRAW]
    if run.num_validation is not None and run.main.is_accuracy:
        points = 100 * _half_width(1 - run.main.end[1], run.num_validation)
        caveats.append(
            f"{run.num_validation:,} validation images measure the accuracy of one run to "
            f"+-{points:.1f} points (95%); smaller differences need runs paired by seed: compare()."
        )
    if not run.main.inference:
        caveats.append(_AVERAGED)
    return tuple(caveats)


def _half_width(accuracy: float, num_images: int) -> float:
    interval = accuracy_interval(round(accuracy * num_images), num_images)
    return (interval.high - interval.low) / 2
