"""Figures of the book: data in, matplotlib Axes out, one figure a file.

Every function draws on the Axes it is given, or on a new figure of the book's size, and returns the
Axes. Matplotlib's settings (`rcParams`) are never touched, so figures of your own stay as they are.
Importing this package imports matplotlib.
"""

from companion.plotting.best_so_far import plot_best_so_far
from companion.plotting.descent import plot_descent
from companion.plotting.gap import plot_gap
from companion.plotting.heat_map import plot_heat_map
from companion.plotting.images import plot_images
from companion.plotting.intervals import plot_intervals
from companion.plotting.landscape import plot_landscape
from companion.plotting.learning_curves import plot_learning_curves
from companion.plotting.parallel_coordinates import plot_parallel_coordinates
from companion.plotting.range_test import plot_range_test
from companion.plotting.schedules import plot_schedules
from companion.plotting.search import plot_search
from companion.plotting.shrinkage import plot_shrinkage
from companion.plotting.style import use_style
from companion.plotting.sweep import plot_sweep
from companion.plotting.weight_histogram import plot_weight_histogram

__all__ = [
    "plot_best_so_far",
    "plot_descent",
    "plot_gap",
    "plot_heat_map",
    "plot_images",
    "plot_intervals",
    "plot_landscape",
    "plot_learning_curves",
    "plot_parallel_coordinates",
    "plot_range_test",
    "plot_schedules",
    "plot_search",
    "plot_shrinkage",
    "plot_sweep",
    "plot_weight_histogram",
    "use_style",
]
