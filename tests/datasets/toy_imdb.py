"""Load the toy that takes the place of IMDb (fixture `small_imdb`)."""

import pytest

from companion.datasets import StandInWarning, load_imdb

LAYOUTS = ("aclImdb_v1.tar.gz", "aclImdb_v1.tar.xz", "aclImdb", "")


def load(**arguments):
    return load_imdb(**({"validation_size": 4} | arguments))


def load_stand_in(**arguments):
    with pytest.warns(StandInWarning):
        return load(**arguments)


def write_layout(reviews, folder, layout):
    if layout.startswith("aclImdb_"):
        return reviews.archive(folder / layout)
    return reviews.folder(folder, layout)
