"""Time `import companion` in fresh interpreters. It must stay under 60 ms."""

import subprocess
import sys
from statistics import median

from table import row

REPEATS = 11
TIMED_IMPORT = """
import time
start = time.perf_counter()
import companion
print(time.perf_counter() - start)
"""


def main() -> None:
    """Print the median over fresh interpreters; the first warms the file cache and is left out."""
    seconds = [_once() for _ in range(REPEATS + 1)][1:]
    spread = f"{min(seconds) * 1000:.0f}-{max(seconds) * 1000:.0f} ms, {REPEATS} interpreters"
    row("import companion", f"{median(seconds) * 1000:.0f} ms", f"target 60 ms; {spread}")


def _once() -> float:
    command = [sys.executable, "-c", TIMED_IMPORT]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    main()
