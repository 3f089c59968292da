"""The page "Use it in your own notebook", as its readers meet it: in an empty environment."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

PAGE = "book/reference/your_notebook.md"
CODE = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
CHAPTER = "book/start/baseline.ipynb"  # the quickest
WHERE = "import companion\nprint(companion.__file__)"
LIMIT = 400  # seconds, for the slowest step on a busy machine
OF_THE_CHECKOUT = {"PYTHONPATH", "VIRTUAL_ENV", "JUPYTER_PATH", "PYTEST_ADDOPTS"}
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}
NO_NETWORK = re.compile(r"error sending request|dns error|timed out|client error \(Connect\)", re.I)


@dataclass(frozen=True)
class Environment:
    """The unpacked archive of chapters with a fresh `.venv`, as its README.txt sets it up."""

    folder: Path

    def run(self, program, *arguments, cwd=None, **settings):
        """Run a program of the environment as if there were no checkout; return what it prints."""
        inherited = {k: v for k, v in os.environ.items() if k not in OF_THE_CHECKOUT}
        done = subprocess.run(
            [self.folder / ".venv/bin" / program, *arguments],
            cwd=cwd or self.folder,
            env={**inherited, "CI": "1", "TF_CPP_MIN_LOG_LEVEL": "3", **settings},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def environment(site, tmp_path_factory):
    parent = tmp_path_factory.mktemp("empty")
    (archive,) = site.glob("downloads/*.zip")
    with ZipFile(archive) as chapters:
        chapters.extractall(parent)
    folder = parent / archive.stem
    (wheel,) = folder.glob("*.whl")
    uv(folder, "venv", "--python", sys.executable, ".venv")
    target = ["--python", ".venv/bin/python", "--constraint", "constraints.txt"]
    uv(folder, "pip", "install", *target, f"./{wheel.name}[notebook]")
    yield Environment(folder)
    shutil.rmtree(parent)  # gigabytes


def uv(folder, *arguments):
    """Run uv with pip's settings; where the registry is out of reach, skip, or with CI set fail."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    )
    done = subprocess.run(
        [sys.executable, "-m", "uv", *arguments],
        cwd=folder,
        env={**uv_settings(listed.stdout), **os.environ},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    if done.returncode and NO_NETWORK.search(done.stderr) and not os.environ.get("CI"):
        pytest.skip(f"The package index is out of reach:\n{done.stderr}")
    assert done.returncode == 0, done.stderr


def uv_settings(listed):
    """Return pip's settings (`pip config list`, most specific first) as variables that uv reads."""
    found = {"UV_INDEX_STRATEGY": "unsafe-best-match"}  # all indexes are equal, as for pip
    for option, value in re.findall(r"^[\w:]+\.([\w-]+)=('.*')$", listed, re.MULTILINE):
        separator = "," if option == "find-links" else " "
        if option in PIP_TO_UV:
            words = separator.join(ast.literal_eval(value).split())
            found.setdefault(PIP_TO_UV[option], words)
    return found


def code_of(root):
    blocks = CODE.findall((root / PAGE).read_text("utf-8"))
    assert len(blocks) > 10
    return blocks


def test_pips_settings_reach_uv():
    listed = (
        ":env:.find-links='/wheels'\n:env:.timeout='9'\n"
        "global.extra-index-url='\\nfile:///a\\nfile:///b'\nglobal.find-links='/others'\n"
    )
    assert uv_settings(listed) == {
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": "/wheels",
        "UV_INDEX": "file:///a file:///b",
    }


def test_page_names_everything_that_is_installed(root):
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    page = (root / PAGE).read_text("utf-8")
    needed = {Requirement(line).name for line in project["dependencies"]}
    assert {name for name in needed if f"`{name}`" not in page} == set()


def test_cells_of_the_example_are_short(root):
    assert max(len(block.splitlines()) for block in code_of(root)) <= 25


def test_example_runs_with_the_wheel_alone(environment, root):
    """The last lines say what the example found: an empty run would not."""
    script = "\n".join([*code_of(root), WHERE])
    (environment.folder / "example.py").write_text(script, "utf-8")
    *printed, where = environment.run("python", "example.py", MPLBACKEND="Agg").splitlines()
    assert Path(where).is_relative_to(environment.folder / ".venv")
    assert any(line.startswith("✓ Dropout narrows the gap") for line in printed)
    assert re.fullmatch(r"test accuracy: .+ n=350", printed[-1])


def test_chapter_from_the_archive_executes(environment):
    path = environment.folder / CHAPTER
    notebook = json.loads(path.read_text("utf-8"))
    cell = {"cell_type": "code", "execution_count": None, "id": "where", "metadata": {}}
    notebook["cells"].append({**cell, "outputs": [], "source": WHERE})
    path.write_text(json.dumps(notebook), "utf-8")
    environment.run("jupyter", "execute", "--inplace", f"--timeout={LIMIT}", CHAPTER)
    executed = json.loads(path.read_text("utf-8"))["cells"]
    outputs = [output for each in executed for output in each.get("outputs", [])]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    where = "".join(outputs[-1]["text"]).strip()
    assert Path(where).is_relative_to(environment.folder / ".venv")
