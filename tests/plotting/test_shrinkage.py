"""What is drawn are the loss, its minimum and its components, full and shrunk."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion.from_scratch import ridge_minimum
from companion.plotting import plot_shrinkage

BASIS = np.array([[0.6, 0.8], [0.8, -0.6]])
HESSIAN = BASIS @ np.diag([6.0, 2.0]) @ BASIS.T
MINIMUM = BASIS @ [1.0, 2.0]


def points(ax, marker):
    return [line.get_xydata()[0] for line in ax.lines if line.get_marker() == marker]


def ends_of_thick_lines(ax):
    return [line.get_xydata()[-1] for line in ax.lines if line.get_linewidth() == 5]


def test_components_without_a_penalty_end_on_the_eigenvectors(ax):
    assert plot_shrinkage(HESSIAN, MINIMUM, ax, source="stand-in") is ax
    assert_allclose(points(ax, "o"), [MINIMUM])
    assert points(ax, "s") == []
    flat, steep = 2 * BASIS[:, 1], BASIS[:, 0]
    assert_allclose(ends_of_thick_lines(ax), [flat, flat, steep, steep], atol=1e-12)
    assert ax.get_title("right") == "stand-in data"


def test_components_with_a_penalty_are_shrunk_each_by_its_factor(ax):
    """2 / (2 + 2) along the flat direction, 6 / (6 + 2) along the steep one."""
    plot_shrinkage(HESSIAN, MINIMUM, ax, strength=1.0)
    flat, steep = 2 * BASIS[:, 1], BASIS[:, 0]
    assert_allclose(ends_of_thick_lines(ax), [flat, flat / 2, steep, 0.75 * steep], atol=1e-12)
    assert_allclose(points(ax, "s"), [flat / 2 + 0.75 * steep], atol=1e-12)


def test_path_runs_from_the_minimum_to_zero_through_the_square(ax):
    plot_shrinkage(HESSIAN, MINIMUM, ax, strength=1.0)
    (path,) = [line.get_xydata() for line in ax.lines if line.get_linestyle() == "--"]
    assert_allclose(path[0], MINIMUM, atol=0.01)
    assert_allclose(path[-1], 0, atol=0.01)
    there = ridge_minimum(HESSIAN, MINIMUM, 1.0)
    assert np.linalg.norm(path - there, axis=1).min() < 0.1


def test_rings_are_those_of_the_loss(ax):
    plot_shrinkage(HESSIAN, MINIMUM, ax)
    (rings,) = ax.collections
    for level, ring in zip(rings.levels, rings.get_paths(), strict=True):
        away = ring.vertices - MINIMUM
        loss = np.einsum("ni,ij,nj->n", away, HESSIAN, away) / 2
        assert_allclose(loss, level, rtol=0.05)


@pytest.mark.parametrize("hessian", [np.eye(2), np.diag([1e-6, 1e6]), HESSIAN.astype("float32")])
def test_zero_and_the_minimum_are_in_view(hessian):
    ax = plot_shrinkage(hessian, MINIMUM, strength=0.5)
    ax.figure.draw_without_rendering()
    for point in (MINIMUM, (0, 0)):
        assert ax.get_window_extent().contains(*ax.transData.transform(point))


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (
            {"hessian": np.eye(3)},
            ValueError,
            r"hessian of plot_shrinkage must be .* shape \(2, 2\)",
        ),
        ({"hessian": np.diag([1.0, 0])}, ValueError, "hessian of .* must be steep in both"),
        ({"hessian": -np.eye(2)}, ValueError, "hessian of plot_shrinkage must be symmetric"),
        ({"minimum": np.zeros(2)}, ValueError, "minimum of plot_shrinkage must be not zero"),
        ({"minimum": [1.0, 2.0]}, TypeError, "minimum of plot_shrinkage must be an array"),
        ({"strength": 0}, ValueError, r"strength of plot_shrinkage must be in \(0, inf\)"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        plot_shrinkage(**{"hessian": HESSIAN, "minimum": MINIMUM, **arguments})
