"""Values and gradients belong together, minima are minima, and curvatures are those promised."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from companion.landscapes import Landscape, beale, plateau, quadratic_bowl, rosenbrock, saddle

EVERY = [
    quadratic_bowl(20),
    quadratic_bowl(7, angle=30),
    rosenbrock(),
    saddle(),
    beale(),
    plateau(),
]
WITH_MINIMUM = [landscape for landscape in EVERY if landscape.minimum is not None]
each = pytest.mark.parametrize("landscape", EVERY, ids=repr)
each_with_minimum = pytest.mark.parametrize("landscape", WITH_MINIMUM, ids=repr)
BOWL = {
    "name": "bowl",
    "value": lambda w: np.square(w).sum(axis=-1),
    "gradient": lambda w: 2 * np.asarray(w),
    "minimum": np.zeros(2),
    "window": ((-1, 1), (-1, 1)),
}


def differences(function, point, step=1e-5):
    """Return central differences along both axes, the last axis of the result."""
    ahead, behind = (function(point + way * np.eye(2)) for way in (step, -step))
    return ((ahead - behind) / (2 * step)).T


def hessian(landscape, point):
    return differences(landscape.gradient, np.asarray(point, float))


def condition(landscape):
    flat, steep = np.linalg.eigvalsh(hessian(landscape, landscape.minimum))
    return steep / flat


@each
@given(shares=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_gradients_are_those_of_the_values(landscape, shares):
    low, high = np.transpose(landscape.window)
    point = low + np.array(shares) * (high - low)
    assert_allclose(
        landscape.gradient(point), differences(landscape.value, point), rtol=1e-5, atol=1e-5
    )


@each
def test_many_points_give_what_each_of_them_gives(landscape):
    points = np.random.default_rng(0).uniform(-1, 1, (3, 4, 2))
    values, gradients = landscape.value(points), landscape.gradient(points)
    assert values.shape == (3, 4)
    assert gradients.shape == (3, 4, 2)
    for place in np.ndindex(3, 4):
        assert_allclose(values[place], landscape.value(points[place].tolist()), rtol=1e-12)
        assert_allclose(gradients[place], landscape.gradient(points[place]), rtol=1e-12)


@each_with_minimum
def test_the_minimum_is_one(landscape):
    assert_allclose(landscape.gradient(landscape.minimum), 0, atol=1e-12)
    assert landscape.value(landscape.minimum) == 0
    assert (np.linalg.eigvalsh(hessian(landscape, landscape.minimum)) > 0).all()
    low, high = np.transpose(landscape.window)
    points = np.random.default_rng(0).uniform(low, high, (10_000, 2))
    assert (landscape.value(points) > 0).all()


@each
def test_the_minimum_lies_in_the_window(landscape):
    low, high = np.transpose(landscape.window)
    place = (low + high) / 2 if landscape.minimum is None else landscape.minimum
    assert ((low < place) & (place < high)).all()


@pytest.mark.parametrize("kappa", [1, 20, 1000])
@pytest.mark.parametrize("angle", [0, 30, 90, 135])
def test_a_bowl_has_the_condition_number_asked_for(kappa, angle):
    bowl = quadratic_bowl(kappa, angle)
    assert_allclose(np.linalg.eigvalsh(hessian(bowl, [0.3, -0.2])), [1, kappa], rtol=1e-6)


@pytest.mark.parametrize("angle", [0, 30, 90, 135])
def test_the_valley_of_a_bowl_lies_at_its_angle(angle):
    direction = np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
    assert_allclose(quadratic_bowl(20, angle).gradient(direction), direction, atol=1e-12)


def test_values_by_hand():
    assert quadratic_bowl(20).value([1.0, 1.0]) == 10.5
    assert rosenbrock().value([-1.0, 2.0]) == 4 + 100
    assert saddle().value([3.0, 1.0]) == 4
    assert beale().value([0.0, 7.0]) == 1.5**2 + 2.25**2 + 2.625**2
    assert beale().value([1.0, 2.0]) == 2.5**2 + 5.25**2 + 9.625**2
    assert plateau().value([1.0, 1.0]) == pytest.approx(1 - np.exp(-1))


def test_curvatures_are_those_that_the_documentation_names():
    assert condition(rosenbrock()) == pytest.approx(2508, abs=1)
    assert_allclose(np.linalg.eigvalsh(hessian(saddle(), [0, 0])), [-1, 1])
    assert_allclose(saddle().gradient([0.0, 0.0]), 0)


def test_gradients_of_beale_differ_a_thousandfold_between_wall_and_valley():
    wall, valley = (np.linalg.norm(beale().gradient(w)) for w in ([4.5, 2.0], [2.5, 0.33]))
    assert wall / valley > 1_000


@pytest.mark.parametrize("landscape", EVERY, ids=repr)
@pytest.mark.parametrize("points", [[1.0, 2.0, 3.0], 1.0, [], "text", [np.nan, 1.0]])
def test_wrong_points_give_one_sentence(landscape, points):
    for function in (landscape.value, landscape.gradient):
        with pytest.raises((TypeError, ValueError), match=r"points of \w+ must be finite numbers"):
            function(points)


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"name": " "}, ValueError, "name of Landscape must be a string that is not blank"),
        ({"value": 1}, TypeError, "value of Landscape must be callable"),
        ({"gradient": None}, TypeError, "gradient of Landscape must be callable"),
        ({"minimum": [1.0]}, ValueError, "minimum of Landscape must be two finite numbers or None"),
        ({"minimum": [1, 2, 3]}, ValueError, "minimum of Landscape must be two finite numbers"),
        ({"minimum": [np.inf, 0]}, ValueError, "minimum of Landscape must be two finite numbers"),
        ({"window": ((0, 1), (1, 1))}, ValueError, r"window of Landscape must be \(\(left, right"),
        ({"window": (0, 1)}, ValueError, r"window of Landscape must be \(\(left, right"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        Landscape(**{**BOWL, **arguments})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((0.5,), r"condition_number of quadratic_bowl must be in \[1, 1e6\]\. Got .*=0\.5\. Try 2"),
        ((20, 180), r"angle of quadratic_bowl must be in \[0, 180\)"),
    ],
)
def test_wrong_shapes_of_bowls_give_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        quadratic_bowl(*arguments)
