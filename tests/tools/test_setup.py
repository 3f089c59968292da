"""tools/setup.sh, with a fake interpreter that notes its calls instead of installing anything."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAKE_PYTHON = """#!/bin/sh
case "$1 $2" in
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo venv >>calls ;;
  "-m pip") echo pip >>calls; cat {pip} ;;
  *"import ensurepip"*) exit {no_venv} ;;
  "-c "*) code=$2; shift 2; exec {real} -c "import sys; sys.version_info = (3, {minor})
$code" "$@" ;;
  *) exec {real} "$@" ;;
esac
"""


class Project:
    """A copy of what setup.sh reads, and interpreters of any version."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bin = folder / "project", folder / "bin"
        self.stamp = self.folder / ".venv/stamp"
        self.bin.mkdir()
        shutil.copytree(ROOT / "tools", self.folder / "tools")
        for name in ("requirements.txt", "pyproject.toml"):
            shutil.copy(ROOT / name, self.folder)

    def add_python(self, name: str, minor: int = 12, no_venv: int = 0, pip: str = "/dev/null"):
        path = self.bin / name
        path.write_text(
            FAKE_PYTHON.format(minor=minor, no_venv=no_venv, pip=pip, real=sys.executable)
        )
        path.chmod(0o755)
        return path

    def run(self, **environment: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "calls").unlink(missing_ok=True)
        return subprocess.run(
            ["tools/setup.sh"],
            cwd=self.folder,
            env={"PATH": f"{self.bin}:/usr/bin:/bin", **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self) -> list[str]:
        noted = self.folder / "calls"
        return noted.read_text().split() if noted.exists() else []


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.add_python("python3")
    return project


def test_first_run_makes_the_environment_and_the_second_does_nothing(project):
    first = project.run()
    assert first.returncode == 0, first.stdout + first.stderr
    assert project.calls() == ["venv", "pip", "pip"]
    second = project.run()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert project.calls() == []


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_changed_requirements_are_installed(project, name):
    project.run()
    with (project.folder / name).open("a") as file:
        file.write("\n# changed\n")
    assert project.run().returncode == 0
    assert "pip" in project.calls()


def test_interrupted_setup_starts_afresh(project):
    project.run()
    project.stamp.write_text("unfinished\n")
    leftover = project.folder / ".venv/half-installed"
    leftover.touch()
    assert project.run().returncode == 0
    assert not leftover.exists()
    assert project.calls() == ["venv", "pip", "pip"]


def test_failing_installation_says_what_to_do_and_does_not_count_as_done(project):
    project.add_python("python3", pip="missing-file")  # cat fails, and so does pip
    result = project.run()
    assert result.returncode != 0
    assert "Check the network" in result.stdout
    assert project.stamp.read_text() == "unfinished\n"
    project.add_python("python3")
    assert project.run().returncode == 0


def test_environment_is_made_again_after_the_folder_has_moved(project, tmp_path):
    project.run()
    project.folder = project.folder.rename(tmp_path / "moved")
    assert project.run().returncode == 0
    assert "pip" in project.calls()


@pytest.mark.parametrize("minor", [10, 14])
def test_wrong_version_is_one_sentence(project, minor):
    old = project.add_python("other", minor=minor)
    result = project.run(PYTHON=str(old))
    assert result.returncode != 0
    assert result.stdout == ""
    assert result.stderr.startswith("Python 3.11, 3.12 or 3.13 is needed")
    assert f"is 3.{minor}." in result.stderr
    assert result.stderr.count("\n") == 1


def test_missing_interpreter_is_one_sentence(project):
    result = project.run(PYTHON="no-such-python")
    assert result.returncode != 0
    assert "no-such-python is missing" in result.stderr


def test_missing_venv_module_is_one_sentence(project):
    project.add_python("python3", no_venv=1)
    result = project.run()
    assert result.returncode != 0
    assert "sudo apt install python3-venv" in result.stderr
    assert not (project.folder / ".venv").exists()


def test_a_newer_interpreter_is_found_when_python3_is_too_old(project):
    project.add_python("python3", minor=9)
    project.add_python("python3.13", minor=13)
    assert project.run().returncode == 0
    assert "(3, 13)" in (project.folder / ".venv/bin/python").read_text()


def test_asking_for_another_version_makes_the_environment_again(project):
    project.run()
    other = project.add_python("other", minor=13)
    assert project.run(PYTHON=str(other)).returncode == 0
    assert "(3, 13)" in (project.folder / ".venv/bin/python").read_text()
    assert project.run().returncode == 0
    assert project.calls() == []  # without PYTHON any supported environment will do
