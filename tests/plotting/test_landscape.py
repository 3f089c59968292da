"""Contours are those of the loss, at even distances of the logarithm; paths and marks are there."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from companion.landscapes import (
    Landscape,
    beale,
    plateau,
    quadratic_bowl,
    rosenbrock,
    saddle,
)
from companion.plotting import plot_landscape
from companion.plotting.heat_map import luminance
from companion.plotting.style import COLORS, INK

PATHS = {"SGD": [[1.0, 1.5], [0.5, 0.5], [0.25, 0.0]], "Adam": np.array([[-1.0, 1.0], [9.0, 9.0]])}
EVERY = [quadratic_bowl(20, angle=30), rosenbrock(), saddle(), beale(), plateau()]
each = pytest.mark.parametrize("landscape", EVERY, ids=repr)


def points(ax, marker):
    return [line.get_xydata()[0] for line in ax.lines if line.get_marker() == marker]


def shapes_and_lines(ax):
    return sorted(ax.collections, key=lambda drawn: drawn.get_zorder())


@each
def test_contours_are_those_of_the_loss(ax, landscape):
    assert plot_landscape(landscape, ax=ax) is ax
    _, lines = shapes_and_lines(ax)
    highest = np.abs(lines.levels).max()
    wide = [n for n, level in enumerate(lines.levels) if abs(level) > 0.01 * highest]
    assert len(wide) >= 6
    for n in wide:  # narrower rings have the corners of the grid
        found = landscape.value(lines.get_paths()[n].vertices)
        assert_allclose(np.median(found), lines.levels[n], rtol=0.05)


@each
def test_levels_are_even_in_the_logarithm(ax, landscape):
    plot_landscape(landscape, ax=ax)
    above = [level for level in shapes_and_lines(ax)[1].levels if level > 0]
    assert_allclose(np.diff(np.log(above), n=2), 0, atol=1e-9)
    assert len(above) == (5 if landscape.minimum is None else 12)


def test_levels_of_a_saddle_lie_on_both_sides(ax):
    plot_landscape(saddle(), ax=ax)
    levels = shapes_and_lines(ax)[1].levels
    assert_allclose(levels, -levels[::-1])


@each
def test_the_minimum_and_the_starts_are_marked(ax, landscape):
    plot_landscape(landscape, PATHS, ax)
    minimum = [] if landscape.minimum is None else [landscape.minimum]
    assert_allclose(points(ax, "*"), minimum)
    rings = [line for line in ax.lines if line.get_marker() == "o" and line.get_color() == INK]
    assert_allclose([ring.get_xydata()[0] for ring in rings], [[1.0, 1.5], [-1.0, 1.0]])


def test_paths_are_drawn_with_their_labels_and_cut_at_the_window(ax):
    plot_landscape(saddle(), PATHS, ax)
    drawn = {line.get_label(): line for line in ax.lines if line.get_label() in PATHS}
    for label, path in PATHS.items():
        assert_array_equal(drawn[label].get_xydata(), path)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["SGD", "Adam"]
    assert (ax.get_xlim(), ax.get_ylim()) == ((-2, 2), (-2, 2))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("first weight", "second weight")


def test_seven_paths_differ_in_more_than_color(ax):
    paths = {str(number): [[0.0, number], [1.0, 1.0]] for number in range(7)}
    plot_landscape(saddle(), paths, ax)
    looks = {
        (line.get_linestyle(), line.get_marker()) for line in ax.lines if line.get_label() in paths
    }
    assert len(looks) == 7


def test_without_paths_there_is_no_legend(ax):
    plot_landscape(rosenbrock(), ax=ax)
    assert ax.get_legend() is None


@each
def test_shades_get_darker_upward_and_leave_paths_their_contrast(ax, landscape):
    plot_landscape(landscape, ax=ax)
    shades = [luminance(color) for color in shapes_and_lines(ax)[0].get_facecolor()]
    assert (np.diff(shades) < 0).all()
    blue = luminance([int(COLORS[0][i : i + 2], 16) / 255 for i in (1, 3, 5)])
    assert (min(shades) + 0.05) / (blue + 0.05) > 3


@pytest.mark.filterwarnings("error")
def test_a_flat_landscape_is_drawn(ax):
    flat = Landscape(
        "flat",
        lambda w: np.zeros(np.shape(w)[:-1]),
        np.zeros_like,
        minimum=[0.5, 0.5],
        window=((0, 1), (0, 2)),
    )
    plot_landscape(flat, ax=ax)
    ax.figure.draw_without_rendering()
    assert not ax.collections


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"landscape": saddle}, TypeError, "landscape of plot_landscape must be a Landscape"),
        ({"paths": [[0, 1]]}, TypeError, "paths of plot_landscape must be a mapping of label"),
        ({"paths": {}}, ValueError, "paths of plot_landscape must have 1 to 7 labels"),
        ({"paths": {"SGD": [[1, 2, 3]]}}, ValueError, r"paths\['SGD'\] .* shape \(num_points, 2\)"),
        ({"paths": {"SGD": [1, 2]}}, ValueError, r"paths\['SGD'\] of plot_landscape must be fini"),
        ({"paths": {"SGD": [[1, np.inf]]}}, ValueError, "with NaN or infinity"),
        ({"ax": 1}, TypeError, "ax of plot_landscape must be a matplotlib Axes or None"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        plot_landscape(**{"landscape": saddle(), **arguments})
    assert not plt.get_fignums()
