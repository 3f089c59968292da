"""Learning curves as errors: their level, their pace, and how much they move by chance."""

from dataclasses import dataclass

import numpy as np

ACCURACIES = (
    "accuracy",
    "acc",
    "sparse_categorical_accuracy",
    "categorical_accuracy",
    "binary_accuracy",
)
OVERFLOW = float(np.finfo(np.float32).max)  # records write this for an infinite loss
QUARTER = 4
FEWEST_FOR_A_SLOPE = 3
LATE = 4  # scatter is measured on the second half, and on at least so many epochs


@dataclass(frozen=True)
class Curves:
    """One metric on training and validation data, as an error: lower is better.

    Attributes:
        metric: Its name, without a prefix.
        train: Error rate or loss on training data, shape `(num_epochs,)`.
        validation: The same on validation data.
        inference: Whether `train` was measured in inference mode, as `validation` is.
    """

    metric: str
    train: np.ndarray
    validation: np.ndarray
    inference: bool

    @property
    def is_accuracy(self) -> bool:
        """Tell whether the errors are one minus an accuracy."""
        return self.metric in ACCURACIES

    @property
    def name(self) -> str:
        """Name of the metric in a sentence."""
        return "accuracy" if self.is_accuracy else self.metric.replace("_", "-")

    @property
    def floor(self) -> float:
        """The smallest error there can be: 0.

        A loss that becomes negative has none. In its place stands what lies below its lowest value
        by half of what it has fallen.
        """
        lowest = min(float(self.train.min()), float(self.validation.min()))
        return 0.0 if lowest >= 0 else lowest - (float(self.train[0]) - lowest) / 2

    @property
    def scale(self) -> float:
        """What errors are large or small against: all images, or the loss after the first epoch."""
        if self.is_accuracy:
            return 1.0
        return min(float(self.train[0]), float(self.validation[0])) - self.floor

    @property
    def quarter(self) -> int:
        """Number of epochs in a quarter of the run, at least 1."""
        return max(1, len(self.train) // QUARTER)

    @property
    def end(self) -> tuple[float, float]:
        """Training and validation error, mean of the last quarter of the epochs."""
        return float(quarter_means(self.train)[-1]), float(quarter_means(self.validation)[-1])

    @property
    def gap(self) -> float:
        """How much larger the error on validation data is in the last quarter."""
        train, validation = self.end
        return validation - train

    @property
    def scatter(self) -> float:
        """Standard deviation of a validation value from one epoch to the next, without a trend."""
        return scatter(self.validation)

    @property
    def noise(self) -> float:
        """Standard error of the difference between two quarters of the validation curve."""
        return self.scatter * float(np.sqrt(2 / self.quarter))

    def shown(self, error: float) -> str:
        """Return a value of the metric in words."""
        return f"{1 - error:.1%}" if self.is_accuracy else f"{error:.3g}"

    def difference(self, errors: float) -> str:
        """Return a difference of two values in words."""
        return f"{100 * errors:.1f} points" if self.is_accuracy else f"{errors:.3g}"


@dataclass(frozen=True)
class Run:
    """What is known of one run.

    Attributes:
        pairs: Its metrics, accuracy first where there is one, then cross-entropy or loss.
        objective: The curve that the optimizer lowers, shape `(num_epochs,)`.
        num_validation: Number of validation images, if it was told.
    """

    pairs: tuple[Curves, ...]
    objective: np.ndarray
    num_validation: int | None

    @property
    def main(self) -> Curves:
        """The metric that decides: accuracy where there is one."""
        return self.pairs[0]

    @property
    def epochs(self) -> int:
        """Number of epochs."""
        return len(self.objective)

    @property
    def diverged(self) -> np.ndarray:
        """For every epoch, whether a value is infinite or no number, shape `(num_epochs,)`."""
        curves = [self.objective, *(c for p in self.pairs for c in (p.train, p.validation))]
        return np.any([~(np.abs(curve) < OVERFLOW) for curve in curves], axis=0)

    @property
    def standard_error(self) -> float | None:
        """Binomial standard error of the validation accuracy, if the number of images is known."""
        if self.num_validation is None or not self.main.is_accuracy:
            return None
        error = self.main.end[1]
        return float(np.sqrt(error * (1 - error) / self.num_validation))


def quarter_means(values: np.ndarray) -> np.ndarray:
    """Return the mean of every quarter of a run's length, from the first epochs to the last.

    Example:
        >>> quarter_means(np.array([4.0, 3.0, 2.0, 1.0, 1.0, 1.0, 1.0, 3.0])).tolist()
        [3.5, 2.5, 1.5, 1.0, 1.0, 1.0, 2.0]
    """
    width = max(1, len(values) // QUARTER)
    return np.lib.stride_tricks.sliding_window_view(values, width).mean(axis=1)


def gains(values: np.ndarray) -> tuple[float, float]:
    """Return how much an error fell in the second last quarter and in the last one.

    Example:
        >>> gains(np.array([4.0, 3.0, 2.0, 1.5]))
        (1.0, 0.5)
    """
    means = quarter_means(values)
    width = len(values) - len(means) + 1
    third_last, second_last, last = means[[-1 - 2 * width, -1 - width, -1]]
    return float(third_last - second_last), float(second_last - last)


def gain_to_come(values: np.ndarray) -> float:
    """Return what as many epochs again would gain at the pace of the last quarter.

    It is the slower one of two paces: from the quarter before to the last one, and, where that has
    enough epochs, inside the last one. A drop of the learning rate, whose gain is over, leaves only
    the former.

    Example:
        >>> gain_to_come(np.array([4.0, 3.0, 2.0, 1.5]))
        2.0
        >>> abs(round(gain_to_come(np.repeat([4.0, 2.0], [9, 3])), 9))
        0.0
    """
    width = max(1, len(values) // QUARTER)
    pace = gains(values)[1] / width
    if width >= FEWEST_FOR_A_SLOPE:
        pace = min(pace, -float(np.polyfit(np.arange(width), values[-width:], 1)[0]))
    return pace * len(values)


def scatter(values: np.ndarray) -> float:
    """Return the standard deviation of the late values around a straight trend.

    Second differences remove the trend and have 6 times the variance of the values.

    Example:
        >>> scatter(np.array([9.0, 4.0, 3.0, 2.0, 1.0]))
        0.0
    """
    late = values[-max(LATE, len(values) // 2) :]
    return float(np.sqrt(np.mean(np.diff(late, 2) ** 2) / 6))
