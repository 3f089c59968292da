"""companion.tuning.cv_tuner: scripted folds; real ones are in test_cv_tuner_ridge.py."""

import keras_tuner
import numpy as np
import pytest
from matplotlib.figure import Figure
from sklearn.model_selection import KFold

from companion.plotting import plot_best_so_far
from companion.tuning import ChangedSearchError, FailedFoldError, race, to_dataframe
from tests.tuning.scripted import MAX, MIN, X, Y, by_row, make, script

TABLES = np.random.default_rng(4).normal(0.7, 0.1, size=(2, 12, 5))
NAN = float("nan")


def peak(values, fold):
    return 1 - (values["a"] - 0.6) ** 2 + 0.01 * ((fold * 7) % 5)


def without_times(table):
    return table.drop(columns="seconds").to_csv()


@pytest.mark.parametrize("table", TABLES, ids=["first", "second"])
@pytest.mark.parametrize("objective", [MAX, MIN], ids=str)
@pytest.mark.parametrize("racing", ["none", "forgiving", "aggressive", "ttest"])
def test_a_search_spends_what_the_replay_says(tmp_path, monkeypatch, racing, objective, table):
    calls = script(monkeypatch, by_row(table))
    tuner = make(tmp_path, racing=racing, objective=objective, max_trials=len(table))
    tuner.search(X, Y)
    outcome = race(table, racing, objective.direction)
    ran = tuner.results().sort_values("order")
    assert tuple(ran["num_folds"]) == outcome.folds_run
    by_fold = ran[[f"fold_{fold}" for fold in range(5)]].to_numpy()
    was_run = ~np.isnan(by_fold)
    np.testing.assert_array_equal(by_fold[was_run], table[was_run])
    assert len(calls) == outcome.folds_spent
    assert tuner.results()["order"][0] - 1 == outcome.winner
    assert tuner.best().values == tuner.get_best_hyperparameters()[0].values
    assert tuner.best().get("a") == calls_of(calls)[outcome.winner]


def calls_of(calls):
    return list(dict.fromkeys(value for value, _ in calls))


def test_a_stopped_trial_ends_completed_with_its_partial_mean_and_never_wins(tmp_path, monkeypatch):
    easy_first = [[0.9, 0.9, 0.3, 0.3, 0.3], [0.8, 0.7, 0.2, 0.2, 0.2]]
    script(monkeypatch, by_row(easy_first))
    tuner = make(tmp_path, racing="ttest", max_trials=2)
    tuner.search(X, Y)
    assert {trial.status for trial in tuner.oracle.trials.values()} == {"COMPLETED"}
    for table in (tuner.results(), to_dataframe(tuner)):
        complete, stopped = table.to_dict("records")
        assert (complete["status"], complete["order"]) == ("complete", 1)
        assert stopped["status"] == "stopped"
        assert stopped["score"] == 0.75 > complete["score"]
        _, best, _ = plot_best_so_far(table, Figure().add_subplot()).lines
        assert list(best.get_ydata()) == [complete["score"]] * 2
    assert np.isnan(tuner.results()["fold_4"][1])


@pytest.mark.filterwarnings("ignore:currentThread|getName:DeprecationWarning")  # warned again
@pytest.mark.parametrize("objective", [MAX, MIN], ids=str)
def test_nan_is_reported_and_ranked_last(tmp_path, monkeypatch, objective):
    rows = [[NAN] * 5, [0.5] * 5, [0.6, NAN, 0.6, 0.6, 0.6], [NAN] * 5, [NAN] * 5, [NAN] * 5]
    script(monkeypatch, by_row(rows))
    tuner = make(tmp_path, racing="aggressive", objective=objective, max_trials=6)
    with pytest.warns(UserWarning, match=r"scored nan; it is ranked last"):
        tuner.search(X, Y)
    table = tuner.results()
    assert table["order"][0] == 2
    assert len(table) == 6  # three in a row do not end the search
    assert list(table["status"]).count("nan") in (4, 5)
    assert table["score"].isna().sum() == list(table["status"]).count("nan")


@pytest.mark.filterwarnings("ignore:currentThread|getName:DeprecationWarning")  # warned again
@pytest.mark.parametrize("objective", [MAX, MIN], ids=str)
def test_infinity_never_wins(tmp_path, monkeypatch, objective):
    infinite = [float("inf")] * 5 if objective is MAX else [float("-inf")] * 5
    script(monkeypatch, by_row([infinite, [0.5] * 5, infinite]))
    tuner = make(tmp_path, objective=objective, max_trials=3)
    with pytest.warns(UserWarning, match=r"scored -?inf; it is ranked last"):
        tuner.search(X, Y)
    assert tuner.results()["order"][0] == 2
    assert list(tuner.results()["status"]) == ["complete", "nan", "nan"]


def test_a_failing_fold_ends_the_search_with_its_cause_and_the_rest_is_kept(tmp_path, monkeypatch):
    def fails(values, fold):
        if fold == 3:
            raise ZeroDivisionError("by zero.")
        return peak(values, fold)

    script(monkeypatch, fails)
    tuner = make(tmp_path)
    with pytest.raises(FailedFoldError, match=r"Fold 3 of the candidate .*ZeroDivisionError: by"):
        tuner.search(X, Y)
    calls = script(monkeypatch, peak)
    tuner.search(X, Y)  # the same tuner goes on
    assert calls[0][1] == 3
    again = make(tmp_path)
    again.search(X, Y)
    assert without_times(again.results()) == without_times(tuner.results())


@pytest.mark.parametrize("cause", [OSError("full"), MemoryError()], ids=repr)
def test_no_error_is_taken_for_a_bad_candidate(tmp_path, monkeypatch, cause):
    script(monkeypatch, peak)

    def refuse(*_args):
        raise cause

    monkeypatch.setattr("companion.tuning.fold_log.FoldLog.append", refuse)
    with pytest.raises(FailedFoldError) as caught:
        make(tmp_path).search(X, Y)
    assert caught.value.__cause__ is cause


@pytest.mark.parametrize("oracle", ["random", "grid"])
def test_a_finished_search_is_read_without_running_anything(tmp_path, monkeypatch, oracle):
    calls = script(monkeypatch, peak)
    first, second = make(tmp_path, oracle=oracle), make(tmp_path, oracle=oracle)
    first.search(X, Y)
    spent = len(calls)
    second.search(X, Y)
    assert len(calls) == spent
    assert first.results().equals(second.results())


def test_more_trials_go_on_as_if_they_had_been_asked_for(tmp_path, monkeypatch):
    calls = script(monkeypatch, peak)
    make(tmp_path, max_trials=4).search(X, Y)
    longer, fresh = make(tmp_path, max_trials=9), make(tmp_path / "new", max_trials=9)
    longer.search(X, Y)
    assert len(calls) == len(set(calls))
    fresh.search(X, Y)
    assert without_times(longer.results()) == without_times(fresh.results())


def test_bayesian_optimization_resumes_with_the_same_candidates(tmp_path, monkeypatch):
    settings = {
        "oracle": "bayesian",
        "max_trials": 7,
        "build": lambda hp: {"a": hp.Float("a", 0, 1)},
    }
    whole = make(tmp_path / "whole", **settings)
    script(monkeypatch, peak)
    whole.search(X, Y)

    calls = []

    def dies(values, fold):
        calls.append(values)
        if len(calls) == 12:
            raise KeyboardInterrupt
        return peak(values, fold)

    script(monkeypatch, dies)
    cut = make(tmp_path / "cut", **settings)
    with pytest.raises(KeyboardInterrupt):
        cut.search(X, Y)
    script(monkeypatch, peak)
    resumed = make(tmp_path / "cut", **settings)
    resumed.search(X, Y)
    assert without_times(resumed.results()) == without_times(whole.results())


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"seed": 2}, "seed"),
        ({"racing": "none"}, "racing"),
        ({"oracle": "grid"}, "oracle"),
        ({"splitter": KFold(4)}, "split into folds"),
        ({"preprocess": np.asarray}, "preprocess"),
        (
            {"build": lambda hp: {"a": hp.Float("a", 0, 2), "n": hp.Int("n", 1, 3)}},
            "space and build",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_search_with_other_settings_is_refused(tmp_path, monkeypatch, changed, named):
    script(monkeypatch, peak)
    make(tmp_path).search(X, Y)
    with pytest.raises(ChangedSearchError, match=f"with another {named} than now"):
        make(tmp_path, **changed).search(X, Y)


def test_other_data_and_other_arguments_of_fit_are_refused(tmp_path, monkeypatch):
    script(monkeypatch, peak)
    make(tmp_path).search(X, Y, fit={"epochs": 2, "verbose": 0})
    make(tmp_path).search(X.copy(), Y, fit={"epochs": 2, "verbose": 2})
    other = X.copy()
    other[3, 1] += 1e-9
    with pytest.raises(ChangedSearchError, match=r"another data than now"):
        make(tmp_path).search(other, Y, fit={"epochs": 2})
    with pytest.raises(ChangedSearchError, match=r"another fit than now"):
        make(tmp_path).search(X, Y, fit={"epochs": 3})


def test_one_standard_error_takes_the_simplest(tmp_path, monkeypatch):
    rows = [[0.5, 0.9, 0.7, 0.7, 0.7], [0.6, 0.8, 0.7, 0.7, 0.69]]
    script(monkeypatch, by_row(rows))
    tuner = make(tmp_path, racing="none", max_trials=2)
    tuner.search(X, Y)
    first, second = tuner.results().sort_values("order")["a"]
    assert tuner.best().get("a") == first
    chosen = tuner.best("one_se", simplicity=lambda values: abs(values["a"] - second))
    assert chosen.get("a") == second


def test_models_are_not_kept(tmp_path):
    with pytest.raises(RuntimeError, match=r"Call refit\(\)"):
        make(tmp_path).get_best_models()


def test_nested_scores_are_refused_where_a_chief_leads(tmp_path, monkeypatch):
    tuner = make(tmp_path)
    for name in ("ORACLE_IP", "ORACLE_PORT", "TUNER_ID"):
        monkeypatch.setenv(f"KERASTUNER_{name}", "1")
    with pytest.raises(RuntimeError, match="Call it without a chief"):
        tuner.nested_score(KFold(2), X, Y)


def test_nothing_is_known_before_a_search(tmp_path):
    with pytest.raises(RuntimeError, match=r"Call search first"):
        make(tmp_path).results()


def test_an_objective_that_the_model_does_not_report_is_named(tmp_path, monkeypatch):
    script(monkeypatch, peak)
    tuner = make(tmp_path, objective=keras_tuner.Objective("auc", "max"))
    with pytest.raises(FailedFoldError, match=r"reports no 'auc', but \['accuracy', 'loss'\]"):
        tuner.search(X, Y)


def test_hyperband_is_refused_with_the_reason(tmp_path):
    with pytest.raises(ValueError, match=r"Hyperband ranks models that are not trained to their"):
        make(tmp_path, oracle="hyperband")


def test_the_folder_of_another_tuner_is_refused(tmp_path):
    folder = tmp_path / "search"
    folder.mkdir()
    (folder / "tuner0.json").write_text("{}")
    with pytest.raises(ValueError, match=r"holds the search of another tuner"):
        make(tmp_path)
