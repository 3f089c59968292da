"""Time every chapter given on the command line. 35 s on 2 cores is usual, 90 s the limit."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from table import row


def main(chapters: list[str]) -> None:
    """Execute copies of the chapters one after another and print each one's time."""
    for chapter in chapters:
        row(chapter, f"{_execute(chapter):.1f} s", "usual 35 s, limit 90 s")


def _execute(chapter: str) -> float:
    with tempfile.TemporaryDirectory() as output:
        command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", chapter]
        start = time.perf_counter()
        executed = subprocess.run(
            [*command, "--output-dir", output],
            env=os.environ | {"TQDM_DISABLE": "1", "TF_CPP_MIN_LOG_LEVEL": "3"},
            capture_output=True,
            check=False,
        )
        if executed.returncode or not Path(output, Path(chapter).name).exists():
            sys.exit(f"{chapter} fails. Run make execute CHAPTER={chapter} to see why.")
        return time.perf_counter() - start


if __name__ == "__main__":
    main(sys.argv[1:])
