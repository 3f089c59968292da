"""Serve MathJax from the site itself, so that formulas show with the network off.

The package sphinx-mathjax-offline carries the files. It is used as a file store only: as an
extension it copies them at the end of the build, so that pages of a first build link other
addresses than pages of a second one, and it copies ten times as much as the pages load.
"""

import importlib.util
import shutil
from pathlib import Path

from sphinx.application import Sphinx

PARTS = ("tex-chtml.js", "output/chtml/fonts/woff-v2", "input/tex/extensions")


def copy_mathjax(source: Path, target: Path) -> None:
    """Copy the parts of MathJax that the pages load."""
    for part in PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, dirs_exist_ok=True)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / part, target / part)


def mathjax_source() -> Path:
    """Return the folder of the installed package that holds MathJax."""
    spec = importlib.util.find_spec("sphinx-mathjax-offline")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            "sphinx-mathjax-offline is not installed. Try pip install -r requirements.txt."
        )
    return Path(spec.origin).parent / "static" / "mathjax"


def add_mathjax(app: Sphinx) -> None:
    """Copy MathJax into the site before any page is written."""
    if app.builder.format == "html":
        copy_mathjax(mathjax_source(), Path(app.outdir, "_static", "mathjax"))


def setup(app: Sphinx) -> dict[str, bool]:
    """Copy before the build, where Sphinx takes the checksums that go into the links."""
    app.connect("builder-inited", add_mathjax)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
