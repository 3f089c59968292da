"""Two small real tables that come with scikit-learn, for studies of many cheap fits."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from companion.datasets import DataIntegrityError

TABLES = "digits and breast-cancer of scikit-learn"
FINGERPRINT = "267d62a7ecf1c89e1b268bd6c331a7396334148e6bf30a26e98f67dcc9e59247"


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables, and where they come from.

    Attributes:
        source: What a record names as its data.
        fingerprint: SHA-256 (hex) over the content of all tables.
        tables: Name to inputs, shape `(n, num_features)` float64, and classes, shape `(n,)` int64.
    """

    source: str
    fingerprint: str
    tables: Mapping[str, tuple[np.ndarray, np.ndarray]]


def load_tables(*, allow_stand_in: bool = False) -> Tables:
    """Load handwritten digits (1,797 rows, 64 pixels) and breast cancers (569 rows, 30 features).

    Use it where thousands of models are fitted; each takes a fraction of a second.

    Args:
        allow_stand_in: Has no effect, since scikit-learn brings the tables along.

    Returns:
        The tables.

    Raises:
        DataIntegrityError: This version of scikit-learn brings other values.

    Source:
        Alpaydin and Kaynak (1998), Optical recognition of handwritten digits; Wolberg et al.
        (1993), Breast cancer Wisconsin (diagnostic): both UCI machine learning repository.
    """
    del allow_stand_in
    from sklearn.datasets import load_breast_cancer, load_digits

    found = {"digits": load_digits, "breast-cancer": load_breast_cancer}
    tables = {}
    for name, load in found.items():
        x, y = load(return_X_y=True)
        tables[name] = (np.asarray(x, "<f8"), np.asarray(y, "<i8"))
    fingerprint = _fingerprint(tables)
    if fingerprint != FINGERPRINT:
        raise DataIntegrityError(
            f"The {TABLES} have other values than the published ones. "
            "Install the version of scikit-learn that requirements.txt names."
        )
    return Tables(TABLES, fingerprint, tables)


def _fingerprint(tables: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> str:
    digest = hashlib.sha256()
    for name, arrays in tables.items():
        for array in arrays:
            digest.update(f"{name} {array.shape} {array.dtype.str}\n".encode() + array.tobytes())
    return digest.hexdigest()
