"""The public names of companion.plotting, and what they promise in common."""

import inspect

import matplotlib as mpl
import numpy as np
import pytest

from companion import plotting
from companion.landscapes import saddle
from companion.learning_rate_finder import RangeTest
from tests.plotting.search_tables import table_of

CALLS = {
    "plot_best_so_far": lambda ax: plotting.plot_best_so_far(table_of(), ax),
    "plot_descent": lambda ax: plotting.plot_descent(saddle(), {"a": [[1, 2]]}, ax),
    "plot_gap": lambda ax: plotting.plot_gap([1, 2], [1, 1], ax, ylabel="y"),
    "plot_heat_map": lambda ax: plotting.plot_heat_map(
        [[1, 2]], ax, rows=["r"], columns=["a", "b"], ylabel="y", xlabel="x", label="z"
    ),
    "plot_images": lambda ax: plotting.plot_images(
        np.zeros((2, 4, 4, 3)), np.array([0, 1]), ["a", "b"], ax
    ),
    "plot_intervals": lambda ax: plotting.plot_intervals({"a": [1, 2]}, ax, xlabel="x"),
    "plot_landscape": lambda ax: plotting.plot_landscape(saddle(), {"a": [[1, 2]]}, ax),
    "plot_learning_curves": lambda ax: plotting.plot_learning_curves({"a": [1, 2]}, ax, ylabel="y"),
    "plot_parallel_coordinates": lambda ax: plotting.plot_parallel_coordinates(table_of(), ax),
    "plot_range_test": lambda ax: plotting.plot_range_test(
        RangeTest(np.array([0.1, 1]), np.ones(2), np.ones(2), 0.1, None), ax
    ),
    "plot_schedules": lambda ax: plotting.plot_schedules({"a": lambda step: 0.5**step}, 3, ax),
    "plot_shrinkage": lambda ax: plotting.plot_shrinkage(np.eye(2), np.ones(2), ax),
    "plot_sweep": lambda ax: plotting.plot_sweep(
        [1, 2], {"a": [[1, 2], [2, 3]]}, ax, xlabel="x", ylabel="y"
    ),
    "plot_weight_histogram": lambda ax: plotting.plot_weight_histogram({"a": [1, 2]}, ax),
    "use_style": plotting.use_style,
}
FIGURES = {name: call for name, call in CALLS.items() if name.startswith("plot_")} | {
    "plot_search": lambda _: plotting.plot_search(table_of())[0]  # many Axes, on its own figure
}


def test_the_lists_above_are_complete():
    assert CALLS.keys() | FIGURES.keys() == set(plotting.__all__)


@pytest.mark.parametrize("name", CALLS)
def test_draws_on_the_given_axes_and_leaves_all_settings(ax, name):
    before = dict(mpl.rcParams)
    assert CALLS[name](ax) is ax
    ax.figure.draw_without_rendering()
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("name", FIGURES)
def test_opens_a_figure_of_the_books_width_without_axes(name):
    figure = FIGURES[name](None).figure
    figure.draw_without_rendering()
    assert figure.get_figwidth() == 5.6
    assert figure.get_facecolor() == (1, 1, 1, 1)


@pytest.mark.parametrize("name", plotting.__all__)
def test_documentation_is_complete(name):
    function = getattr(plotting, name)
    doc = inspect.getdoc(function)
    sections = ("Use it ", "Args:", "Returns:", "Raises:", "Example:", "Book: ")
    assert [section for section in sections if section not in doc] == []
    assert [p for p in inspect.signature(function).parameters if f"{p}: " not in doc] == []
