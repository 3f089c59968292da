"""What the API page shows of a module, and how docstrings link to chapters."""

from collections import namedtuple
from types import ModuleType

import pytest
from api_pages import link_chapters, module_rst, set_formulas


@pytest.mark.parametrize(
    ("line", "linked"),
    [
        ("Book: start/baseline.", "Book: :doc:`/book/start/baseline`."),
        (
            "Student (1908). Book: start/baseline, start/overfitting",
            "Student (1908). Book: :doc:`/book/start/baseline`, :doc:`/book/start/overfitting`",
        ),
        ("A Book: that is none", "A Book: that is none"),
    ],
)
def test_book_labels_become_links(line, linked):
    assert link_chapters(line) == linked


def test_book_labels_lead_to_where_the_source_is_shown():
    linked = link_chapters("Book: start/baseline, start/overfitting.", {"start/baseline": "here"})
    assert linked == "Book: :ref:`here`, :doc:`/book/start/overfitting`."


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("  $$a^2 = b$$", ["", "  .. math:: a^2 = b", ""]),
        ("the symbol $k$, at least $1$", ["the symbol :math:`k`, at least :math:`1`"]),
        ("costs 5 $ in all", ["costs 5 $ in all"]),
    ],
)
def test_formulas_are_set(line, lines):
    assert set_formulas(line) == lines


def test_a_module_is_documented_by_its_public_names():
    module = ModuleType("toy")

    def train():
        """Train."""

    module.__dict__.update(
        __all__=["Model", "ToyError", "STUDIES", "train", "__version__"],
        Model=type("Model", (), {}),
        ToyError=type("ToyError", (ValueError,), {}),
        STUDIES={"a": 1, "b": 2},
        train=train,
        hidden=train,
    )
    text = "\n".join(module_rst(module))
    assert text.startswith(".. automodule:: toy\n")
    assert "   Model\n   ToyError\n   train\n" in text
    assert ".. autoclass:: toy.Model\n   :members:" in text
    assert ".. autoexception:: toy.ToyError\n   :members:" in text
    assert ".. autofunction:: toy.train" in text
    assert ".. py:data:: toy.STUDIES\n\n   A dict: ``a``, ``b``." in text
    assert "hidden" not in text
    assert "__version__" not in text


def test_fields_of_a_named_tuple_are_not_listed_twice():
    module = ModuleType("toy")
    module.__dict__.update(__all__=["State"], State=namedtuple("State", ["step", "slots"]))
    assert "   :members:\n   :exclude-members: step, slots" in "\n".join(module_rst(module))
