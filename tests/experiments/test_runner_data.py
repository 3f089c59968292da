"""The data of a study: looked up by name, the same as before, and real unless allowed otherwise."""

from dataclasses import replace

import pytest

from companion.datasets import DataNotFoundError
from companion.experiments import StaleRunError, run, runner


def test_the_data_s_fingerprint_goes_to_the_training_function(study, data, monkeypatch):
    given = []
    monkeypatch.setattr(
        runner, "load_function", lambda _: lambda config, *_: given.append(config) or {}
    )
    run(replace(study, dataset="cifar-10", seeds=(1,)))
    assert given == [
        {"speed": speed, "epochs": 3, "data_fingerprint": data.fingerprint}
        for speed in ("slow", "fast")
    ]


def test_other_data_than_before_is_refused(study, data, trained):
    study = replace(study, dataset="cifar-10")
    run(study)
    trained()
    data.fingerprint = "2b" * 32
    with pytest.raises(StaleRunError, match="was made with another data than now"):
        run(study)
    assert trained() == []


def test_the_stand_in_must_be_allowed(study, data, trained):
    study, data.source = replace(study, dataset="cifar-10"), "stand-in"
    with pytest.raises(DataNotFoundError):
        run(study)
    assert trained() == []
    runs = run(study, allow_stand_in=True)
    assert {one.data_source for one in runs.values()} == {"stand-in"}


def test_an_unknown_data_set(study):
    with pytest.raises(ValueError, match="dataset of study tiny must be one of 'cifar-10'"):
        run(replace(study, dataset="mnist"))
