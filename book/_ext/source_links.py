"""Link every function whose source a chapter shows to its entry on the API page, and back.

`show_source` leaves the address of what it displays, `module:name`, in the output's metadata
`companion_source`. Below each such output stands a link to the entry; the `Book:` label of the
entry leads to that place (see `api_pages`).
"""

import importlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

PACKAGE = "companion"


@dataclass(frozen=True)
class Shown:
    """A source that a chapter displays."""

    address: str
    text: str
    docname: str

    @property
    def entry(self) -> str:
        """Name of the entry on the API page that documents it, such as `companion.claim`."""
        return api_entry(self.address)

    @property
    def is_public(self) -> bool:
        """Whether it has an entry of its own, and not only its module."""
        name = self.address.partition(":")[2].partition(".")[0]
        return self.entry.rpartition(".")[2] == name

    @property
    def label(self) -> str:
        """Label and anchor of the place in the chapter; Sphinx looks labels up in lowercase."""
        parts = [*self.docname.split("/")[1:], *self.entry.split(".")]
        return "-".join(["source", *parts]).lower()


def api_entry(address: str) -> str:
    """Return the public name that documents `module:name`, or the module that a private one is in.

    A function is documented where it is public, which is above the module that defines it.
    """
    module, _, name = address.partition(":")
    parts = module.split(".")
    first = name.partition(".")[0]
    for depth in range(1, len(parts) + 1):
        parent = ".".join(parts[:depth])
        if first in getattr(importlib.import_module(parent), "__all__", ()):
            return f"{parent}.{first}"
    return ".".join(parts[:2])


def read_shown(notebook: Mapping[str, Any], docname: str) -> Iterator[Shown]:
    """Yield the package's sources that a notebook's committed outputs show, in reading order."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            address = output.get("metadata", {}).get("companion_source", "")
            if address.startswith(PACKAGE):
                yield Shown(address, "".join(output["data"]["text/plain"]), docname)


def collect(app: Sphinx, env: BuildEnvironment, _docnames: list[str]) -> None:
    """Read from the notebooks which sources they show, before any page is read."""
    env.shown_sources = {}
    for docname in app.config.external_site_map:
        path = Path(env.doc2path(docname))
        if docname in env.found_docs and path.suffix == ".ipynb":
            notebook = json.loads(path.read_text(encoding="utf-8"))
            env.shown_sources[docname] = list(read_shown(notebook, docname))


def link_outputs(app: Sphinx, doctree: nodes.document) -> None:
    """Put below each displayed source a link to its entry, and make the place a target."""
    env = app.env
    domain = env.get_domain("std")
    for shown in env.shown_sources.get(env.docname, []):
        output = _find(doctree, shown.text)
        # A private function has no entry of its own to come back from, and an entry that is shown
        # twice leads to the first place.
        if shown.is_public and shown.label not in domain.labels:
            output["ids"].append(shown.label)
            domain.labels[shown.label] = (shown.docname, shown.label, _title(doctree))
            domain.anonlabels[shown.label] = (shown.docname, shown.label)
        output.parent.insert(output.parent.index(output) + 1, _link(shown))


def _find(doctree: nodes.document, text: str) -> nodes.Element:
    """Return the output that shows `text`, with all its formats."""
    for block in doctree.findall(nodes.literal_block):
        bundle = block.parent.parent
        if bundle.get("nb_element") == "mime_bundle" and block.astext().rstrip() == text.rstrip():
            return bundle
    raise LookupError(f"No output shows the source that begins {text[:60]!r}. Execute it again.")


def _title(doctree: nodes.document) -> str:
    return next(iter(doctree.findall(nodes.title))).astext()


def _link(shown: Shown) -> nodes.paragraph:
    target = pending_xref(
        "",
        nodes.literal(text=shown.entry),
        refdomain="py",
        reftype="obj",
        reftarget=shown.entry,
        refexplicit=True,
        refwarn=True,
        refdoc=shown.docname,
    )
    return nodes.paragraph("", "View source: ", target, classes=["source-link"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the collection before reading and the links of each page."""
    app.connect("env-before-read-docs", collect)
    app.connect("doctree-read", link_outputs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
