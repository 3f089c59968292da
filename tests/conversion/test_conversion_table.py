"""The code of a conversion is run, with PyTorch's and Optax' formulas, beside that of Keras.

Keras' formulas are those of `companion.from_scratch`; a few steps of Keras itself confirm it.
Hyperparameters are exact in float32, since Keras keeps the learning rate in that type.
"""

import re
from dataclasses import fields

import keras
import numpy as np
import pytest
from keras.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop
from numpy.testing import assert_allclose

from companion import from_scratch
from companion.conversion import Conversion, ConversionTable, conversion_table
from companion.landscapes import quadratic_bowl, trajectory
from tests.conversion.optax_forms import optax
from tests.conversion.torch_forms import model, torch

BOWL, START = quadratic_bowl(4, angle=30), [2.0, 1.0]
STEPS, DROP, FEW = 50, 25, 4
RATE, EPSILON, DECAY = 0.125, 2.0**-6, 2.0**-4
VELOCITY, ROOT = "only the new gradient: equal while the rate is constant", "under it: close where"
EPSILON_HAT, LEFT_OUT, MAXIMUM = "before the bias correction,", "is left out", "AMSGrad's maximum"
MOMENTUM = {"momentum": 0.875}
NESTEROV = {"momentum": 0.875, "nesterov": True}
ADAGRAD = {"initial_accumulator_value": 0.25, "epsilon": EPSILON}
RMS = {"rho": 0.875, "epsilon": EPSILON}
BETAS = {"beta_1": 0.875, "beta_2": 1 - 2.0**-8}
ADAM = {**BETAS, "epsilon": EPSILON}
CASES = [  # an optimizer, and what PyTorch and Optax warn of
    ((SGD, {}), [], []),
    ((SGD, {"nesterov": True}), [], []),
    ((SGD, {"weight_decay": DECAY}), [], []),
    ((SGD, MOMENTUM), [VELOCITY], [VELOCITY, "Always equal"]),
    ((SGD, NESTEROV), [VELOCITY], [VELOCITY, "Always equal"]),
    ((SGD, {**MOMENTUM, "weight_decay": DECAY}), [VELOCITY, LEFT_OUT], [VELOCITY]),
    ((SGD, {**NESTEROV, "weight_decay": DECAY}), [VELOCITY, LEFT_OUT], [VELOCITY]),
    ((Adagrad, ADAGRAD), [], []),
    ((Adagrad, {**ADAGRAD, "initial_accumulator_value": 0.0}), [], []),
    ((Adagrad, {**ADAGRAD, "weight_decay": DECAY}), [LEFT_OUT], []),
    ((RMSprop, RMS), [ROOT], []),
    ((RMSprop, {**RMS, "epsilon": 0.0}), [], []),
    ((RMSprop, {**RMS, "epsilon": 0.0, **MOMENTUM}), [VELOCITY], []),
    ((RMSprop, {**RMS, "centered": True}), [ROOT], []),
    ((RMSprop, {**RMS, "centered": True, "epsilon": 0.0}), [], []),
    ((RMSprop, {**RMS, "centered": True, **MOMENTUM}), [ROOT, VELOCITY], []),
    ((RMSprop, {**RMS, "epsilon": 0.0, "weight_decay": DECAY}), [LEFT_OUT], []),
    (
        (RMSprop, {**RMS, "centered": True, **MOMENTUM, "weight_decay": DECAY}),
        [ROOT, VELOCITY, LEFT_OUT],
        [VELOCITY],
    ),
    ((Adam, ADAM), [EPSILON_HAT], [EPSILON_HAT]),
    ((Adam, {**BETAS, "epsilon": 0.0}), [], []),
    ((Adam, {**BETAS, "epsilon": 0.0, "amsgrad": True}), [], [MAXIMUM]),
    ((Adam, {**BETAS, "epsilon": 0.0, "weight_decay": DECAY}), [], []),
    ((AdamW, {**BETAS, "epsilon": 0.0, "weight_decay": DECAY}), [], []),
    ((AdamW, {**BETAS, "epsilon": 0.0, "weight_decay": 0.0}), [], []),
    ((AdamW, {**ADAM, "weight_decay": DECAY}), [EPSILON_HAT], [EPSILON_HAT]),
    (
        (AdamW, {**BETAS, "epsilon": 0.0, "weight_decay": DECAY, "amsgrad": True}),
        [],
        [MAXIMUM],
    ),
]
each_case = pytest.mark.parametrize(
    ("made", "in_pytorch", "in_optax"),
    CASES,
    ids=[f"{kind.__name__}-{','.join(options)}" for (kind, options), *_ in CASES],
)


def constant(_):
    return RATE


def dropping(step):
    return RATE if step < DROP else RATE / 8


def path(step, steps=STEPS):
    """Return what `w = step(t, w, g)` makes of the start."""
    points = [np.array(START)]
    for t in range(steps):
        points.append(step(t, points[-1], BOWL.gradient(points[-1])))
    return np.stack(points)


def in_keras(kind, options):
    optimizer, w = kind(RATE, **options), keras.Variable(START, dtype="float64")

    def step(_t, _w, g):
        optimizer.apply([g], [w])
        return w.numpy().copy()

    return path(step, FEW)


def by_formula(kind, options, rate):
    options = {**options, "nesterov": "nesterov" in options and "momentum" in options}
    options = {**options, "epsilon": max(options.get("epsilon", 0), 1e-30)}
    formula = getattr(from_scratch, kind.__name__)
    names = {field.name for field in fields(formula)}
    known = {name: value for name, value in options.items() if name in names}
    return trajectory(formula(rate, **known), BOWL, START, STEPS)


def in_torch(code, rate, decay=0.0):
    optimizer = eval(code, {"torch": torch, "model": model})  # noqa: S307 - what a reader would run

    def step(t, w, g):
        assert optimizer.lr == RATE or t > 0
        optimizer.lr = rate(t)
        return optimizer(w * (1 - optimizer.lr * decay), g)

    return path(step)


def with_optax(code, rate):
    assert str(RATE) in code
    with_schedule = code.replace(str(RATE), "schedule")
    update = eval(with_schedule, {"optax": optax, "schedule": rate})  # noqa: S307
    return path(lambda _, w, g: w + update(g, w))


def converted(made):
    kind, options = made
    (conversion,) = conversion_table(kind(RATE, **options))
    return conversion


def is_same(one, other):
    gap = float(np.abs(one - other).max())
    assert gap < 1e-9 or gap > 1e-3, "neither equal nor different enough to see"
    return gap < 1e-9


def expected(warnings, rate):
    """Tell whether the path should be that of Keras, by what the warnings say."""
    others = set(warnings) - {VELOCITY, "Always equal"}
    return not others and not (VELOCITY in warnings and rate is dropping)


@each_case
def test_the_formulas_are_those_of_keras(made, in_pytorch, in_optax):
    assert_allclose(in_keras(*made), by_formula(*made, constant)[: FEW + 1], rtol=1e-12)


@each_case
@pytest.mark.parametrize("rate", [constant, dropping])
def test_paths_are_equal_where_there_is_no_warning_and_differ_where_there_is(
    made, in_pytorch, in_optax, rate
):
    conversion, reference = converted(made), by_formula(*made, rate)
    assert is_same(in_torch(conversion.pytorch, rate), reference) is expected(in_pytorch, rate)
    assert is_same(with_optax(conversion.optax, rate), reference) is expected(in_optax, rate)


@each_case
def test_warnings_are_those_and_no_others(made, in_pytorch, in_optax):
    conversion = converted(made)
    every = {VELOCITY, ROOT, EPSILON_HAT, LEFT_OUT, MAXIMUM, "Always equal"}
    for text, wanted in (
        (conversion.pytorch_warning, in_pytorch),
        (conversion.optax_warning, in_optax),
    ):
        assert {part for part in every if part in text} == set(wanted)
        assert text.count(". ") + bool(text) == len(wanted)


@each_case
def test_keras_column_makes_the_same_optimizer(made, in_pytorch, in_optax):
    kind, options = made
    again = eval(converted(made).keras, {"keras": keras})  # noqa: S307
    named = {**kind(RATE, **options).get_config(), "name": again.name}
    assert again.get_config() == named


@pytest.mark.parametrize("case", [case for case in CASES if LEFT_OUT in case[1]])
def test_decay_by_hand_gives_the_path_of_keras(case):
    """What the warning about PyTorch says to do, where nothing else differs."""
    made, warnings, _ = case
    conversion = converted(made)
    factor = float(re.search(r"1 - lr \* ([\d.]+) before", conversion.pytorch_warning)[1])
    if ROOT not in warnings:
        by_hand = in_torch(conversion.pytorch, constant, factor)
        assert is_same(by_hand, by_formula(*made, constant))


@pytest.mark.parametrize("options", [MOMENTUM, NESTEROV])
def test_the_chain_in_the_other_order_is_equal_under_a_schedule(options):
    conversion = converted((SGD, options))
    chain = re.search(r"`(.*)`", conversion.optax_warning)[1]
    update = eval(chain, {"optax": optax, "schedule": dropping})  # noqa: S307
    assert is_same(path(lambda _, w, g: w + update(g, w)), by_formula(SGD, options, dropping))


@pytest.mark.parametrize("decay", [{}, {"weight_decay": DECAY}], ids=["plain", "decay"])
def test_amsgrad_is_not_adam_in_optax(decay):
    """It is not Keras' AMSGrad either, so that the paths above could not tell."""
    options = {**BETAS, "epsilon": 0.0, **decay}
    amsgrad = with_optax(converted((Adam, {**options, "amsgrad": True})).optax, constant)
    assert not is_same(amsgrad, with_optax(converted((Adam, options)).optax, constant))


def test_epsilon_weighs_as_much_more_at_the_first_step_as_the_warning_says():
    """PyTorch's first step with so much more epsilon is that of Keras."""
    (conversion,) = conversion_table(Adam(RATE, **ADAM))
    times = float(re.search(r"weighs ([\d.]+) times", conversion.pytorch_warning)[1])
    assert times == pytest.approx((2.0**-8) ** -0.5)
    more = conversion.pytorch.replace(str(EPSILON), str(EPSILON * times))
    first = [in_torch(more, constant)[1], in_keras(Adam, ADAM)[1]]
    assert_allclose(*first, rtol=1e-12)


@pytest.mark.parametrize(("average", "smaller"), [(0.0, 1), (EPSILON, 2**0.5), (1e9, 1)])
def test_steps_of_rmsprop_are_at_most_1_41_times_smaller(average, smaller):
    keras_root = np.sqrt(average + EPSILON)
    torch_root = np.sqrt(average) + EPSILON**0.5
    assert torch_root / keras_root == pytest.approx(smaller, abs=1e-5)
    assert f"eps={EPSILON} ** 0.5" in converted((RMSprop, RMS)).pytorch


def test_learning_rates_have_no_more_digits_than_float32():
    (conversion,) = conversion_table(SGD(0.1))
    assert conversion == Conversion(
        "keras.optimizers.SGD(learning_rate=0.1)",
        "torch.optim.SGD(model.parameters(), lr=0.1)",
        "optax.sgd(learning_rate=0.1)",
    )


def test_without_arguments_it_shows_every_kind():
    table = conversion_table()
    assert isinstance(table, ConversionTable)
    kinds = {re.search(r"optimizers\.(\w+)\(", conversion.keras)[1] for conversion in table}
    assert kinds == {"SGD", "Adagrad", "RMSprop", "Adam", "AdamW"}


def test_a_list_is_converted_in_its_order():
    both = conversion_table([Adagrad(), SGD()])
    assert [conversion.keras.partition("(")[0][17:] for conversion in both] == ["Adagrad", "SGD"]


@pytest.mark.parametrize(
    ("optimizers", "error", "sentence"),
    [
        ("adam", TypeError, "optimizers of conversion_table must be a Keras SGD, Adagrad, RMSp"),
        ([SGD, None], TypeError, r"optimizers\[0\] of .*\. Try keras.optimizers.Adam\(\)\."),
        (keras.optimizers.Lion(), TypeError, "optimizers of conversion_table must be a Keras SGD"),
        ([], ValueError, r"must be one Keras optimizer or more\. Got optimizers=\[\]"),
        (
            type("Mine", (SGD,), {})(),
            TypeError,
            "optimizers of conversion_table must be a Keras SGD",
        ),
        ([SGD(clipnorm=1.0)], ValueError, r"optimizers\[0\] of .* must be without clipnorm"),
        (SGD(clipvalue=1.0), ValueError, "must be without clipvalue"),
        (SGD(global_clipnorm=1.0), ValueError, "must be without global_clipnorm"),
        (SGD(loss_scale_factor=2.0), ValueError, "must be without loss_scale_factor"),
        (SGD(use_ema=True), ValueError, "must be without use_ema"),
        (SGD(gradient_accumulation_steps=2), ValueError, "without gradient_accumulation_steps"),
        (
            SGD(keras.optimizers.schedules.CosineDecay(0.1, 10)),
            ValueError,
            "must be an optimizer with a constant learning_rate",
        ),
    ],
)
def test_wrong_arguments_give_one_sentence(optimizers, error, sentence):
    with pytest.raises(error, match=sentence):
        conversion_table(optimizers)
