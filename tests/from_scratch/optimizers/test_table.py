"""Every optimizer, with every option, goes where Keras goes; the table notices what does not."""

import inspect
import textwrap

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

from companion import from_scratch
from companion.from_scratch.optimizer import Optimizer
from tests.from_scratch.optimizers.problems import PROBLEMS
from tests.from_scratch.optimizers.table import (
    MOMENTUM,
    NESTEROV,
    TOLERANCES,
    Row,
    by_keras,
    distances,
    rows,
)

NAMES = ("SGD", "Adagrad", "RMSprop", "Adam", "AdamW")
PLACES = (*PROBLEMS, "many", "drop")


def violated(row: Row, kind: type[Optimizer]) -> set[str]:
    """Return the places of the table where the two differ by more than the precision allows."""
    apart = distances(row, kind)
    return {place for place in apart if not apart[place] <= TOLERANCES[row.dtype]}


@pytest.mark.parametrize("row", rows(), ids=str)
def test_equals_keras(row):
    apart = distances(row)
    assert set(apart) == set(PLACES)
    assert max(apart.values()) <= TOLERANCES[row.dtype], apart


@pytest.mark.parametrize("row", rows(), ids=str)
def test_the_problems_are_no_idle_ones(row):
    """Everything moves, but for what has no gradient; that moves only by decay."""
    *moving, idle = by_keras(row)
    assert all(np.abs(path[-1] - path[0]).max() > 1e-3 for path in moving)
    assert (np.ptp(idle) > 0) == ("weight_decay" in dict(row.options))


@pytest.mark.parametrize("name", NAMES)
def test_names_and_defaults_are_those_of_keras(name):
    """In the same order, so that arguments without names mean the same, too."""

    def settings(optimizer):
        parameters = inspect.signature(optimizer).parameters.values()
        return [(each.name, each.default) for each in parameters]

    ours = settings(getattr(from_scratch, name))
    assert ours == settings(getattr(keras.optimizers, name))[: len(ours)]


@pytest.mark.parametrize("name", NAMES)
def test_defaults_move_as_in_keras(name):
    gradient = np.array([1.0, -0.5, 1e-3], np.float32)
    variable = keras.Variable(np.zeros(3, np.float32))
    theirs = getattr(keras.optimizers, name)()
    ours, params = getattr(from_scratch, name)(), np.zeros(3, np.float32)
    state = ours.init(params)
    for _ in range(10):
        theirs.apply([keras.ops.array(gradient)], [variable])
        params, state = ours.update(gradient, state, params)
    assert_allclose(params, variable.numpy(), rtol=1e-6)


def test_the_rate_is_a_function_of_the_steps_before():
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([1], [1.0, 0.25])
    variable, params = keras.Variable(np.zeros(1)), np.zeros(1)
    theirs = keras.optimizers.SGD(schedule)
    ours = from_scratch.SGD(lambda step: 1.0 if step <= 1 else 0.25)
    state, seen = ours.init(params), []
    for _ in range(4):
        theirs.apply([keras.ops.ones(1)], [variable])
        params, state = ours.update(np.ones(1), state, params)
        seen.append((params.item(), variable.numpy().item()))
    assert seen == [(-1, -1), (-2, -2), (-2.25, -2.25), (-2.5, -2.5)]


def mutated(function, old: str, new: str):
    """Return the function with a piece of its source replaced."""
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(old) == 1, f"{old!r} does not stand once in\n{source}"
    names = dict(function.__globals__)
    exec(source.replace(old, new), names)  # noqa: S102 - the package's own source
    return names[function.__name__]


SGD, ADAGRAD, RMSPROP, ADAM = (getattr(from_scratch, name) for name in NAMES[:4])
MUTATIONS = {
    "epsilon outside the denominator": (
        ADAM, "_step", "m / (np.sqrt(v) + self.epsilon)", "m / np.sqrt(v) + self.epsilon"),
    "epsilon under the root": (
        ADAM, "_step", "(np.sqrt(v) + self.epsilon)", "np.sqrt(v + self.epsilon)"),
    "epsilon of algorithm 1": (
        ADAM, "_step", "+ self.epsilon", "+ self.epsilon * np.sqrt(1 - self.beta_2**t)"),
    "t does not advance": (ADAM, "update", "state.t + 1", "1"),
    "t counts from 0": (ADAM, "update", "w.dtype.type(t)", "w.dtype.type(t - 0.5)"),
    "no correction of the first mean": (ADAM, "_step", " / (1 - self.beta_1**t)", ""),
    "no correction of the second mean": (ADAM, "_step", " * np.sqrt(1 - self.beta_2**t)", ""),
    "decay without the rate": (ADAM, "_decay", "learning_rate * self", "self"),
    "decay that grows": (ADAM, "_decay", "w - learning_rate", "w + learning_rate"),
    "AMSGrad forgets": (ADAM, "_step", 'np.maximum(slots["v_max"], v)', "v"),
    "Nesterov without look-ahead": (
        SGD, "_step", "(self.momentum * u - learning_rate * g)", "u"),
    "momentum as a running mean": (
        SGD, "_step", "- learning_rate * g\n", "- learning_rate * g * (1 - self.momentum)\n"),
    "epsilon outside Adagrad's root": (
        ADAGRAD, "_step", "np.sqrt(s + self.epsilon)", "(np.sqrt(s) + self.epsilon)"),
    "Adagrad starts from nothing": (ADAGRAD, "_start", "self.initial_accumulator_value", "0.0"),
    "epsilon outside RMSprop's root": (
        RMSPROP, "_step", "np.sqrt(v + self.epsilon)", "(np.sqrt(v) + self.epsilon)"),
    "centered without a square": (RMSPROP, "_step", "v - np.square(m)", "v - np.abs(m)"),
    "the rate of the step after": (ADAM, "update", "_rate_at(state.t)", "_rate_at(state.t + 1)"),
    "each norm for all": (
        ADAM, "_clip", "clip_by_global_norm(grads, self.global_clipnorm)",
        "[clip_by_norm(g, self.global_clipnorm) for g in grads]"),
}  # fmt: skip


def noticed(row: Row, kind: type[Optimizer]) -> bool:
    try:
        return bool(violated(row, kind))
    except ValueError:  # after NaN the next update is refused
        return True


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # 0 / 0
@pytest.mark.parametrize("name", MUTATIONS)
def test_the_table_notices_what_is_wrong(name):
    optimizer, method, old, new = MUTATIONS[name]
    wrong = type("Wrong", (optimizer,), {method: mutated(getattr(optimizer, method), old, new)})
    suspects = [row for row in reversed(rows()) if row.optimizer == optimizer.__name__]
    assert any(noticed(row, wrong) for row in suspects)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("options", [MOMENTUM, NESTEROV], ids=["heavy ball", "Nesterov"])
def test_only_a_dropping_rate_tells_the_momentum_of_pytorch(options, dtype):
    """There the velocity has no rate in it, and each step multiplies all of it by today's."""

    class PyTorch(SGD):
        def _step(self, w, g, slots, learning_rate, _t):
            u = self.momentum * slots["u"] + g
            return w - learning_rate * (g + self.momentum * u if self.nesterov else u), {"u": u}

    assert violated(Row("SGD", tuple(options.items()), dtype), PyTorch) == {"drop"}
