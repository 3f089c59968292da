"""Optimizers from plain values: the right class, and the right rate at the right step."""

import keras
import pytest

from companion.tuning import build_optimizer


def rate_at(optimizer, step):
    schedule = optimizer.get_config()["learning_rate"]
    return float(keras.optimizers.schedules.deserialize(schedule)(step))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sgd", keras.optimizers.SGD),
        ("adagrad", keras.optimizers.Adagrad),
        ("rmsprop", keras.optimizers.RMSprop),
        ("adam", keras.optimizers.Adam),
    ],
)
def test_a_constant_rate(name, kind):
    optimizer = build_optimizer(name, 0.25)
    assert type(optimizer) is kind
    assert float(optimizer.learning_rate) == 0.25
    assert optimizer is not build_optimizer(name, 0.25)


def test_sgd_has_momentum():
    assert build_optimizer("sgd", 0.1).momentum == 0.9


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [  # of steps 0, 2 and 8 of 9: two warm-up steps, a peak after two of eight, 0.5 to 0.005
        ("warmup_cosine", [0.25, pytest.approx(0.4752, abs=1e-3), 0.0]),
        ("one_cycle", [0.02, 0.5, 0.0]),
        ("exponential", [0.5, pytest.approx(0.5 * 0.01**0.25, rel=1e-5), 0.005]),
    ],
)
def test_the_rate_is_the_peak_of_a_schedule(schedule, rates):
    optimizer = build_optimizer(
        "adam", 0.5, schedule=schedule, warmup_fraction=0.25, final_fraction=0.01, total_steps=9
    )
    assert [pytest.approx(rate_at(optimizer, step), abs=1e-6) for step in (0, 2, 8)] == rates


def test_a_warm_up_never_takes_all_steps():
    optimizer = build_optimizer(
        "adam", 0.5, schedule="warmup_cosine", warmup_fraction=0.99, total_steps=3
    )
    assert [rate_at(optimizer, step) for step in (0, 1, 2)] == [0.25, 0.5, 0.0]


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"optimizer": "Adam"}, ValueError, "optimizer of build_optimizer must be one of 'sgd'"),
        (
            {"learning_rate": 0.0},
            ValueError,
            r"learning_rate of build_optimizer must be in \[1e-10",
        ),
        ({"schedule": "cosine"}, ValueError, "schedule of build_optimizer must be one of"),
        ({"warmup_fraction": 1.0}, ValueError, "warmup_fraction of build_optimizer must be in"),
        ({"final_fraction": 0.0}, ValueError, "final_fraction of build_optimizer must be in"),
        ({"total_steps": 2}, ValueError, "total_steps of build_optimizer must be in"),
        (
            {"schedule": "one_cycle", "total_steps": None},
            ValueError,
            "must be a whole number where the schedule is 'one_cycle'. Got total_steps=None. Try 1",
        ),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        build_optimizer(**{"optimizer": "adam", "learning_rate": 0.1, **arguments})
