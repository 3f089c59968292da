"""Say below each chapter's title how long it runs and what its outputs were made from.

`tools/execute.py` notes these facts in the notebook's metadata `companion` when it executes it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

NAMES = {
    "python": "Python",
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "numpy": "NumPy",
    "companion": "companion",
}
DATA_NAMES = {"cifar-10": "CIFAR-10", "imdb": "IMDb"}
SHORT = 8


def describe(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the facts of a chapter as short texts, each by its name."""
    cores = f"{facts['cores']} core" + "s" * (facts["cores"] != 1)
    return {
        "Running time": f"{facts['seconds']} s on {cores}",
        "Data": ", ".join(map(describe_data, facts["data"])) or "none is loaded",
        "Versions": ", ".join(f"{NAMES[name]} {facts['versions'][name]}" for name in NAMES),
    }


def describe_data(found: Mapping[str, str]) -> str:
    """Return name and fingerprint of a data set."""
    source = found["source"]
    return f"{DATA_NAMES.get(source, source)}, fingerprint {found['fingerprint'][:SHORT]}"


def show_facts(app: Sphinx, doctree: nodes.document) -> None:
    """Insert a chapter's facts after its title."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    facts = json.loads(path.read_text(encoding="utf-8"))["metadata"].get("companion")
    if facts is None:
        return
    title = next(iter(doctree.findall(nodes.title)))
    title.parent.insert(title.parent.index(title) + 1, _field_list(describe(facts)))


def _field_list(facts: Mapping[str, str]) -> nodes.field_list:
    fields = [
        nodes.field(
            "", nodes.field_name(text=name), nodes.field_body("", nodes.paragraph(text=text))
        )
        for name, text in facts.items()
    ]
    return nodes.field_list("", *fields, classes=["facts", "chapter-facts"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the insertion."""
    app.connect("doctree-read", show_facts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
