"""companion.plotting: drawn in memory, and closed again by the tests."""

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.axes import Axes

from companion import plotting
from tests.arguments.arrays import wrong_array, wrong_sample
from tests.arguments.case import Case, Given
from tests.arguments.strategies import (
    anything_but,
    number_in,
    only,
    optional,
    whole_in,
    wrong_number,
    wrong_text,
    wrong_texts,
    wrong_whole,
)

AX = plt.Figure().add_subplot()
LABELS = st.text("abz <&é漢", min_size=1, max_size=20).filter(str.strip)
NUMBERS = st.floats(-100, 100, width=32)
OPTIONAL = {
    "ax": st.builds(lambda: plt.Figure().add_subplot()),
    "source": st.none() | only("cifar-10", "stand-in"),
}
WRONG = {
    "ax": optional(anything_but(Axes)) | only(plt.Figure(), AX.patch, [AX]),
    "source": optional(wrong_text),
}
CURVES = {
    1: st.lists(NUMBERS, min_size=1, max_size=6),
    2: st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(NUMBERS, min_size=n, max_size=n), min_size=1, max_size=3)
    ),
}
ONE_CURVE = CURVES[1] | CURVES[2] | CURVES[2].map(np.array)
SEEDS = st.lists(NUMBERS, min_size=2, max_size=5)
WEIGHTS = CURVES[1].map(np.array) | CURVES[2].map(np.array) | CURVES[1]
IMAGES = {"images": np.zeros((2, 4, 4, 3), np.uint8), "labels": np.array([0, 1])}


def labeled(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.dictionaries(LABELS, values, min_size=1, max_size=7)


def wrong_labeled(values: st.SearchStrategy, right: object) -> st.SearchStrategy:
    """What maps no labels to such values: no mapping, too many, wrong labels, wrong values."""
    labels = wrong_text.filter(lambda label: label.__hash__ is not None) | only("_hidden", "_")
    return (
        anything_but(dict)
        | only({}, {str(number): right for number in range(8)})
        | labels.map(lambda label: {label: right})
        | values.map(lambda value: {"fine": right, "wrong": value})
    )


def draws_on(ax: Axes, given: Given) -> object:
    assert isinstance(ax, Axes)
    assert given.get("ax") in (None, ax)
    assert (ax.get_title("right") == "stand-in data") is (given.get("source") == "stand-in")
    return ax.get_xlabel(), ax.get_ylabel()


def curves_of(function: object, name: str, label: str, values: st.SearchStrategy) -> Case:
    fewest, dims, right = (2, (1,), [0.5, 0.7]) if name == "estimates" else (1, (1, 2), [0.5])
    return Case(
        function,
        st.fixed_dictionaries({name: labeled(values), label: LABELS}, optional=OPTIONAL),
        {name: wrong_labeled(wrong_sample(fewest, dims), right), label: wrong_text, **WRONG},
        draws_on,
        summed_up=frozenset({name}),  # the number of labels
        share=0.25,
    )


def same_shape(train: list) -> st.SearchStrategy:
    return st.fixed_dictionaries(
        {"train": st.just(train), "validation": st.just(np.array(train) * 0.5), "ylabel": LABELS},
        optional=OPTIONAL,
    )


def wrong_images(given: Given) -> st.SearchStrategy:
    shape = given["images"].shape
    zeros = np.zeros((*shape[:-1], 2), np.uint8)
    outside = [zeros, np.full(shape, 1.5), np.full(shape, -0.1), np.full(shape, 256, np.uint16)]
    return wrong_array(shape, "uf") | st.sampled_from(outside)


def wrong_classes(given: Given) -> st.SearchStrategy:
    n = len(given["images"])
    return wrong_array((n,), "ui") | only(np.full(n, -1), np.full(n, 2), np.zeros(n + 1, int))


def pictures(dtype: type) -> st.SearchStrategy:
    n = st.integers(1, 3)
    classes = n.flatmap(lambda n: st.tuples(st.just(n), st.sampled_from([np.int64, np.uint8])))
    return classes.flatmap(
        lambda kind: st.fixed_dictionaries(
            {
                "images": only(*(np.ones((kind[0], 3, 4, channels), dtype) for channels in (1, 3))),
                "labels": only(np.zeros(kind[0], kind[1]), np.ones(kind[0], kind[1])),
                "class_names": st.tuples(LABELS, LABELS) | st.lists(LABELS, min_size=2, max_size=2),
            },
            optional={
                "columns": whole_in("[1, inf)"),
                "predictions": st.none() | only(np.zeros(kind[0], int)),
                **OPTIONAL,
            },
        )
    )


def heat_map(shape: tuple[int, int]) -> st.SearchStrategy:
    """A grid of this shape with everything that must fit it."""
    sizes = {"rows": shape[0], "columns": shape[1]}
    names = {k: st.lists(LABELS, min_size=n, max_size=n) for k, n in sizes.items()}
    grids = arrays(np.float64, shape, elements=NUMBERS)
    return st.fixed_dictionaries(
        {
            "values": grids | grids.map(lambda grid: grid.tolist()),
            **{k: drawn | drawn.map(tuple) for k, drawn in names.items()},
            **dict.fromkeys(("ylabel", "xlabel", "label"), LABELS),
        },
        optional={
            "limits": st.none() | only((-1e7, 1e7), [-2e7, 1e7], np.array([-1e7, 2e7])),
            "framed": st.none() | arrays(np.bool_, shape),
            **OPTIONAL,
        },
    )


def sweep(num_settings: int) -> st.SearchStrategy:
    """Rising settings, and tables of results at them."""
    rising = np.geomspace(1e-3, 10, num_settings)
    tables = st.integers(2, 4).flatmap(
        lambda seeds: arrays(np.float64, (seeds, num_settings), elements=NUMBERS)
    )
    return st.fixed_dictionaries(
        {
            "settings": only(rising, rising.tolist(), tuple(rising)),
            "results": labeled(tables | tables.map(lambda table: table.tolist())),
            **dict.fromkeys(("xlabel", "ylabel"), LABELS),
        },
        optional=OPTIONAL,
    )


def wrong_results(given: Given) -> st.SearchStrategy:
    right = np.full((2, len(given["settings"])), 0.5)
    return wrong_labeled(wrong_sample(2, (2,)) | only(right[:1], right[:, 1:]), right)


def wrong_frames(given: Given) -> st.SearchStrategy:
    shape = np.shape(given["values"])
    wrong = [np.zeros(shape), np.zeros((*shape, 1), bool), np.zeros(shape[1:], bool)]
    return optional(anything_but(np.ndarray)) | st.sampled_from(wrong)


def wrong_names(argument: str) -> Callable[[Given], st.SearchStrategy]:
    def strategy(given: Given) -> st.SearchStrategy:
        names = list(given[argument])
        too_many_or_few = only([*names, "more"], names[1:], [])
        return (
            anything_but(list, tuple) | too_many_or_few | wrong_text.map(lambda t: [t, *names[1:]])
        )

    return strategy


CASES = [
    curves_of(plotting.plot_learning_curves, "curves", "ylabel", ONE_CURVE),
    curves_of(plotting.plot_intervals, "estimates", "xlabel", SEEDS | SEEDS.map(np.array)),
    Case(
        plotting.plot_gap,
        (CURVES[1] | CURVES[2]).flatmap(same_shape),
        {
            "train": wrong_sample(1, (1, 2)) | only([[0.5] * 9] * 9),
            "validation": wrong_sample(1, (1, 2)) | only([[0.5] * 9] * 9),
            "ylabel": wrong_text,
            **WRONG,
        },
        draws_on,
        summed_up=frozenset({"train", "validation"}),  # their shapes, where these differ
        share=0.25,
    ),
    Case(
        plotting.plot_weight_histogram,
        st.fixed_dictionaries(
            {"weights": labeled(WEIGHTS)},
            optional={"threshold": st.none() | number_in("(0, inf)"), **OPTIONAL},
        ),
        {
            "weights": wrong_labeled(wrong_sample(1, range(1, 65)), [0.5]),
            "threshold": optional(wrong_number("(0, inf)")),
            **WRONG,
        },
        draws_on,
        ranges={"threshold": "(0, inf)"},
        summed_up=frozenset({"weights"}),
        share=0.25,
    ),
    Case(
        plotting.plot_heat_map,
        st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(heat_map),
        {
            "values": wrong_sample(1, (2,)),
            "rows": wrong_names("rows"),
            "columns": wrong_names("columns"),
            **dict.fromkeys(("ylabel", "xlabel", "label"), wrong_text),
            "limits": optional(wrong_sample(2, (1,))) | only((1, 1), (2, 1), (0, 1, 2), (1e8, 1e9)),
            "framed": wrong_frames,
            **WRONG,
        },
        draws_on,
        share=0.25,
    ),
    Case(
        plotting.plot_sweep,
        st.integers(2, 4).flatmap(sweep),
        {
            "settings": wrong_sample(2, (1,)) | only([1, 1], [2, 1], [0, 1], [-1, 1]),
            "results": wrong_results,
            **dict.fromkeys(("xlabel", "ylabel"), wrong_text),
            **WRONG,
        },
        draws_on,
        summed_up=frozenset({"results"}),  # the number of labels
        share=0.25,
    ),
    Case(
        plotting.plot_shrinkage,
        st.fixed_dictionaries(
            {
                "hessian": only(np.eye(2), np.float32([[2, 1], [1, 2]]), np.diag([1e-6, 1e6])),
                "minimum": arrays(np.float64, 2, elements=st.floats(0.5, 100)),
            },
            optional={"strength": st.none() | number_in("(0, inf)"), **OPTIONAL},
        ),
        {
            "hessian": wrong_array((2, 2), "f")
            | only(np.zeros((2, 2)), np.diag([1.0, -1]), np.array([[1.0, 0.5], [0, 1]]), np.eye(3)),
            "minimum": wrong_array((2,), "f") | only(np.zeros(2), np.ones(3)),
            "strength": optional(wrong_number("(0, inf)")),
            **WRONG,
        },
        draws_on,
        ranges={"strength": "(0, inf)"},
        share=0.25,
    ),
    Case(
        plotting.plot_images,
        st.sampled_from([np.uint8, np.uint16, np.float32, np.float64]).flatmap(pictures),
        {
            "images": wrong_images,
            "labels": wrong_classes,
            "predictions": lambda given: optional(wrong_classes(given)),
            "class_names": wrong_texts(list, tuple) | only([], ()),
            "columns": wrong_whole("[1, inf)"),
            **WRONG,
        },
        draws_on,
        whole_ranges={"columns": "[1, inf)"},
        summed_up=frozenset({"images", "labels", "predictions", "class_names"}),
        share=0.25,
    ),
    Case(
        plotting.use_style,
        st.fixed_dictionaries({"ax": st.just(AX)}),
        {"ax": anything_but(Axes) | only(plt.Figure(), AX.patch)},
        draws_on,
    ),
]
