"""companion.datasets.load_cifar10: the stand-in, from a cache that all draws share."""

from hypothesis import strategies as st

from companion.datasets import ImageDataset, load_cifar10
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    not_a_flag,
    optional,
    whole_in,
    wrong_path,
    wrong_whole,
)

MOST = 50_000


def has_these_sizes(data: ImageDataset, given: Given) -> object:
    validation_size = given.get("validation_size", 10_000)
    left = MOST - validation_size
    sizes = (left if given.get("subset") is None else given["subset"], validation_size, 10_000)
    assert (len(data.train), len(data.validation), len(data.test)) == sizes
    assert data.source == "stand-in"
    return sizes, data.fingerprint


CASES = [
    Case(
        load_cifar10,
        st.fixed_dictionaries(
            {"validation_size": whole_in("[0, 49999]", largest=MOST - 1)},
            optional={
                "data_dir": st.none(),
                "subset": st.none() | st.just(1),
                "seed": whole_in("[0, inf)") | st.just(2**70),
                "allow_stand_in": st.just(True),
                "download": st.booleans(),
            },
        ),
        {
            "data_dir": wrong_path,
            "subset": lambda given: optional(
                wrong_whole(f"[1, {MOST - int(given['validation_size'])}]")
            ),
            "validation_size": wrong_whole(f"[0, {MOST - 1}]"),
            "seed": wrong_whole("[0, inf)"),
            "allow_stand_in": not_a_flag,
            "download": not_a_flag,
        },
        has_these_sizes,
        whole_ranges={"seed": "[0, inf)"},
        share=0.2,
    ),
]
