"""Document the package from its docstrings, and link them to the chapters they belong to.

`{api-module} companion.models` shows the module's docstring, a table of its public names and an
entry for each of them: what stands in `__all__`, so that the page cannot miss a name.
"""

import importlib
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from itertools import chain
from types import MappingProxyType, ModuleType

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

BOOK_LABEL = re.compile(r"\bBook: (?P<pages>[a-z_0-9]+/[a-z_0-9]+(?:, [a-z_0-9]+/[a-z_0-9]+)*)")
DISPLAY_MATH = re.compile(r"( *)\$\$(.+)\$\$")
INLINE_MATH = re.compile(r"\$([^$]+)\$")


def link_chapters(line: str, places: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return a docstring's line with every page of a `Book:` label as a link.

    `places` has the labels of the places that show the object's source, by page; where there is
    one, the link leads there.
    """

    def link(page: str) -> str:
        return f":ref:`{places[page]}`" if page in places else f":doc:`/book/{page}`"

    def with_links(match: re.Match[str]) -> str:
        return "Book: " + ", ".join(map(link, match["pages"].split(", ")))

    return BOOK_LABEL.sub(with_links, line)


def module_rst(module: ModuleType) -> Iterator[str]:
    """Yield the reStructuredText that documents a module: docstring, table of names, entries."""
    members = {name: getattr(module, name) for name in module.__all__ if not name.startswith("_")}
    yield from (f".. automodule:: {module.__name__}", "")
    yield from (".. autosummary::", "   :nosignatures:", "")
    yield from (f"   {name}" for name, member in members.items() if callable(member))
    for name, member in members.items():
        yield from ("", *member_rst(f"{module.__name__}.{name}", member))


def member_rst(name: str, member: object) -> Iterator[str]:
    """Yield the reStructuredText that documents one public name."""
    if inspect.isclass(member):
        kind = "autoexception" if issubclass(member, BaseException) else "autoclass"
        yield from (f".. {kind}:: {name}", "   :members:")
        if hasattr(member, "_fields"):  # a named tuple's docstring describes its fields already
            yield f"   :exclude-members: {', '.join(member._fields)}"
    elif callable(member):
        yield f".. autofunction:: {name}"
    else:  # autodoc would show the docstring of the constant's type
        values = member if isinstance(member, Mapping) else [repr(member)]
        content = f"A {type(member).__name__}: {', '.join(f'``{value}``' for value in values)}."
        yield from (f".. py:data:: {name}", "", f"   {content}")


class ApiModule(SphinxDirective):
    """`{api-module} NAME`: everything public in a module."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the module's documentation."""
        module = importlib.import_module(self.arguments[0])
        return self.parse_text_to_nodes("\n".join(["```{eval-rst}", *module_rst(module), "```"]))


def link_docstring(
    app: Sphinx, _what: str, name: str, _obj: object, _options: object, lines: list[str]
) -> None:
    """Link the `Book:` labels of a docstring and set its formulas, in place as autodoc wants it."""
    shown = chain.from_iterable(app.env.shown_sources.values())
    places = {s.docname.removeprefix("book/"): s.label for s in shown if s.entry == name}
    lines[:] = [piece for line in lines for piece in set_formulas(link_chapters(line, places))]


def set_formulas(line: str) -> list[str]:
    """Return a line with its `$$...$$` and `$...$`, as notebooks write them, in Sphinx' way."""
    if display := DISPLAY_MATH.fullmatch(line):
        indent, formula = display.groups()
        return ["", f"{indent}.. math:: {formula}", ""]
    return [INLINE_MATH.sub(r":math:`\1`", line)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive; let it import the package of this checkout, without messages."""
    sys.path.insert(0, str(app.srcdir))
    from companion import quiet_tensorflow

    quiet_tensorflow()
    app.add_directive("api-module", ApiModule)
    app.connect("autodoc-process-docstring", link_docstring)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
