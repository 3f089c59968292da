"""One look: white whatever the reader's settings, distinct without color, nothing left behind."""

import itertools

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_rgba

from companion.plotting import style, use_style

WHITE = (1, 1, 1, 1)


def _luminance(color):
    channels = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgba(color)]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def _contrast(color):
    """Contrast to white as WCAG 2 defines it."""
    return 1.05 / (_luminance(color) + 0.05)


@pytest.mark.parametrize("color", [style.INK, style.WARNING])
def test_text_is_readable_on_white(color):
    assert _contrast(color) > 4.5


def test_every_line_is_unique_without_its_color():
    styles = [style.line_style(index) for index in range(len(style.COLORS))]
    assert len({line["color"] for line in styles}) == len(styles)
    assert len({line["marker"] for line in styles}) == len(styles)
    for line, following in itertools.pairwise(styles):
        assert line["linestyle"] != following["linestyle"]


@pytest.mark.parametrize("num_points", [1, 5, 30, 100])
def test_every_line_shows_a_marker(num_points):
    for index in range(len(style.COLORS)):
        start, step = style.line_style(index, num_points)["markevery"]
        assert start < max(step, 1) <= max(num_points // 8, 1)


@pytest.mark.parametrize("theme", ["dark_background", "default"])
def test_background_is_opaque_white_and_text_dark_under_any_theme(theme):
    with plt.style.context(theme):
        ax = plt.figure().add_subplot()
    ax.figure.patch.set_alpha(0)
    ax.patch.set_alpha(0)
    use_style(ax).set(xlabel="x", ylabel="y")
    assert ax.figure.get_facecolor() == ax.get_facecolor() == WHITE
    for text in (ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels()):
        assert to_rgba(text.get_color()) == to_rgba(style.INK)
        assert text.get_fontsize() == 12


@pytest.mark.parametrize(("source", "mark"), [("stand-in", "stand-in data"), ("cifar-10", "")])
def test_stand_in_is_marked_and_nothing_else(source, mark):
    ax = style.open_axes(None, source, "plot_x", legend_rows=0)
    assert ax.get_title("right") == mark


def test_the_figure_grows_with_its_legend():
    few, many = (
        style.open_axes(None, None, "plot_x", legend_rows=rows).figure.get_size_inches()
        for rows in (1, 5)
    )
    assert few[0] == many[0] == style.WIDTH
    assert many[1] - few[1] == pytest.approx(4 * style.LEGEND_ROW)


def test_legend_lies_below_everything_of_the_axes():
    ax = style.open_axes(None, None, "plot_x", legend_rows=1)
    ax.plot([0, 1], label="line")
    ax.set_xlabel("epoch")
    style.legend_below(ax)
    ax.figure.draw_without_rendering()
    lowest = ax.xaxis.label.get_window_extent().y0
    assert ax.get_legend().get_window_extent().y1 < lowest


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"ax": 3}, TypeError, "ax of plot_x must be a matplotlib Axes or None"),
        ({"source": 3}, TypeError, "source of plot_x must be a string"),
        ({"source": ""}, ValueError, "source of plot_x must be a string that is not blank"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        style.open_axes(
            **{"ax": None, "source": None, "owner": "plot_x", "legend_rows": 0, **arguments}
        )


def test_use_style_wants_axes():
    with pytest.raises(TypeError, match="ax of use_style must be a matplotlib Axes"):
        use_style(plt)
