"""A Gaussian process: what a few trials say about settings that were not tried."""

import numpy as np
from numpy.typing import ArrayLike

from companion._validate import check_number, check_sample, refuse


def gaussian_process(
    x: ArrayLike, y: ArrayLike, x_new: ArrayLike, *, length_scale: float = 0.3, noise: float = 1e-4
) -> tuple[np.ndarray, np.ndarray]:
    r"""Return the expected score of new settings, and how uncertain it is.

    Use it to see how a Bayesian search decides: it tries next where `mean + beta * deviation` is
    highest. Scores are standardized, and their correlation falls with the distance of settings by
    the Matern kernel of smoothness 5/2, the same in all directions, as in KerasTuner.

    Differs from KerasTuner: the length scale is given, not fitted to the scores.

    Args:
        x: Settings that were tried, each hyperparameter placed in [0, 1], shape
            `(num_trials, num_hyperparameters)`.
        y: Their scores, shape `(num_trials,)`.
        x_new: Other settings, shape `(num_new, num_hyperparameters)`.
        length_scale: Distance over which scores are alike, in [1e-3, 1e3].
        noise: Variance of a score's error, as a part of the scores' variance, in [1e-8, 1e3].

    Returns:
        Mean and standard deviation of the score without its error, each of shape `(num_new,)`.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: An argument is out of range, or shapes do not fit.

    Example:
        >>> mean, deviation = gaussian_process([[0.0], [1.0]], [0.2, 0.4], [[0.0], [0.5]])
        >>> mean.round(3).tolist(), deviation.round(3).tolist()
        ([0.2, 0.3], [0.001, 0.095])

    Source:
        Rasmussen and Williams (2006), Gaussian Processes for Machine Learning.
        Book: practice/tuning.
    """
    x, y, x_new = _check_trials(x, y, x_new)
    length = check_number(length_scale, "length_scale", "gaussian_process", "[1e-3, 1e3]", 0.3)
    noise = check_number(noise, "noise", "gaussian_process", "[1e-8, 1e3]", 1e-4)
    middle, spread = y.mean(), y.std() or 1.0
    among, across = _matern(x, x, length), _matern(x, x_new, length)
    weights = np.linalg.solve(among + noise * np.eye(len(x)), across)
    mean = weights.T @ ((y - middle) / spread)  # equation tuning-posterior
    variance = 1 - np.sum(across * weights, axis=0)
    return middle + spread * mean, spread * np.sqrt(np.maximum(variance, 0))


def _matern(one: np.ndarray, other: np.ndarray, length: float) -> np.ndarray:
    distance = np.linalg.norm(one[:, None] - other[None], axis=-1)
    r = np.sqrt(5) * distance / length
    return np.asarray((1 + r + r**2 / 3) * np.exp(-r))  # equation tuning-matern


def _check_trials(
    x: ArrayLike, y: ArrayLike, x_new: ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    tried, scores = _settings(x, "x"), _scores(y)
    new = _settings(x_new, "x_new")
    if len(scores) != len(tried):
        allowed = f"one score for each of the {len(tried)} settings in x"
        refuse(ValueError, y, "y", "gaussian_process", allowed, f"y[:{len(tried)}]")
    if new.shape[1] != tried.shape[1]:
        allowed = f"settings of as many hyperparameters as x, {tried.shape[1]}"
        refuse(ValueError, x_new, "x_new", "gaussian_process", allowed, "x")
    return tried, scores, new


def _settings(value: ArrayLike, name: str) -> np.ndarray:
    owner, allowed = "gaussian_process", "numbers in [0, 1], one row a setting"
    settings = check_sample(value, name, owner, (2,), 1, allowed, "[[0.2, 0.5], [0.9, 0.1]]")
    if settings.min() < 0 or settings.max() > 1:
        refuse(ValueError, value, name, owner, allowed, "[[0.2, 0.5], [0.9, 0.1]]")
    return settings


def _scores(value: ArrayLike) -> np.ndarray:
    allowed = "finite numbers in one row"
    return check_sample(value, "y", "gaussian_process", (1,), 1, allowed, "[0.3, 0.6]")
