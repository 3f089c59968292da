"""What the site carries for readers to take home: the package's wheel, and the chapters."""

import ast
import subprocess
from pathlib import PurePosixPath
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
import yaml
from downloads import add_downloads, build_wheel, write_archive
from sphinx.errors import ExtensionError

import companion

TOY = """[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "toy"
version = "1"
"""


@pytest.fixture(scope="module")
def wheel(site):
    (found,) = site.glob("downloads/*.whl")
    return found


@pytest.fixture(scope="module")
def packed(site):
    """Content of the archive of chapters by name, less the one folder that holds it all."""
    (found,) = site.glob("downloads/*.zip")
    with ZipFile(found) as archive:
        names = {PurePosixPath(name): archive.read(name) for name in archive.namelist()}
    assert {name.parts[0] for name in names} == {found.stem}
    return {str(name.relative_to(found.stem)): content for name, content in names.items()}


@pytest.fixture
def toy(tmp_path):
    """A project in miniature, laid out like this one."""
    root = tmp_path / "toy"
    (root / "companion/__pycache__").mkdir(parents=True)
    for name in ("LICENSE", "README.md", "companion/__init__.py", "companion/__pycache__/a.pyc"):
        (root / name).write_text("")
    (root / "pyproject.toml").write_text(TOY)
    return root


def package_files(root):
    """Return what git knows of the package, or would with the next commit."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "companion"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return {name for name in listed.stdout.splitlines() if (root / name).exists()}


def test_wheel_holds_exactly_the_files_of_the_package(wheel, root):
    with ZipFile(wheel) as archive:
        content = {n: archive.read(n) for n in archive.namelist() if ".dist-info/" not in n}
    assert content.keys() == package_files(root)
    assert [name for name in content if content[name] != (root / name).read_bytes()] == []
    assert "companion/py.typed" in content
    assert any(name.startswith("companion/experiments/records/") for name in content)


def test_wheel_names_the_project_and_its_version(wheel):
    assert wheel.name == f"train_to_generalize-{companion.__version__}-py3-none-any.whl"
    with ZipFile(wheel) as archive:
        (metadata,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        text = archive.read(metadata).decode()
    assert f"\nVersion: {companion.__version__}\n" in text
    assert "\nProvides-Extra: notebook\n" in text


def test_archive_holds_every_chapter_as_it_was_committed(packed, root):
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    listed = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    chapters = [f"{name}.ipynb" for name in listed if (root / f"{name}.ipynb").exists()]
    assert [name for name in packed if name.endswith(".ipynb")] == sorted(chapters)
    assert [name for name in chapters if packed[name] != (root / name).read_bytes()] == []


def test_archive_holds_every_file_that_a_chapter_reads(packed, all_chapters):
    wanted = {
        f"book/{PurePosixPath(chapter.name).parent}/{call.args[0].value}"
        for chapter in all_chapters
        for tree in chapter.trees
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "Path"
        if call.args and isinstance(call.args[0], ast.Constant)  # else it is not a file of the book
    }
    assert wanted
    assert wanted <= packed.keys()


def test_archive_holds_what_it_takes_to_run_a_chapter(packed, wheel, root):
    others = {name: content for name, content in packed.items() if not name.startswith("book/")}
    readme = others.pop("README.txt").decode()
    assert others == {
        "LICENSE": (root / "LICENSE").read_bytes(),
        "constraints.txt": (root / "requirements.txt").read_bytes(),
        wheel.name: wheel.read_bytes(),
    }
    assert f'--constraint constraints.txt "./{wheel.name}[notebook]"' in readme
    assert readme.startswith(f"Train to Generalize {companion.__version__}:")


def test_the_same_checkout_gives_the_same_wheel(wheel, root, tmp_path):
    build_wheel(root, tmp_path)
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_an_archive_depends_on_its_contents_only(tmp_path):
    contents = {"b.txt": b"two", "a/c.txt": b"one"}
    first, second = tmp_path / "1" / "all.zip", tmp_path / "2" / "all.zip"
    for target, names in ((first, ["b.txt", "a/c.txt"]), (second, ["a/c.txt", "b.txt"])):
        target.parent.mkdir()
        write_archive(target, {name: contents[name] for name in names})
    assert first.read_bytes() == second.read_bytes()
    with ZipFile(first) as archive:
        assert archive.namelist() == ["all/a/c.txt", "all/b.txt"]


def test_building_leaves_nothing_in_the_checkout(toy, tmp_path):
    before = sorted(toy.rglob("*"))
    build_wheel(toy, tmp_path)
    assert sorted(toy.rglob("*")) == before
    with ZipFile(tmp_path / "toy-1-py3-none-any.whl") as archive:
        code = [name for name in archive.namelist() if ".dist-info/" not in name]
    assert code == ["companion/__init__.py"]


def test_a_package_that_cannot_be_built_ends_the_build(toy, tmp_path):
    (toy / "pyproject.toml").write_text(TOY.replace('version = "1"', "version = 1"))
    with pytest.raises(ExtensionError, match=r"^The wheel was not built. Mend pyproject.toml.\n"):
        build_wheel(toy, tmp_path)


@pytest.mark.parametrize(("builder", "error"), [("latex", None), ("html", ValueError("broken"))])
def test_only_a_finished_site_gets_downloads(builder, error, tmp_path):
    app = SimpleNamespace(builder=SimpleNamespace(name=builder), outdir=tmp_path, srcdir=tmp_path)
    add_downloads(app, error)
    assert list(tmp_path.iterdir()) == []
