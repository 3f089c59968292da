"""The tables are scikit-learn's, byte for byte those of the published record."""

import numpy as np
import pytest
from sklearn import datasets

from companion.datasets import DataIntegrityError
from companion.experiments.runner import data_identity
from companion.experiments.study import Study
from companion.experiments.tables import FINGERPRINT, TABLES, load_tables


def test_what_a_record_names_as_its_data():
    study = Study("toy", "?", "math:sqrt", {}, (1,), dataset=TABLES)
    assert data_identity(study, allow_stand_in=False) == (TABLES, FINGERPRINT)
    assert TABLES == "digits and breast-cancer of scikit-learn"


def test_sizes_and_types():
    tables = load_tables().tables
    assert {name: x.shape for name, (x, _) in tables.items()} == {
        "digits": (1797, 64),
        "breast-cancer": (569, 30),
    }
    assert [np.bincount(y).min() for _, y in tables.values()] == [174, 212]
    assert {(x.dtype.str, y.dtype.str) for x, y in tables.values()} == {("<f8", "<i8")}


@pytest.mark.parametrize("loader", ["load_digits", "load_breast_cancer"])
@pytest.mark.parametrize("part", [0, 1])
def test_another_value_is_refused(loader, part, monkeypatch):
    arrays = [array.copy() for array in getattr(datasets, loader)(return_X_y=True)]
    arrays[part].flat[-1] += 1
    monkeypatch.setattr(datasets, loader, lambda **_: arrays)
    with pytest.raises(DataIntegrityError, match="have other values than the published ones"):
        load_tables()
