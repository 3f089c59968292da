"""Carry what a reader takes home: the package as a wheel, and all chapters as an archive.

Both are made when the site has been written, with fixed dates and in a fixed order: the same
checkout gives the same bytes. The checkout itself is only read.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from site_files import project_version, site_files, with_names

PACKAGE = ("LICENSE", "README.md", "pyproject.toml")  # and the folder companion
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
BUILD_SECONDS = 120
DATE = (1980, 1, 1, 0, 0, 0)  # the first one that an archive can hold
EPOCH = "315532800"  # the same in seconds
README = Path(__file__).with_name("chapters_readme.txt")


def build_wheel(root: Path, folder: Path) -> None:
    """Put the wheel of the package into a folder, built from a copy of what it is made of."""
    with tempfile.TemporaryDirectory() as copy:
        for name in PACKAGE:
            shutil.copy(root / name, copy)
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(root / "companion", Path(copy, "companion"), ignore=ignored)
        built = subprocess.run(  # noqa: S603 - this interpreter, on a copy of this checkout
            [sys.executable, "-c", BUILD, str(folder.resolve())],
            cwd=copy,
            env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
            capture_output=True,
            text=True,
            timeout=BUILD_SECONDS,
            check=False,
        )
    if built.returncode:
        raise ExtensionError(f"The wheel was not built. Mend pyproject.toml.\n{built.stderr}")


def chapter_files(root: Path, notebooks: Iterable[Path]) -> dict[str, bytes]:
    """Return the notebooks and the scripts beside them, by their path in the checkout."""
    chapters = list(notebooks)
    folders = {chapter.parent for chapter in chapters}
    scripts = [script for folder in folders for script in folder.glob("scripts/*.py")]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in [*chapters, *scripts]}


def files_to_run(root: Path, wheel: Path) -> dict[str, bytes]:
    """Return what an archive of chapters needs to be run: package, versions, instructions."""
    version = project_version(root)
    readme = with_names(README.read_text("utf-8"), site_files(version))
    return {
        "README.txt": readme.replace("|version|", version).encode(),
        "LICENSE": (root / "LICENSE").read_bytes(),
        "constraints.txt": (root / "requirements.txt").read_bytes(),
        wheel.name: wheel.read_bytes(),
    }


def write_archive(target: Path, contents: Mapping[str, bytes]) -> None:
    """Write a zip file whose one folder is named like it; its bytes depend on the contents only."""
    with ZipFile(target, "w") as archive:
        for name in sorted(contents):
            entry = ZipInfo(str(PurePosixPath(target.stem, name)), DATE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, contents[name], ZIP_DEFLATED)


def add_downloads(app: Sphinx, exception: Exception | None) -> None:
    """Put wheel and archive into the finished site."""
    if app.builder.name != "html" or exception is not None:
        return
    root = Path(app.srcdir)
    wheel, chapters = (
        Path(app.outdir, site_files(project_version(root))[key]) for key in ("wheel", "chapters")
    )
    shutil.rmtree(wheel.parent, ignore_errors=True)  # another version's files
    wheel.parent.mkdir()
    build_wheel(root, wheel.parent)
    pages = [Path(app.env.doc2path(name)) for name in app.config.external_site_map]
    notebooks = [page for page in pages if page.suffix == ".ipynb"]
    contents = chapter_files(root, notebooks) | files_to_run(root, wheel)
    write_archive(chapters, contents)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the event."""
    app.connect("build-finished", add_downloads)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
