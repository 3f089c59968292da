"""Every rate stands at its step, and long trainings keep their ends."""

import pytest
from numpy.testing import assert_array_equal

from companion.plotting import plot_schedules
from companion.schedules import StepDecay

STAIRS = StepDecay(0.5, 2, 0.5)


def test_rates_at_every_step(ax):
    assert plot_schedules({"stairs": STAIRS, "halves": lambda step: 0.5**step}, 4, ax) is ax
    stairs, halves = ax.lines
    assert_array_equal(stairs.get_xdata(), [0, 1, 2, 3])
    assert_array_equal(stairs.get_ydata(), [0.5, 0.5, 0.25, 0.25])
    assert_array_equal(halves.get_ydata(), [1, 0.5, 0.25, 0.125])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "learning rate")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["stairs", "halves"]


def test_a_long_training_is_drawn_at_some_steps_with_both_ends(ax):
    plot_schedules({"line": lambda step: 1 - step / 99_999}, 100_000, ax)
    steps, rates = ax.lines[0].get_data()
    assert len(steps) == 400
    assert (steps[0], steps[-1], rates[0], rates[-1]) == (0, 99_999, 1, 0)


def test_a_single_step(ax):
    plot_schedules({"stairs": STAIRS}, 1, ax)
    assert_array_equal(ax.lines[0].get_ydata(), [0.5])


@pytest.mark.parametrize(
    ("schedules", "total_steps", "error", "sentence"),
    [
        ({}, 3, ValueError, "schedules of plot_schedules must have 1 to 7 labels"),
        ({"a": 0.1}, 3, TypeError, r"schedules\['a'\] of plot_schedules must be callable"),
        (STAIRS, 3, TypeError, "schedules of plot_schedules must be a mapping"),
        ({"a": STAIRS}, 0, ValueError, r"total_steps of plot_schedules must be in \[1, inf\)"),
    ],
)
def test_wrong_arguments_give_one_sentence(schedules, total_steps, error, sentence):
    with pytest.raises(error, match=sentence):
        plot_schedules(schedules, total_steps)
