"""Describe every published record: what was run, on which data and machine, and for how long.

The directive `{records-table}` reads the JSON files themselves, so it shows what the package ships,
whatever code stands beside it. Every record is a target for {ref}`record-NAME`.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from chapter_facts import describe_data

RECORDS = Path("companion", "experiments", "records")
SHORT = 12
MINUTE, HOUR = 60, 3600


def describe(content: Mapping[str, Any], sha256: str) -> dict[str, list[str]]:
    """Return the facts about a record by name, each with one or more lines of text."""
    runs = content["runs"]
    arms = {run["arm"]: content["arms"][run["arm"]] for run in runs}  # in the order of the study
    provenance = [run["provenance"] for run in runs]
    data = content["data"]
    versions = [", ".join(f"{k} {v}" for k, v in each["versions"].items()) for each in provenance]
    started = sorted(each["started"][:10] for each in provenance)
    return {
        "Arms": list(arm_lines(arms)),
        "In all arms": [settings(shared(arms))],
        "Runs": [f"{len(runs)}, with seeds {', '.join(map(str, content['seeds']))}"],
        "Values of a metric": distinct(
            str(len(values)) for run in runs for values in run["history"].values()
        ),  # epochs, folds or trials
        "Data": [describe_data(data)],
        "Machine": distinct(each["hardware"] for each in provenance),
        "Threads": distinct(str(each["threads"]) for each in provenance),
        "Versions": distinct(versions),
        "Machine time": [duration(sum(each["seconds"] for each in provenance))],
        "Made": [" to ".join(distinct([started[0], started[-1]]))],
        "File": [f"SHA-256 {sha256[:SHORT]}"],
    }


def arm_lines(arms: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line an arm: its name, and the settings that not all arms share."""
    common = shared(arms)
    for name, config in arms.items():
        own = settings({key: value for key, value in flat(config).items() if key not in common})
        yield f"{name}: {own}" if own else name


def shared(arms: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the settings that are the same in all arms."""
    each = [flat(config) for config in arms.values()]
    first = each[0] if each else {}
    return {key: value for key, value in first.items() if all(c.get(key) == value for c in each)}


def flat(config: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return a nested configuration as one mapping of dotted names to text."""
    found: dict[str, str] = {}
    for key, value in config.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = str(value)
    return found


def settings(config: Mapping[str, str]) -> str:
    """Return a flat configuration as one line."""
    return ", ".join(f"{key} = {value}" for key, value in config.items())


def distinct(texts: Iterable[str]) -> list[str]:
    """Return the texts without repetitions, in order."""
    return list(dict.fromkeys(texts))


def duration(seconds: float) -> str:
    """Return a time in the unit that suits its size."""
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.1f} h"


class RecordsTable(SphinxDirective):
    """`{records-table}`: a section for every record that the package ships."""

    def run(self) -> list[nodes.Node]:
        """Return the sections, by name of the record."""
        self.env.note_reread()  # a record may be added or replaced at any time
        files = sorted(Path(self.env.srcdir, RECORDS).glob("*.json"))
        sections = [_section(file.read_bytes()) for file in files]
        for section in sections:
            self.state.document.note_explicit_target(section)
        return sections


def _section(raw: bytes) -> nodes.section:
    content = json.loads(raw)
    facts = describe(content, hashlib.sha256(raw).hexdigest())
    fields = [_field(name, lines) for name, lines in facts.items() if any(lines)]
    return nodes.section(
        "",
        nodes.title(text=content["name"]),
        nodes.paragraph(text=content["question"]),
        nodes.field_list("", *fields, classes=["facts"]),
        ids=[f"record-{content['name']}"],
        names=[f"record-{content['name']}"],
    )


def _field(name: str, lines: list[str]) -> nodes.field:
    paragraphs = [nodes.paragraph(text=line) for line in lines]
    return nodes.field("", nodes.field_name(text=name), nodes.field_body("", *paragraphs))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("records-table", RecordsTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
