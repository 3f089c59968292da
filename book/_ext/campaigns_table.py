"""Show the figures of the fault campaigns: `{campaigns-table}` reads what each has left.

A campaign keeps its figures, its date and its machine in `campaigns/results/NAME.json`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

RESULTS = Path("campaigns", "results")


def figure_text(value: float | str) -> str:
    """Return a figure as readers write it: thousands apart, a measured number with four digits."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else value


class CampaignsTable(SphinxDirective):
    """`{campaigns-table}`: a section a campaign, with what it promises and what it counted."""

    def run(self) -> list[nodes.Node]:
        """Return the sections, in the order of their names."""
        sections = []
        for path in sorted((Path(self.env.srcdir) / RESULTS).glob("*.json")):
            self.env.note_dependency(str(path))
            sections.append(_section(json.loads(path.read_text(encoding="utf-8"))))
        return sections


def _section(content: Mapping[str, Any]) -> nodes.section:
    name = content["name"]
    title = nodes.title(text=name.replace("_", " ").capitalize())
    promise = nodes.paragraph(text=content["promise"])
    return nodes.section("", title, promise, _facts(content), ids=[f"campaign-{name}"])


def _facts(content: Mapping[str, Any]) -> nodes.field_list:
    versions = ", ".join(f"{name} {version}" for name, version in content["versions"].items())
    machine = f"{content['hardware']}; {versions}"
    command = nodes.paragraph("", "", nodes.literal(text=content["command"]))
    fields = [
        *(
            _field(what, nodes.paragraph(text=figure_text(v)))
            for what, v in content["figures"].items()
        ),
        _field("Command", command),
        _field("Date", nodes.paragraph(text=content["date"])),
        _field("Machine", nodes.paragraph(text=machine)),
    ]
    return nodes.field_list("", *fields, classes=["facts", "figures"])


def _field(name: str, body: nodes.paragraph) -> nodes.field:
    return nodes.field("", nodes.field_name(text=name), nodes.field_body("", body))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("campaigns-table", CampaignsTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
