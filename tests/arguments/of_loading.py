"""The loaders of companion.datasets: the stand-ins, from a cache that all draws share."""

from collections.abc import Callable

from hypothesis import strategies as st

from companion.datasets import ImageDataset, TextDataset, load_cifar10, load_imdb
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    not_a_flag,
    optional,
    whole_in,
    wrong_path,
    wrong_whole,
)


def loader(function: Callable, most: int, validation_size: int, test_size: int) -> Case:
    """A loader of `most` training examples, with its default size of the validation split."""

    def has_these_sizes(data: ImageDataset | TextDataset, given: Given) -> object:
        validation = given.get("validation_size", validation_size)
        left = most - validation
        sizes = (left if given.get("subset") is None else given["subset"], validation, test_size)
        assert (len(data.train), len(data.validation), len(data.test)) == sizes
        assert data.source == "stand-in"
        return sizes, data.fingerprint

    return Case(
        function,
        st.fixed_dictionaries(
            {"validation_size": whole_in(f"[0, {most - 1}]", largest=most - 1)},
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
                wrong_whole(f"[1, {most - int(given['validation_size'])}]")
            ),
            "validation_size": wrong_whole(f"[0, {most - 1}]"),
            "seed": wrong_whole("[0, inf)"),
            "allow_stand_in": not_a_flag,
            "download": not_a_flag,
        },
        has_these_sizes,
        whole_ranges={"seed": "[0, inf)"},
        share=0.2,
    )


CASES = [
    loader(load_cifar10, 50_000, 10_000, 10_000),
    loader(load_imdb, 25_000, 5_000, 25_000),
]
