"""The files that the site carries beside its pages: their names, and links to them.

{site-file}`chapters` links the archive of the chapters, `wheel` the package, `print` the whole book
on one page. In a `{site-shell}` block |wheel| and |chapters| stand for the names of these files. So
no page spells a version, and none can name an old one.
"""

import tomllib
from pathlib import Path, PurePosixPath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole, SphinxDirective

logger = logging.getLogger(__name__)


def site_files(version: str) -> dict[str, str]:
    """Return the path in the site of every file that a page can name."""
    return {
        "wheel": f"downloads/train_to_generalize-{version}-py3-none-any.whl",
        "chapters": f"downloads/train-to-generalize-{version}-chapters.zip",
        "print": "print.html",
    }


def project_version(root: Path) -> str:
    """Return the version that pyproject.toml gives."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def with_names(text: str, files: dict[str, str]) -> str:
    """Return a text with every |wheel| and |chapters| replaced by the file's name.

    Example:
        >>> with_names("unzip |chapters|", {"chapters": "downloads/all.zip"})
        'unzip all.zip'
    """
    for key, path in files.items():
        text = text.replace(f"|{key}|", PurePosixPath(path).name)
    return text


class SiteFileRole(ReferenceRole):
    """{site-file}`wheel` or {site-file}`the package <wheel>`: a link to a file of the site."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link, from wherever the page stands."""
        files = site_files(project_version(Path(self.env.srcdir)))
        if self.target not in files:
            known = ", ".join(files)
            place = self.get_location()
            logger.warning("no file of the site is %r; use %s", self.target, known, location=place)
            return [], []
        path = files[self.target]
        label = self.title if self.has_explicit_title else PurePosixPath(path).name
        uri = "../" * self.env.docname.count("/") + path
        return [nodes.reference("", label, refuri=uri, internal=True)], []


class SiteShell(SphinxDirective):
    """`{site-shell}`: commands for a shell, with the names of the site's files filled in."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the commands as a block of code."""
        files = site_files(project_version(Path(self.env.srcdir)))
        text = with_names("\n".join(self.content), files)
        return [nodes.literal_block(text, text, language="bash")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the role and the directive."""
    app.add_role("site-file", SiteFileRole())
    app.add_directive("site-shell", SiteShell)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
