"""Which splitters are accepted, and beside which data."""

import numpy as np
import pytest
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    LeaveOneOut,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedKFold,
    TimeSeriesSplit,
)

from companion.tuning._splitters import check_inner, check_splitter
from tests.refusal import refused

GROUPS = np.array([0, 0, 1, 1])
HOLD_OUT = ShuffleSplit(1, random_state=0)


def check(splitter, groups=None):
    check_splitter(splitter, groups, "splitter", "f")


@pytest.mark.parametrize(
    ("splitter", "groups"),
    [
        (KFold(3), None),
        (KFold(3, shuffle=True, random_state=np.int64(1)), None),
        (TimeSeriesSplit(3), None),
        (LeaveOneOut(), None),
        (HOLD_OUT, None),
        (GroupKFold(2), GROUPS),
        (GroupKFold(2, shuffle=True, random_state=0), GROUPS),
    ],
)
def test_seeded_splitters_are_accepted(splitter, groups):
    check(splitter, groups)


def test_a_number_of_folds_is_refused():
    with refused(
        TypeError,
        "splitter of f must be a splitter of scikit-learn. Got splitter=5. "
        "Try KFold(n_splits=5, shuffle=True, random_state=0).",
    ):
        check(5)


@pytest.mark.parametrize("splitter", [KFold, "KFold", [([0], [1])], None])
def test_what_is_no_splitter(splitter):
    with pytest.raises(TypeError, match="must be a splitter of scikit-learn"):
        check(splitter)


@pytest.mark.parametrize(
    "splitter",
    [
        StratifiedKFold(3, shuffle=True),
        StratifiedKFold(3, shuffle=True, random_state=np.random.RandomState(0)),
        RepeatedStratifiedKFold(n_splits=2, n_repeats=2),
        ShuffleSplit(2),
    ],
)
def test_folds_that_nobody_could_draw_again(splitter):
    remedy = rf"Try {type(splitter).__name__}\(\.\.\., random_state=0\)\.$"
    with pytest.raises(ValueError, match=rf"seeded with a whole number.*{remedy}"):
        check(splitter)


def test_groups_are_given_where_they_are_needed_and_only_there():
    with refused(
        ValueError,
        "groups of f must be given for this splitter. Got groups=None. Try an array of them.",
    ):
        check(GroupKFold(2))
    with pytest.raises(ValueError, match="one that keeps groups together where there are groups"):
        check(KFold(2), GROUPS)


def test_the_inner_part_respects_time_and_groups():
    check_inner(None, TimeSeriesSplit(2), None, "f")
    check_inner(TimeSeriesSplit(2), TimeSeriesSplit(2), None, "f")
    check_inner(HOLD_OUT, KFold(2), None, "f")
    check_inner(GroupShuffleSplit(1, random_state=0), GroupKFold(2), GROUPS, "f")
    with pytest.raises(ValueError, match=r"inner of f must be a TimeSeriesSplit where splitter"):
        check_inner(HOLD_OUT, TimeSeriesSplit(2), None, "f")
    with pytest.raises(ValueError, match="inner of f must be one that keeps groups together"):
        check_inner(HOLD_OUT, GroupKFold(2), GROUPS, "f")
    with pytest.raises(ValueError, match="inner of f must be seeded"):
        check_inner(ShuffleSplit(1), KFold(2), None, "f")
