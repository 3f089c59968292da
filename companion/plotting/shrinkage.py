"""L2 on a quadratic loss of two weights: what is kept along each direction of the valley."""

import numpy as np
from matplotlib.axes import Axes

from companion._validate import check_array, check_number, refuse
from companion.from_scratch import ridge_minimum, shrinkage_factors
from companion.from_scratch.shrinkage import eigenbasis
from companion.plotting.style import COLORS, GRID, INK, open_axes

_LEVELS = np.linspace(0.06, 0.9, 8) ** 2  # of the largest loss in view: rings at even distances
_POINTS_A_SIDE = 150
_PATH = np.geomspace(1e-3, 1e3, 100)  # strengths, in units of the geometric mean of the eigenvalues


def plot_shrinkage(
    hessian: np.ndarray,
    minimum: np.ndarray,
    ax: Axes | None = None,
    *,
    strength: float | None = None,
    source: str | None = None,
) -> Axes:
    """Draw a valley, its minimum taken apart along its two directions, and what L2 leaves of both.

    Use it to see that an L2 penalty shrinks little where the loss is steep and much where it is
    flat. Thick lines are the components along the eigenvectors of the Hessian, with their full
    length pale behind them. The square is the minimum with the penalty, the dashed line where it
    goes as the strength grows from 0 to infinity.

    Args:
        hessian: Second derivatives of the loss, floats of shape `(2, 2)`, symmetric with positive
            eigenvalues.
        minimum: Weights with the smallest loss, floats of shape `(2,)`, not both zero.
        ax: Axes to draw on; None (the default) opens a new figure.
        strength: Strength of the penalty, in (0, inf); there is no factor 1/2 in it, as in Keras.
            None (the default) draws the loss without a penalty.
        source: Where the data are from (`dataset.source`); `"stand-in"` is marked on the figure.

    Returns:
        The Axes.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: A shape is wrong, a value is out of range, NaN or infinite.

    Example:
        >>> ax = plot_shrinkage(np.diag([3.0, 1.0]), np.array([1.0, 2.0]), strength=0.5)
        >>> ax.lines[-1].get_xydata().tolist()
        [[0.75, 1.0]]

    Source:
        Hoerl and Kennard (1970). Book: regularization/l2.
    """
    owner = "plot_shrinkage"
    h, vectors = _check_valley(hessian, minimum, owner)
    if strength is not None:
        strength = check_number(strength, "strength", owner, "(0, inf)", 0.5)
    ax = open_axes(ax, source, owner, legend_rows=0)
    kept = minimum if strength is None else ridge_minimum(hessian, minimum, strength)
    _draw_loss(ax, hessian, minimum)
    _draw_components(ax, vectors, minimum, kept)
    if strength is not None:
        _draw_path(ax, h, vectors, minimum)
        ax.plot(*kept, "s", color=INK)
    ax.set(xlabel="first weight", ylabel="second weight", xticks=[], yticks=[], aspect="equal")
    return ax


def _draw_loss(ax: Axes, hessian: np.ndarray, minimum: np.ndarray) -> None:
    """Draw rings of equal loss around the minimum, in a square that holds it and zero."""
    offsets = np.linspace(-0.9, 0.9, _POINTS_A_SIDE) * np.linalg.norm(minimum)
    x, y = minimum[0] / 2 + offsets, minimum[1] / 2 + offsets
    away = np.stack(np.meshgrid(x, y), axis=-1) - minimum
    loss = np.einsum("...i,ij,...j", away, hessian, away) / 2
    ax.contour(x, y, loss, levels=_LEVELS * loss.max(), colors="0.75", linewidths=1)
    ax.axhline(0, color=GRID, zorder=0)
    ax.axvline(0, color=GRID, zorder=0)
    ax.plot(*minimum, "o", color=INK)
    ax.grid(visible=False)


def _draw_components(ax: Axes, vectors: np.ndarray, minimum: np.ndarray, kept: np.ndarray) -> None:
    """Draw the component along each eigenvector, dotted to the corner of the box they span."""
    for index, vector in enumerate(vectors.T):
        full, left = ((w @ vector) * vector for w in (minimum, kept))
        ax.plot(*_from_zero(full), color=COLORS[index], linewidth=5, alpha=0.25)
        ax.plot(*_from_zero(left), color=COLORS[index], linewidth=5)
        ax.plot(*np.transpose([left, kept]), ":", color=INK, linewidth=1)


def _draw_path(ax: Axes, h: np.ndarray, vectors: np.ndarray, minimum: np.ndarray) -> None:
    middle = float(np.sqrt(h.prod()))
    factors = np.stack([shrinkage_factors(h, strength * middle) for strength in _PATH])
    path = (factors * (vectors.T @ minimum)) @ vectors.T
    ax.plot(*path.T, "--", color=INK, linewidth=1)


def _from_zero(vector: np.ndarray) -> np.ndarray:
    return np.transpose([np.zeros(2), vector])


def _check_valley(
    hessian: np.ndarray, minimum: np.ndarray, owner: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return eigenvalues and, as columns, eigenvectors of the Hessian, the flattest first."""
    remedy = "np.diag([4.0, 1.0])"
    check_array(hessian, "hessian", owner, (2, 2), "f", remedy)
    h, vectors = eigenbasis(hessian, owner)
    if h[0] <= 0:
        refuse(ValueError, hessian, "hessian", owner, "steep in both directions", remedy)
    check_array(minimum, "minimum", owner, (2,), "f", "np.array([1.0, 2.0])")
    if not minimum.any():
        refuse(ValueError, minimum, "minimum", owner, "not zero", "np.array([1.0, 2.0])")
    return h, vectors
