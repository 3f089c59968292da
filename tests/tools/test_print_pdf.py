"""tools/print_pdf.py without a browser; what it prints is tested with the site."""

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools/print_pdf.py"


def test_without_a_browser_it_says_so_and_writes_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, TOOL, "page.html", "book.pdf"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.startswith("There is no browser: none of chromium")
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []
