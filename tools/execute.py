"""Execute a chapter in place and note in its metadata how long it ran, on what, and on which data.

Usage: python tools/execute.py CHAPTER.ipynb

The chapter's page shows these facts. A chapter that fails is left as it was.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from companion._atomic import write_text

SECONDS_A_CELL = 600
# Runs after the chapter's own cells, in the same kernel, and is not kept.
PROBE = """
import json
from companion.experiments.provenance import describe_machine
named = list(globals().values())
loaded = [value for value in named if hasattr(value, "source") and hasattr(value, "fingerprint")]
data = sorted({(value.source, value.fingerprint) for value in loaded})
print(json.dumps({"data": data, **describe_machine()}))
"""


def execute(chapter: Path) -> None:
    """Execute the chapter and replace it, with its outputs and facts, in one step."""
    notebook = nbformat.read(chapter, as_version=4)
    count = len(notebook.cells)
    notebook.cells.append(nbformat.v4.new_code_cell(PROBE))
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(chapter.parent)}},
    )
    with client.setup_kernel():
        start = time.perf_counter()
        for index, cell in enumerate(notebook.cells[:count]):
            client.execute_cell(cell, index)
        seconds = time.perf_counter() - start
        client.execute_cell(notebook.cells[count], count)
    probed = json.loads(notebook.cells.pop().outputs[0].text)
    notebook.metadata["companion"] = facts(probed, seconds)
    write_text(chapter, nbformat.writes(notebook) + "\n")


def facts(probed: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Return what the page shows: whole seconds, cores, data sets by fingerprint, versions."""
    return {
        "seconds": round(seconds),
        "cores": os.cpu_count(),
        "data": [{"source": source, "fingerprint": mark} for source, mark in probed["data"]],
        "versions": probed["versions"],
    }


if __name__ == "__main__":
    try:
        execute(Path(sys.argv[1]))
    except CellExecutionError as error:
        sys.exit(str(error))
