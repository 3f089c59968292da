"""What a chapter's page says of its running time, data and versions."""

import pytest
from chapter_facts import describe

from companion.datasets._spec import CIFAR10, IMDB

LIMIT_SECONDS = 90
LOADERS = {"load_cifar10(": CIFAR10, "load_imdb(": IMDB}
VERSIONS = dict.fromkeys(("python", "tensorflow", "keras", "numpy", "companion"), "1.2")
FACTS = {
    "seconds": 38,
    "cores": 2,
    "data": [{"source": "cifar-10", "fingerprint": "0123456789abcdef"}],
    "versions": VERSIONS,
}


def test_facts_are_put_into_words():
    assert describe(FACTS) == {
        "Running time": "38 s on 2 cores",
        "Data": "CIFAR-10, fingerprint 01234567",
        "Versions": "Python 1.2, TensorFlow 1.2, Keras 1.2, NumPy 1.2, companion 1.2",
    }


@pytest.mark.parametrize(
    ("changed", "name", "text"),
    [
        ({"cores": 1}, "Running time", "38 s on 1 core"),
        ({"data": []}, "Data", "none is loaded"),
        (
            {"data": [{"source": "imdb", "fingerprint": "fedcba9876543210"}]},
            "Data",
            "IMDb, fingerprint fedcba98",
        ),
        ({"data": FACTS["data"] * 2}, "Data", ", ".join(["CIFAR-10, fingerprint 01234567"] * 2)),
    ],
)
def test_other_facts(changed, name, text):
    assert describe(FACTS | changed)[name] == text


def test_every_chapter_was_executed_in_time_on_the_versions_of_one_environment(
    chapter, all_chapters
):
    facts = chapter.notebook["metadata"]["companion"]
    assert 0 < facts["seconds"] <= LIMIT_SECONDS
    assert facts["cores"] >= 1
    assert facts["versions"] == all_chapters[0].notebook["metadata"]["companion"]["versions"]


def test_chapters_that_load_data_say_which(chapter):
    code = "".join("".join(cell["source"]) for cell in chapter.code_cells)
    loaded = [spec for call, spec in LOADERS.items() if call in code]
    real = [{"source": spec.name, "fingerprint": spec.fingerprint} for spec in loaded]
    assert chapter.notebook["metadata"]["companion"]["data"] == real
