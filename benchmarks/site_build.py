"""Time a cold build of the site, in a folder of its own. It must stay under 60 s."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from table import row


def main() -> None:
    """Build once from nothing and print the time."""
    with tempfile.TemporaryDirectory() as output:
        program = str(Path(sys.executable).with_name("jupyter-book"))
        command = [program, "build", ".", "--quiet", "--path-output", output]
        start = time.perf_counter()
        built = subprocess.run(command, capture_output=True, check=False)
        if built.returncode or not Path(output, "_build/html/index.html").exists():
            sys.exit("The site does not build. Run make book to see why.")
        row("site, cold build", f"{time.perf_counter() - start:.1f} s", "target 60 s")


if __name__ == "__main__":
    main()
