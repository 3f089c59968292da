"""A path has every point on the way, and ends where a run that diverges leaves the bound."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from companion.from_scratch import SGD, Adagrad, Adam, AdamW, RMSprop
from companion.landscapes import beale, plateau, quadratic_bowl, rosenbrock, saddle, trajectory


class GradientDescent:
    """The smallest optimizer; it has nothing to remember."""

    def __init__(self, rate):
        self.rate = rate

    def init(self, _params):
        return ()

    def update(self, grads, state, params):
        return params - self.rate * grads, state


class InPlace(GradientDescent):
    """One that changes its argument, which a path must survive."""

    def update(self, grads, state, params):
        params -= self.rate * grads
        return params, state


class Jump(GradientDescent):
    def update(self, _grads, state, _params):
        return np.array([self.rate, 0.0]), state


@pytest.mark.parametrize("kind", [GradientDescent, InPlace])
def test_a_path_on_a_bowl_by_the_closed_form(kind):
    path = trajectory(kind(0.0625), quadratic_bowl(20), [1.0, 1.0], 10)
    t = np.arange(11)
    assert_allclose(path, np.stack([(1 - 0.0625) ** t, (1 - 1.25) ** t], axis=-1), rtol=1e-12)
    assert path.dtype == np.float64


@pytest.mark.parametrize(("rate", "diverges"), [(0.0999, False), (0.1001, True)])
def test_the_limit_of_stability_is_two_by_the_largest_curvature(rate, diverges):
    path = trajectory(GradientDescent(rate), quadratic_bowl(20), [1.0, 1.0], 2000)
    assert (np.abs(path[-1]).max() > 1) is np.bool_(diverges)


def test_a_diverging_path_ends_within_the_bound():
    path = trajectory(GradientDescent(0.15), quadratic_bowl(20), [1.0, 1.0], 100)
    assert len(path) == 1 + int(np.log(1e6) / np.log(2))  # |1 - 0.15 * 20| = 2
    assert_allclose(path[-1, 1], (-2.0) ** (len(path) - 1))


@pytest.mark.parametrize("far", [np.nan, np.inf, 1.1e6, -1.1e6])
def test_a_point_beyond_the_bound_is_left_out(far):
    assert_array_equal(trajectory(Jump(far), saddle(), [1, 1], 5), [[1, 1]])


def test_a_point_on_the_bound_is_kept():
    assert len(trajectory(Jump(1e6), saddle(), [1, 1], 5)) == 6


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("landscape", [rosenbrock(), beale(), saddle(), plateau()], ids=repr)
@pytest.mark.parametrize("rate", [0.1, 1e3, 1e20])
def test_no_rate_makes_numpy_complain(landscape, rate):
    path = trajectory(GradientDescent(rate), landscape, [1.5, 1.9], 50)
    assert np.isfinite(landscape.value(path)).all()


@pytest.mark.parametrize(
    "optimizer",
    [
        SGD(0.05),
        SGD(0.03, momentum=0.75, nesterov=True),
        Adagrad(0.5),
        RMSprop(0.01),
        Adam(0.1),
        AdamW(0.1, weight_decay=1e-6),
    ],
    ids=lambda optimizer: type(optimizer).__name__,
)
def test_every_optimizer_of_the_book_comes_down_a_bowl(optimizer):
    path = trajectory(optimizer, quadratic_bowl(20, angle=30), [-1.5, 1.0], 300)
    assert path.shape == (301, 2)
    assert np.abs(path[-1]).max() < 0.02


def test_leaving_a_saddle_takes_longer_from_closer_to_its_ridge():
    steps = [len(trajectory(SGD(0.5), saddle(), [1.0, y], 200)) for y in (1e-2, 1e-8)]
    assert steps[1] - steps[0] == pytest.approx(np.log(1e6) / np.log(1.5), abs=1)


def test_a_start_is_not_changed():
    start = np.array([1.0, 1.0])
    trajectory(InPlace(0.1), saddle(), start, 3)
    assert_array_equal(start, 1)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (
            {"optimizer": "sgd"},
            TypeError,
            r"optimizer of trajectory must be an object with init and update\. Got .*'sgd'\. Try S",
        ),
        ({"optimizer": SGD}, TypeError, r"and no class.*Try SGD\(learning_rate=0\.1\)\."),
        ({"landscape": rosenbrock}, TypeError, "landscape of trajectory must be a Landscape"),
        ({"start": [1.0]}, ValueError, "start of trajectory must be two numbers of at most 1,000,"),
        ({"start": [1, 2, 3]}, ValueError, "start of trajectory must be two numbers"),
        ({"start": [2e6, 0]}, ValueError, "start of trajectory must be two numbers"),
        ({"start": [np.nan, 0]}, ValueError, "start of trajectory .* with NaN or infinity"),
        ({"steps": 0}, ValueError, r"steps of trajectory must be in \[1, inf\)"),
        ({"steps": 1.5}, TypeError, "steps of trajectory must be a whole number"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    right = {"optimizer": SGD(0.1), "landscape": saddle(), "start": [1.0, 1.0], "steps": 3}
    with pytest.raises(error, match=sentence):
        trajectory(**{**right, **arguments})
