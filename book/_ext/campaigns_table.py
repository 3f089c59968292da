"""Show the figures of campaigns: `{campaigns-table} NAME ...` reads what each has left.

A campaign keeps its figures, its date and its machine in `campaigns/results/NAME.json`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from chapter_facts import NAMES

RESULTS = Path("campaigns", "results")


def figure_text(value: float | str) -> str:
    """Return a figure as readers write it: thousands apart, a measured number with four digits."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else value


class CampaignsTable(SphinxDirective):
    """`{campaigns-table} NAME ...`: a section each, with what it promises and what it counted."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        sections = []
        for name in self.arguments[0].split():
            path = Path(self.env.srcdir, RESULTS, f"{name}.json")
            self.env.note_dependency(str(path))
            sections.append(_section(json.loads(path.read_text(encoding="utf-8"))))
        return sections


def _section(content: Mapping[str, Any]) -> nodes.section:
    name = content["name"]
    title = nodes.title(text=name.replace("_", " ").capitalize())
    promise = nodes.paragraph(text=content["promise"])
    totals, details = split(content["figures"])
    parts = [promise, _facts(_figures(totals), "figures"), _facts(_circumstances(content))]
    if details:
        parts.append(_folded(_facts(_figures(details), "figures")))
    return nodes.section("", title, *parts, ids=[f"campaign-{name}"])


def split(figures: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the totals, and what is counted by kind: figures named like "layout: folder"."""
    details = {what: value for what, value in figures.items() if ": " in what}
    return {what: value for what, value in figures.items() if what not in details}, details


def _figures(figures: Mapping[str, Any]) -> list[nodes.field]:
    return [_field(what, nodes.paragraph(text=figure_text(v))) for what, v in figures.items()]


def _circumstances(content: Mapping[str, Any]) -> list[nodes.field]:
    versions = ", ".join(f"{NAMES[name]} {each}" for name, each in content["versions"].items())
    return [
        _field("Command", nodes.paragraph("", "", nodes.literal(text=content["command"]))),
        _field("Date", nodes.paragraph(text=content["date"])),
        _field("Machine", nodes.paragraph(text=f"{content['hardware']}; {versions}")),
    ]


def _facts(fields: list[nodes.field], *classes: str) -> nodes.field_list:
    return nodes.field_list("", *fields, classes=["facts", *classes])


def _folded(content: nodes.Node) -> nodes.admonition:
    title = nodes.title(text="In detail")
    return nodes.admonition("", title, content, classes=["dropdown"])


def _field(name: str, body: nodes.paragraph) -> nodes.field:
    return nodes.field("", nodes.field_name(text=name), nodes.field_body("", body))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("campaigns-table", CampaignsTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
