"""The figures of a campaign: printed, and kept with date and machine for the book to show."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from companion._atomic import write_text
from companion.experiments.provenance import describe_machine

RESULTS_DIR = Path(__file__).parent / "results"
Figures = Mapping[str, int | float | str]


def keep(name: str, promise: str, command: str, figures: Figures) -> Path:
    """Print the figures of a campaign that held and write them to its file in one step.

    Args:
        name: Name of the campaign, that of its module.
        promise: What the campaign shows to hold, in one sentence.
        command: The command that prints these figures.
        figures: What was counted or measured, by a name that a reader understands.

    Returns:
        Path of the file.
    """
    machine = describe_machine()
    content = {
        "name": name,
        "promise": promise,
        "command": command,
        "figures": dict(figures),
        "date": datetime.now(UTC).date().isoformat(),
        "hardware": machine["hardware"],
        "versions": machine["versions"],
    }
    for what, value in figures.items():
        print(f"{what:<56} {value}")
    path = RESULTS_DIR / f"{name}.json"
    write_text(path, json.dumps(content, indent=1) + "\n")
    return path
