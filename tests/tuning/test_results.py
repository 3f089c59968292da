"""Tables of searches: hand-made trials of every kind, and one small search."""

from types import SimpleNamespace

import keras
import keras_tuner
import numpy as np
import pandas as pd
import pytest
from keras_tuner.engine.base_tuner import BaseTuner
from keras_tuner.engine.trial import Trial

from companion.plotting import plot_best_so_far, plot_parallel_coordinates, plot_search
from companion.tuning import regularization_space, to_dataframe

OBJECTIVE = keras_tuner.Objective("val_accuracy", "max")


def space(**values):
    """The book's space of regularization and an internal value, with these values."""
    hp = keras_tuner.HyperParameters()
    hp.values = dict(values)
    regularization_space(hp)
    hp.Fixed("epochs", 5)
    hp.values |= {name: values[name] for name in values if name.startswith("tuner/")}
    return hp


def trial(name, score, status="COMPLETED", message=None, **values):
    made = Trial(space(**values), name, status, message)
    made.score, made.best_step = score, 3
    return made


def tuner_of(trials, folder, objective=OBJECTIVE, oracle=keras_tuner.oracles.RandomSearchOracle):
    made = oracle(objective=objective, hyperparameters=space(), seed=7)
    made.trials = {each.trial_id: each for each in reversed(trials)}  # files come in any order
    made.start_order = sorted(made.trials)
    return BaseTuner(made, directory=str(folder), project_name="search")


@pytest.fixture
def every_kind(tmp_path):
    """Trials in the order of their start: every status, equal scores, inactive values."""
    cause = 'Traceback (most recent call last):\n  File "x.py"\nValueError: no such layer\n'
    return tuner_of(
        [
            trial("0", 0.5, penalty="none", dropout=0.1),
            trial("1", None, "FAILED", cause, penalty="l1", l1=1e-4),
            trial("2", 0.7, penalty="l2", l2=1e-3, l1=0.5),  # filled in where it is inactive
            trial("3", float("nan"), "FAILED", penalty="l1_l2", l1=1e-5, l2=1e-4),
            trial("4", 0.5, penalty="none", dropout=0.6),
            trial("5", None, "RUNNING", penalty="none"),
        ],
        tmp_path,
    )


def test_one_row_a_trial_the_best_first(every_kind):
    table = to_dataframe(every_kind)
    assert list(table["trial_id"]) == ["2", "0", "4", "1", "3", "5"]
    assert list(table["order"]) == [3, 1, 5, 2, 4, 6]
    assert list(table["score"][:3]) == [0.7, 0.5, 0.5]
    assert table["score"][3:].isna().all()
    assert list(table["status"]) == ["COMPLETED"] * 3 + ["FAILED"] * 2 + ["RUNNING"]
    assert list(table["best_step"][:3]) == [3, 3, 3]
    assert table["best_step"][3:].isna().all()
    assert list(table["message"].dropna()) == ["ValueError: no such layer"]


def test_one_column_a_hyperparameter(every_kind):
    table = to_dataframe(every_kind).set_index("trial_id")
    assert list(table.columns)[4:] == ["penalty", "l1", "l2", "dropout", "epochs", "message"]
    assert list(table["penalty"]) == ["l2", "none", "none", "l1", "l1_l2", "none"]
    assert table["l1"].notna().to_dict() == {
        name: name in ("1", "3") for name in ("2", "0", "4", "1", "3", "5")
    }
    assert table["l2"]["2"] == 1e-3
    assert table["dropout"]["4"] == 0.6
    assert set(table["epochs"]) == {5}


def test_a_score_to_minimize_puts_the_smallest_first(every_kind):
    every_kind.oracle.objective = keras_tuner.Objective("val_loss", "min")
    assert list(to_dataframe(every_kind)["trial_id"]) == ["0", "4", "2", "1", "3", "5"]


def test_a_score_that_did_not_count_does_not_rank(tmp_path):
    table = to_dataframe(tuner_of([trial("0", 0.9, "INVALID"), trial("1", 0.5)], tmp_path))
    assert list(table["trial_id"]) == ["1", "0"]


def test_attributes_say_what_was_searched(every_kind):
    assert to_dataframe(every_kind).attrs == {
        "objective": "val_accuracy",
        "direction": "max",
        "tuner": "BaseTuner",
        "seed": 7,
        "budget": {"max_trials": 10},
        "hyperparameters": {
            "penalty": "choice",
            "l1": "log",
            "l2": "log",
            "dropout": "linear",
            "epochs": "fixed",
        },
    }


def test_hyperbands_own_values_stand_last(tmp_path):
    trials = [trial("0", 0.5, dropout=0.1, **{"tuner/epochs": 3, "tuner/round": 0})]
    table = to_dataframe(tuner_of(trials, tmp_path, oracle=keras_tuner.oracles.HyperbandOracle))
    assert list(table.columns)[-3:] == ["message", "tuner/epochs", "tuner/round"]
    assert not any(name.startswith("tuner/") for name in table.attrs["hyperparameters"])
    assert table.attrs["budget"] == {"max_epochs": 100, "factor": 3, "hyperband_iterations": 1}
    assert list(table["tuner/epochs"]) == [3]


def test_nothing_tried_yet(tmp_path):
    table = to_dataframe(tuner_of([], tmp_path))
    assert len(table) == 0
    assert {"trial_id", "score", "l2", "message"} <= set(table.columns)
    assert table.attrs["hyperparameters"]["l2"] == "log"


def test_reading_changes_no_trial(every_kind):
    before = [each.get_state() for each in every_kind.oracle.trials.values()]
    to_dataframe(every_kind)
    assert [each.get_state() for each in every_kind.oracle.trials.values()] == before


def test_a_worker_is_sent_to_the_chief(every_kind):
    every_kind.oracle = SimpleNamespace(objective=OBJECTIVE)  # such as a client of the chief
    with pytest.raises(ValueError, match="tuner of to_dataframe must have its own oracle"):
        to_dataframe(every_kind)


def test_only_tuners_are_taken(every_kind):
    with pytest.raises(TypeError, match="tuner of to_dataframe must be a tuner of KerasTuner"):
        to_dataframe(every_kind.oracle)


def build(hp):
    rate = hp.Float("learning_rate", 1e-3, 1e-1, sampling="log")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(rate), "mse", run_eagerly=True)
    return model


@pytest.mark.filterwarnings("ignore:currentThread|getName:DeprecationWarning")  # in KerasTuner
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # in Keras
def test_a_real_search_can_be_read_again_and_drawn(tmp_path):
    def tuner():
        return keras_tuner.RandomSearch(
            build,
            objective=keras_tuner.Objective("val_loss", "min"),
            max_trials=3,
            seed=1,
            directory=tmp_path,
        )

    x = np.random.default_rng(1).normal(size=(8, 2))
    searched = tuner()
    searched.search(x, x.sum(axis=1), validation_data=(x, x[:, 0]), epochs=1, verbose=0)
    table = to_dataframe(searched)
    best = searched.oracle.get_best_trials()[0]
    assert (table["trial_id"][0], table["score"][0]) == (best.trial_id, best.score)
    assert table["learning_rate"][0] == best.hyperparameters.get("learning_rate")
    assert table["score"].is_monotonic_increasing
    pd.testing.assert_frame_equal(to_dataframe(tuner()), table)
    assert plot_best_so_far(table).lines[1].get_ydata()[-1] == best.score
    assert len(plot_search(table)) == len(plot_parallel_coordinates(table).get_xticks()) - 1
