"""Whether anybody is looking: progress is shown in a terminal or a notebook, never in CI."""

import os
import sys


def is_interactive() -> bool:
    """Return True where a progress bar can be seen.

    That is a terminal or a live notebook, unless `CI` or `TQDM_DISABLE` is set (which is how
    chapters are executed for the site and for tests).
    """
    if os.environ.get("CI") or os.environ.get("TQDM_DISABLE"):
        return False
    return sys.stderr.isatty() or "ipykernel" in sys.modules
