"""What holds for every schedule: range, kinds of steps, saving, and use in an optimizer."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from companion import schedules
from companion.schedules import (
    Exponential,
    InverseSquareRoot,
    OneCycle,
    StepDecay,
    WarmupCosine,
)
from tests.schedules.rates import rates

EXAMPLES = [
    Exponential(0.3, 0.003, 8),
    InverseSquareRoot(0.3, 3),
    OneCycle(0.3, 8, 0.4, 0.1, 0.003),
    StepDecay(0.3, 3, 0.5),
    WarmupCosine(0.3, 8, 3, 0.003),
]
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
each = pytest.mark.parametrize("schedule", EXAMPLES, ids=lambda schedule: type(schedule).__name__)

PEAKS = st.floats(1e-6, 100)
PARTS = st.floats(1e-4, 1)
COUNTS = st.integers(3, 100_000)
ANY_SCHEDULE = st.one_of(
    st.builds(
        lambda peak, part, total: Exponential(peak, part * peak, total), PEAKS, PARTS, COUNTS
    ),
    st.builds(InverseSquareRoot, PEAKS, COUNTS),
    st.builds(
        lambda peak, total, at, start, end: OneCycle(peak, total, at, start * peak, end * peak),
        PEAKS,
        COUNTS,
        st.floats(0.01, 0.99),
        PARTS,
        PARTS,
    ),
    st.builds(StepDecay, PEAKS, st.integers(5000, 100_000), st.floats(0.9, 1)),  # 60 stairs at most
    st.builds(
        lambda peak, total, part, end: WarmupCosine(
            peak, total, int(part * (total - 1)), end * peak
        ),
        PEAKS,
        COUNTS,
        st.floats(0, 1),
        PARTS,
    ),
)


def test_there_is_an_example_of_each():
    assert [type(schedule).__name__ for schedule in EXAMPLES] == schedules.__all__


@settings(max_examples=20)
@given(ANY_SCHEDULE, st.integers(0, 300_000))
def test_rates_are_positive_finite_and_at_most_the_peak(schedule, step):
    peak = getattr(schedule, "peak", None) or schedule.initial
    assert 0 < rates(schedule, [step])[0] <= np.float32(peak)


@settings(max_examples=8)
@given(ANY_SCHEDULE)
def test_config_makes_the_same_schedule(schedule):
    again = type(schedule).from_config(schedule.get_config())
    assert again.get_config() == schedule.get_config()
    assert rates(again, [0, 1, 7]) == rates(schedule, [0, 1, 7])


@each
def test_steps_may_be_of_any_kind(schedule):
    for make in (np.int64, np.float32, tf.constant, keras.Variable):
        assert rates(schedule, [make(4)]) == rates(schedule, [4])
    counter = keras.Variable(4, dtype="int64")
    assert rates(schedule, [counter]) == rates(schedule, [4])
    assert schedule(counter).dtype == "float32"


@each
def test_a_billion_billion_steps_are_no_trouble(schedule):
    assert 0 <= rates(schedule, [10**18])[0] <= 0.3


@each
def test_compiled_code_has_the_same_rates(schedule):
    compiled = tf.function(schedule)
    steps = tf.range(9, dtype=tf.int64)
    assert_allclose([compiled(t) for t in steps], rates(schedule, range(9)), rtol=2e-6)


@each
def test_the_optimizer_applies_the_rate_of_the_step(schedule):
    """With a gradient of 1 the weight of plain SGD moves by the rate."""
    weight = keras.Variable(0.0)
    optimizer = keras.optimizers.SGD(schedule)
    moves = []
    for step in range(10):
        assert int(optimizer.iterations) == step
        weight.assign(0.0)
        optimizer.apply([np.float32(1)], [weight])
        moves.append(-float(weight.numpy()))
    assert moves == rates(schedule, range(10))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A folder with a compiled model for every schedule."""
    folder = tmp_path_factory.mktemp("models")
    for schedule in EXAMPLES:
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(schedule), "mse")
        model.save(folder / f"{type(schedule).__name__}.keras")
    return folder


@each
def test_a_compiled_model_is_saved_and_loaded_without_custom_objects(schedule, saved):
    loaded = keras.models.load_model(saved / f"{type(schedule).__name__}.keras")
    again = loaded.optimizer._learning_rate
    assert type(again) is type(schedule)
    assert again.get_config() == schedule.get_config()


def test_a_new_process_only_needs_the_import(saved):
    code = (
        "import sys, keras, companion.schedules\n"
        "for path in sys.argv[1:]:\n"
        "    print(type(keras.models.load_model(path).optimizer._learning_rate).__name__)"
    )
    paths = sorted(map(str, saved.glob("*.keras")))
    run = subprocess.run(
        [sys.executable, "-c", code, *paths],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert run.stdout.split() == schedules.__all__


def test_training_continues_with_the_rate_of_the_next_step(saved, tmp_path):
    """Three steps, saved, loaded: the fourth step has the fourth rate."""
    model = keras.models.load_model(saved / "WarmupCosine.keras")
    x = np.ones((3, 1), "float32")
    model.fit(x, x, batch_size=1, verbose=0)
    model.save(tmp_path / "trained.keras")
    loaded = keras.models.load_model(tmp_path / "trained.keras")
    assert float(loaded.optimizer.learning_rate) == rates(EXAMPLES[-1], [3])[0]
