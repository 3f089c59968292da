"""How often a public callable was really called with drawn arguments, for the campaign."""

import json
import os
from collections import Counter
from pathlib import Path

FOLDER = "ARGUMENT_COUNTS"  # environment variable: where each test process leaves its counts
counts: Counter[str] = Counter()


def keep_counts() -> None:
    """Write the counts of this process into the folder, if one is named."""
    folder = os.environ.get(FOLDER)
    if folder and counts:
        Path(folder, f"{os.getpid()}.json").write_text(json.dumps(counts))
