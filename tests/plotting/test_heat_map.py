"""Every number stands in its cell and can be read there; frames and scale are those asked for."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import to_rgb
from numpy.testing import assert_allclose, assert_array_equal

from companion.plotting import plot_heat_map
from companion.plotting.heat_map import COLOR_MAP, luminance

VALUES = np.array([[9.8765, 52.25, 41.0], [48.0, 60.04, 10.0]])
NAMES = {
    "rows": ["0.001", "0.01"],
    "columns": ("none", "0.1", "1"),
    "ylabel": "learning rate",
    "xlabel": "weight decay",
    "label": "accuracy in percent",
}


def test_every_number_stands_in_its_cell(ax):
    assert plot_heat_map(VALUES, ax, **NAMES, source="stand-in") is ax
    texts = {text.get_position(): text.get_text() for text in ax.texts}
    rows = [[texts[column, row] for column in range(3)] for row in range(2)]
    assert rows == [["9.88", "52.2", "41.0"], ["48.0", "60.0", "10.0"]]
    assert_array_equal(ax.images[0].get_array(), VALUES)
    low, high = ax.get_ylim()
    assert low > high  # the first row is on top
    assert ax.get_title("right") == "stand-in data"


def test_large_numbers_have_no_bare_point(ax):
    plot_heat_map([[100.0, 5_000_000, -0.00123]], ax, **{**NAMES, "rows": ["r"]})
    assert [text.get_text() for text in ax.texts] == ["100", "5.00e+06", "-0.00123"]


def test_rows_columns_and_scale_have_names(ax):
    plot_heat_map(VALUES, ax, **NAMES)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["0.001", "0.01"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["none", "0.1", "1"]
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("learning rate", "weight decay")
    assert ax.figure.axes[1].get_ylabel() == "accuracy in percent"


def test_scale_spans_the_values_or_the_limits(ax):
    plot_heat_map(VALUES, ax, **NAMES)
    assert ax.images[0].get_clim() == (9.8765, 60.04)
    shared = plot_heat_map(VALUES, **NAMES, limits=(0, 100))
    assert shared.images[0].get_clim() == (0, 100)
    for drawn in (ax, shared):
        drawn.figure.draw_without_rendering()


def test_frames_are_where_they_are_asked_for(ax):
    framed = VALUES > 50
    plot_heat_map(VALUES, ax, **NAMES, framed=framed)
    inner = [patch for patch in ax.patches if patch.get_edgecolor()[:3] == (0, 0, 0)]
    assert_allclose([patch.get_center() for patch in inner], [(1, 0), (1, 1)])
    outer = [patch.get_center() for patch in ax.patches if patch not in inner]
    assert_allclose(outer, [(1, 0), (1, 1)])
    assert not plot_heat_map(VALUES, **NAMES).patches


def test_text_contrasts_with_every_color_of_the_map():
    values = np.linspace(0, 1, 120).reshape(10, 12)
    names = {**NAMES, "rows": list("abcdefghij"), "columns": list("abcdefghijkl")}
    ax = plot_heat_map(values, **names)
    for text in ax.texts:
        column, row = text.get_position()
        cell = luminance(colormaps[COLOR_MAP](values[row, column]))
        light, dark = sorted((cell, luminance(to_rgb(text.get_color()))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_colors_rise_in_lightness():
    """So that the order is seen without hue, in print and by color-blind readers."""
    colors = colormaps[COLOR_MAP](np.linspace(0, 1, 32))
    assert (np.diff([luminance(color) for color in colors]) > 0).all()


def test_numbers_fit_into_the_cells_of_a_figure_of_the_books_width():
    names = {**NAMES, "rows": list("abcde"), "columns": list("abcde")}
    ax = plot_heat_map(np.full((5, 5), 52.25), **names, limits=(0, 100))
    ax.figure.draw_without_rendering()
    cell = ax.get_window_extent().width / 5
    assert all(text.get_window_extent().width < 0.8 * cell for text in ax.texts)


def test_a_new_figure_has_room_for_all_rows():
    few, many = (
        plot_heat_map(VALUES[:n].repeat(3, axis=0), **{**NAMES, "rows": ["r"] * 3 * n})
        for n in (1, 2)
    )
    assert many.figure.get_figheight() - few.figure.get_figheight() == pytest.approx(1.5)
    assert len(plt.get_fignums()) == 2


@pytest.mark.filterwarnings("error")
def test_equal_values_are_drawn(ax):
    plot_heat_map(np.zeros((2, 3)), ax, **NAMES)
    ax.figure.draw_without_rendering()
    assert {text.get_text() for text in ax.texts} == {"0.00"}


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"values": VALUES[0]}, ValueError, "values of plot_heat_map must be finite numbers of sh"),
        ({"values": VALUES * np.nan}, ValueError, "with NaN or infinity"),
        ({"values": "grid"}, TypeError, "values of plot_heat_map must be finite numbers"),
        ({"rows": ["0.1"]}, ValueError, r"2 names.*Got rows=\['0.1'\]. Try \['1', '2'\]"),
        ({"columns": "abc"}, TypeError, "columns of plot_heat_map must be a list or tuple of 3"),
        ({"columns": ["a", 2, "c"]}, TypeError, r"columns\[1\] of plot_heat_map must be a string"),
        ({"label": ""}, ValueError, "label of plot_heat_map must be a string that is not blank"),
        ({"xlabel": 3}, TypeError, "xlabel of plot_heat_map must be a string"),
        ({"limits": (1, 1)}, ValueError, "limits of .* two finite numbers, the second larger"),
        ({"limits": (0, 1, 2)}, ValueError, "limits of plot_heat_map must be two finite numbers"),
        ({"limits": (0, 60)}, ValueError, r"with all values between .*Try \(9.877, 60.04\)"),
        ({"limits": (10, 100)}, ValueError, "with all values between them"),
        ({"limits": 5}, ValueError, "limits of plot_heat_map must be two finite numbers"),
        ({"framed": VALUES}, ValueError, r"framed of .* True and False of shape \(2, 3\)"),
        ({"framed": VALUES[:1] > 0}, ValueError, "framed of plot_heat_map must be an array"),
        ({"framed": [[True]]}, TypeError, "framed of plot_heat_map must be an array"),
        ({"source": 1}, TypeError, "source of plot_heat_map must be a string"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        plot_heat_map(**{"values": VALUES, **NAMES, **arguments})
    assert not plt.get_fignums()
