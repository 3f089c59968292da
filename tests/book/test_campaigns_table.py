"""The figures of the campaigns as the records page shows them."""

import pytest
from campaigns_table import figure_text, split


@pytest.mark.parametrize(
    ("value", "text"),
    [(1000, "1,000"), (3, "3"), (0.123456, "0.1235"), (12.0, "12"), ("none", "none")],
)
def test_figures_are_written_as_readers_write_them(value, text):
    assert figure_text(value) == text


def test_what_is_counted_by_kind_is_told_from_the_totals():
    totals, details = split({"kills": 200, "moment: during a write": 62, "moment: before": 54})
    assert totals == {"kills": 200}
    assert details == {"moment: during a write": 62, "moment: before": 54}
