"""A table is a tuple of conversions that a notebook shows as Markdown."""

from companion.conversion import Conversion, ConversionTable

TABLE = ConversionTable(
    [Conversion("keras(1)", "torch(1)", "optax(1)", "rounds."), Conversion("k", "t", "o", "", "x.")]
)


def test_markdown_has_three_rows_for_each():
    assert TABLE._repr_markdown_().splitlines() == [
        "| framework | the same run | what differs |",
        "| --- | --- | --- |",
        "| Keras | `keras(1)` |  |",
        "| PyTorch | `torch(1)` | rounds. |",
        "| Optax | `optax(1)` | nothing |",
        "| Keras | `k` |  |",
        "| PyTorch | `t` | nothing |",
        "| Optax | `o` | x. |",
    ]


def test_text_has_what_differs_below_the_code():
    assert repr(TABLE).splitlines()[1:4] == [
        "PyTorch  torch(1)",
        "         differs: rounds.",
        "Optax    optax(1)",
    ]


def test_it_is_a_tuple():
    assert len(TABLE) == 2
    assert TABLE[1].optax_warning == "x."
