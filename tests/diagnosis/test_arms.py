"""Arms compared: leads, what is recommended, false alarms, and what cannot be compared."""

import numpy as np
import pytest

from companion.diagnosis import compare
from companion.intervals import paired_interval
from tests.diagnosis.scripted import NAN, of_accuracy, of_loss


def runs_of(*accuracies):
    return [of_accuracy([0.1, one], [0.1, one]) for one in accuracies]


def test_equal_arms_are_inside_the_noise():
    comparison = compare({"plain": runs_of(0.70, 0.72, 0.71), "dropout": runs_of(0.71, 0.70, 0.72)})
    assert comparison.verdict == "inside the noise"
    assert comparison.advice[0] == (
        "Not settled: whether 'plain' is better than 'dropout'. Add seeds."
    )


def test_an_arm_within_a_point_is_as_good():
    comparison = compare(
        {"plain": runs_of(0.700, 0.710, 0.720), "dropout": runs_of(0.7001, 0.7102, 0.7202)}
    )
    assert comparison.advice[0] == (
        "Take the simplest of 'dropout', 'plain': they are within 1.0 points."
    )


def test_the_margin_of_a_loss_is_a_hundredth_of_the_best():
    arms = {
        "low": [of_loss([1.0], [x]) for x in (2.0, 2.1, 2.2)],
        "near": [of_loss([1.0], [x]) for x in (2.001, 2.102, 2.202)],
    }
    assert compare(arms).advice[0].endswith("they are within 0.021.")


def test_leads_that_are_all_the_same_settle_nothing():
    """Images are counted: three seeds may lead by one image each by chance."""
    comparison = compare({"a": runs_of(0.25, 0.5, 0.75), "b": runs_of(0.5, 0.75, 1.0)})
    assert comparison.verdict == "inside the noise"
    assert comparison.advice[0].startswith("Not settled")


def test_the_best_arm_is_compared_with_each_other_one():
    """Three arms have three pairs: the confidence of each interval is 1 - 0.05 / 3."""
    first, second, third = [0.80, 0.81, 0.82], [0.79, 0.815, 0.818], [0.70, 0.712, 0.719]
    comparison = compare({"c": runs_of(*third), "a": runs_of(*first), "b": runs_of(*second)})
    assert comparison.verdict == "different"
    confidence = 1 - 0.05 / 3
    leads = {
        "a over b": paired_interval(first, second, confidence),
        "a over c": paired_interval(first, third, confidence),
    }
    assert comparison.evidence.keys() == leads.keys()
    for name, lead in leads.items():
        found = comparison.evidence[name]
        values = (found.mean, found.low, found.high, found.n)
        assert values == pytest.approx((lead.mean, lead.low, lead.high, 3))
    assert comparison.advice[0] == "Not settled: whether 'a' is better than 'b'. Add seeds."
    assert "It beats 1 of 2 beyond the noise." in comparison.reason
    assert "over 'b' 0.23 points [" in comparison.reason
    assert "over 'c' 9.97 points [" in comparison.reason


def test_an_arm_that_beats_all_is_taken():
    comparison = compare({"low": runs_of(0.50, 0.51, 0.52), "high": runs_of(0.700, 0.711, 0.72)})
    assert comparison.verdict == "different"
    assert comparison.advice[0] == "Take 'high'."


def test_of_losses_the_lowest_is_best():
    arms = {
        "low": [of_loss([1.0], [x]) for x in (0.5, 0.51, 0.52)],
        "high": [of_loss([1], [2.0])] * 3,
    }
    comparison = compare(arms)
    assert comparison.reason.startswith("By validation loss 'low' is best; its lead is over 'high'")
    assert comparison.evidence["low over high"].mean == pytest.approx(1.49)


def test_the_last_epoch_counts_and_test_metrics_do_not():
    arms = {"a": runs_of(0.7, 0.71, 0.72), "b": runs_of(0.8, 0.81, 0.82)}
    for run in (*arms["a"], *arms["b"]):
        run["test_accuracy"] = [NAN, NAN]
        run["validation_accuracy"] = [1.0, *run["validation_accuracy"][1:]]
    assert compare(arms).evidence["b over a"].mean == pytest.approx(0.1)


def test_where_nothing_differs_few_studies_find_a_difference():
    """Six equal arms, three seeds: at most 5%; without sharing the confidence it is a third."""
    chance = np.random.default_rng(0)
    found = 0
    for study in chance.normal(0.7, 0.01, (200, 6, 3)):
        arms = {str(arm): runs_of(*accuracies) for arm, accuracies in enumerate(study)}
        found += compare(arms).verdict == "different"
    assert found <= 0.05 * 200


@pytest.mark.parametrize("images", [20, 1000])
def test_counted_images_raise_no_more_alarms(images):
    """Accuracies of few images take few values, so that leads are often the same for all seeds."""
    chance = np.random.default_rng(1)
    found = 0
    for study in chance.binomial(images, 0.7, (200, 3, 3)) / images:
        arms = {str(arm): runs_of(*accuracies) for arm, accuracies in enumerate(study)}
        found += compare(arms).verdict == "different"
    assert found <= 0.05 * 200


def test_a_run_that_diverged_counts_with_its_accuracy():
    diverged = [{**run, "loss": [1, NAN], "val_loss": [1, NAN]} for run in runs_of(0.1, 0.1, 0.1)]
    comparison = compare({"hot": diverged, "cool": runs_of(0.7, 0.71, 0.72)})
    assert comparison.evidence["cool over hot"].mean == pytest.approx(0.61)


THREE = runs_of(0.7, 0.71, 0.72)


@pytest.mark.parametrize(
    ("arms", "error", "sentence"),
    [
        ([THREE, THREE], TypeError, r"^arms of compare must be a mapping of two names or more"),
        ({}, ValueError, r"^arms of compare must be a mapping of two names or more"),
        ({"a": THREE}, ValueError, r"^arms of compare must be a mapping of two names or more"),
        ({"a": THREE, "": THREE}, ValueError, r"^a name in arms of compare must be"),
        ({"a": THREE, "b": THREE[0]}, TypeError, r"^arms\['b'\] of compare must be a list"),
        ({"a": THREE, "b": THREE[:2]}, ValueError, r"^arms\['b'\] of compare must be a list"),
        ({"a": THREE, "b": [*THREE, *THREE]}, ValueError, r"must be as many seeds in every arm"),
        (
            {"a": THREE, "b": [*THREE[:2], of_accuracy([0.7], [0.7])]},
            ValueError,
            r"and as many epochs",
        ),
        (  # the same two metrics in both arms, but not for every run
            {name: [of_loss([1, 1], [1, 1]), *THREE[:2]] for name in "ab"},
            ValueError,
            r"all runs with the same metric",
        ),
        ({"a": THREE, "b": [of_loss([1], [1])] * 3}, ValueError, r"all runs with the same metric"),
        (
            {"a": THREE, "b": [{}, {}, {}]},
            ValueError,
            r"^arms\['b'\]\[0\] of compare must be one that has",
        ),
        (
            {"a": [of_loss([1], [1])] * 3, "b": [of_loss([1], [NAN])] * 3},
            ValueError,
            r"^arms\['b'\] of compare must be runs whose last loss is finite",
        ),
    ],
)
def test_what_cannot_be_compared(arms, error, sentence):
    with pytest.raises(error, match=sentence):
        compare(arms)
