"""The questions that a diagnosis asks, each answered with a verdict or with None."""

from collections.abc import Callable

import numpy as np

from companion.diagnosis.curves import (
    Curves,
    Run,
    gain_to_come,
    gains,
    quarter_means,
    scatter,
)
from companion.diagnosis.verdict import Diagnosis

FEWEST_EPOCHS, SETTLED_EPOCHS = 4, 8  # a quarter is at least 1; at least 2, to show no change
SIGMAS = 3.0  # what the curve's own scatter makes in 3 of 1,000 comparisons is called noise
HALF, THIRD, TENTH = 1 / 2, 1 / 3, 1 / 10  # "most of", "not much less than", "a notable part of"
NEGLIGIBLE = 0.01  # a change below this part of the scale is none, however smooth the curve
SMALL_GAP = 0.05  # a gap below five points of accuracy is usual, and above twice that never
UNFITTED_ACCURACY, UNFITTED_LOSS = THIRD, HALF  # of the scale left on training data: not learned
_TRAIN_LONGER = "Train longer, with EarlyStopping(restore_best_weights=True) as the end."
_AGAINST_OVERFITTING = (
    "Regularize: augmentation, dropout or weight decay, one at a time with the same seeds.",
    "Stop at the best epoch: EarlyStopping(restore_best_weights=True). If that ended this run, the "
    "turn is its patience, and the weights of the best epoch are already yours.",
    "More training data helps most, if you can have it.",
)


def _diverges(run: Run) -> Diagnosis | None:
    """Is a loss or an accuracy infinite or undefined?"""
    if not run.diverged.any():
        return None
    epoch = int(np.argmax(run.diverged)) + 1
    return Diagnosis(
        "unstable",
        f"A loss or an accuracy is infinite or undefined at epoch {epoch}.",
        {"first bad epoch": epoch},
        (
            "Divide the learning rate by 10, or set clipnorm=1.0 in the optimizer.",
            "Check that the inputs hold no NaN and are scaled to about 1.",
        ),
    )


def _climbs_back(run: Run) -> Diagnosis | None:
    """Did the training loss climb by more than half of all that it fell in the run?"""
    loss = run.objective
    above_best = loss - np.minimum.accumulate(loss)
    epoch, climb = int(np.argmax(above_best)) + 1, float(above_best.max())
    best = float(loss[:epoch].min())
    if climb <= max(HALF * (loss[0] - loss.min()), NEGLIGIBLE * abs(loss[0])):
        return None
    return Diagnosis(
        "unstable",
        f"The training loss had fallen to {best:.3g} and was {loss[epoch - 1]:.3g} at epoch "
        f"{epoch}, a climb of more than half of its whole fall.",
        {"climb of the training loss": climb, "epoch of the climb": epoch},
        (
            "Divide the learning rate by 3 to 10, or warm it up.",
            "If it was a restart, with new weights or of the learning rate, diagnose what follows.",
        ),
    )


def _swings(run: Run) -> Diagnosis | None:
    """Does validation jump by more than half of the distance that its trend covers?"""
    curves = run.pairs[-1]
    trend = float(np.ptp(quarter_means(curves.validation)))
    if curves.scatter <= max(HALF * trend, TENTH * curves.scale):
        return None
    return Diagnosis(
        "unstable",
        f"From one epoch to the next the validation {curves.name} scatters by "
        f"{curves.scatter:.3g}, while its trend covers {trend:.3g}.",
        {"scatter": curves.scatter, "trend": trend},
        (
            "Divide the learning rate by 3 to 10.",
            "With BatchNormalization and few steps, set momentum=0.9: its averages lag behind.",
        ),
    )


def _ends_early(run: Run) -> Diagnosis | None:
    """Are there too few epochs to tell a trend from noise, unless all is learned by heart?"""
    if run.epochs >= FEWEST_EPOCHS:
        return None
    curves = run.main
    error = curves.end[1] - curves.floor
    fitted = curves.end[0] - curves.floor < SMALL_GAP * curves.scale
    if fitted and curves.gap > HALF * error and (found := _remembers(run)):
        return found
    return Diagnosis(
        "too short",
        f"{run.epochs} of at least {FEWEST_EPOCHS} epochs cannot tell a trend from noise.",
        {},
        (_TRAIN_LONGER,),
    )


def _turns(run: Run) -> Diagnosis | None:
    """Has validation lost a notable part of what it gained, and most of that to the gap?"""
    for curves in reversed(run.pairs):
        means, gaps = (
            quarter_means(curves.validation),
            quarter_means(curves.validation - curves.train),
        )
        best = int(np.argmin(means))
        gained = max(float(curves.validation[0] - means[best]), 0.0)
        lost, widened = float(means[-1] - means[best]), float(gaps[-1] - gaps[best])
        least = max(TENTH * gained, SIGMAS * curves.noise, NEGLIGIBLE * curves.scale)
        if lost > least and widened > HALF * lost:
            return _overfits_since(curves, float(means[best]), lost, gained)
    return None


def _overfits_since(curves: Curves, best: float, lost: float, gained: float) -> Diagnosis:
    epoch = int(np.argmin(curves.validation)) + 1
    return Diagnosis(
        "overfits",
        f"The validation {curves.name} was best at epoch {epoch} and has turned: in its best "
        f"quarter of the run it was {curves.shown(best)}, in the last {curves.shown(best + lost)}, "
        "and the gap has widened.",
        {"best epoch": epoch, "gained": gained, "lost again": lost},
        _AGAINST_OVERFITTING,
    )


def _remembers(run: Run) -> Diagnosis | None:
    """Is most of the validation error, or more than is ever usual, missing in training?"""
    curves = run.main
    error = curves.end[1] - curves.floor
    usual = max(SMALL_GAP * curves.scale, 2 * (run.standard_error or 0.0))
    if curves.gap <= max(min(HALF * error, 2 * SMALL_GAP * curves.scale), usual):
        return None
    return Diagnosis(
        "overfits",
        f"{_both(curves)}: {curves.gap / error:.0%} of the validation error is missing on the "
        "training data.",
        {"share of the gap": curves.gap / error},
        _AGAINST_OVERFITTING,
    )


def _fits_too_little(run: Run) -> Diagnosis | None:
    """Would as many epochs again, at the present pace, still leave the training data unfitted?"""
    curves = run.main
    to_come = max(gain_to_come(curves.train), 0.0)
    limit = (UNFITTED_ACCURACY if curves.is_accuracy else UNFITTED_LOSS) * curves.scale
    # With dropout on, training shows less than the network can: validation is the better witness.
    left = (curves.end[0] if curves.inference else min(curves.end)) - curves.floor
    if left - to_come <= limit or curves.gap > 2 * SMALL_GAP * curves.scale:
        return None
    if _learns_fast(curves, to_come, left) and _still_improves(run):
        return None
    return Diagnosis(
        "underfits",
        f"{_both(curves)}: the network does not fit its own training data, and at its present pace "
        f"{run.epochs} more epochs would bring {curves.shown(curves.end[0] - to_come)} on them.",
        {"training error left": left, "training gain to come": to_come},
        (
            "Weaken the regularization first, if there is any.",
            "Try learning rates 3 times as large and as small, then a larger network.",
            "Let it learn 100 training images by heart; if it cannot, look for a mistake.",
        ),
    )


def _learns_fast(curves: Curves, to_come: float, left: float) -> bool:
    noise = scatter(curves.train) * float(np.sqrt(2 / curves.quarter))
    return to_come >= THIRD * left and gains(curves.train)[1] > SIGMAS * noise


def _still_improves(run: Run) -> Diagnosis | None:
    """Does validation still improve, by a notable part of its error and hardly more slowly?"""
    curves = run.main
    before, gain = gains(curves.validation)
    to_come, error = gain_to_come(curves.validation), curves.end[1] - curves.floor
    notable = gain > SIGMAS * curves.noise and to_come > TENTH * error
    if not notable or gain <= THIRD * before or error <= 0:
        return None
    return Diagnosis(
        "too short",
        f"The validation {curves.name} still improves: at the pace of the last quarter, "
        f"{run.epochs} more epochs could remove up to {min(to_come / error, HALF):.0%} of its "
        "error.",
        {"gain of the last quarter": gain, "gain of the quarter before": before},
        (_TRAIN_LONGER, "Compare settings at this length only if it is your budget."),
    )


def _is_too_young(run: Run) -> Diagnosis | None:
    """Are there too few epochs to see that the curves have settled?"""
    if run.epochs >= SETTLED_EPOCHS:
        return None
    return Diagnosis(
        "too short",
        f"{_both(run.main)}; nothing stands out, but it takes {SETTLED_EPOCHS} epochs to see that "
        f"curves have settled, and there are {run.epochs}.",
        {},
        (_TRAIN_LONGER,),
    )


def _is_fine(run: Run) -> Diagnosis:
    """Nothing stands out."""
    return Diagnosis(
        "fine",
        f"{_both(run.main)}; validation has not turned, and hardly improves any more.",
        {},
        (
            "Nothing in these curves asks for a change.",
            "Before you tune, run other seeds: compare() says what differs beyond them.",
        ),
    )


QUESTIONS: tuple[Callable[[Run], Diagnosis | None], ...] = (
    _diverges,
    _climbs_back,
    _ends_early,
    _swings,
    _turns,
    _remembers,
    _fits_too_little,
    _still_improves,
    _is_too_young,
    _is_fine,
)


def _both(curves: Curves) -> str:
    train, validation = (curves.shown(error) for error in curves.end)
    return (
        f"In the last quarter the {curves.name} is {train} in training, {validation} in "
        f"validation, a gap of {curves.difference(curves.gap)}"
    )
