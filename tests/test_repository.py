"""The files around the package agree with one another: versions, pins, commands, workflows."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import companion

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SUPPORTED = ["3.11", "3.12", "3.13"]


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def load_yaml(name: str) -> dict:
    return yaml.safe_load(read(name))


def pins() -> dict[str, Requirement]:
    lines = [Requirement(line) for line in read("requirements.txt").splitlines()]
    return {canonicalize_name(line.name): line for line in lines}


def requirements() -> list[Requirement]:
    extras = PROJECT["optional-dependencies"].values()
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in extra)]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("requirement", requirements(), ids=str)
def test_every_dependency_is_pinned_inside_its_range(requirement):
    (pin,) = pins()[canonicalize_name(requirement.name)].specifier
    assert pin.operator == "=="
    assert requirement.specifier.contains(pin.version)


def test_every_pin_is_exact():
    assert all(re.fullmatch(r"==[\w.]+", str(pin.specifier)) for pin in pins().values())


def test_supported_python_versions_agree():
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert [f"3.{minor}" for minor in range(8, 20) if f"3.{minor}" in allowed] == SUPPORTED
    matrix = load_yaml(".github/workflows/test.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == SUPPORTED
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in read("tools/setup.sh")


def test_version_is_the_same_everywhere():
    assert companion.__version__ == PROJECT["version"]
    assert load_yaml("CITATION.cff")["version"] == PROJECT["version"]


def test_citation_has_what_the_format_requires():
    citation = load_yaml("CITATION.cff")
    assert citation["cff-version"] == "1.2.0"
    assert citation["authors"] == PROJECT["authors"]
    assert {"message", "title"} <= citation.keys()
    assert " AND ".join(citation["license"]) == PROJECT["license"]


def test_license_names_both_licenses():
    text = read("LICENSE")
    assert "Permission is hereby granted, free of charge" in text
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in text


def test_changelog_starts_with_what_is_unreleased_or_this_version():
    first = re.search(r"^## \[(.+?)\]", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert first
    assert first[1] in {"Unreleased", PROJECT["version"]}


def test_help_describes_the_commands():
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    described = dict(re.findall(r"make (\w+) +(\S.*)", shown.stdout))
    promised = (
        "book pdf test lab data execute lint format serve bench campaign mutants lock clean help"
    )
    assert set(described) == set(promised.split())


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "tools/setup.sh"])
def test_commands_in_the_documents_exist(document):
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), flags=re.MULTILINE))
    commands = re.findall(r"(?:^|`|\d )make ([a-z]+)", read(document), flags=re.MULTILINE)
    assert set(commands) <= targets


def test_continuous_integration_runs_the_test_command():
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert read(".ci/run").splitlines()[-1] == "make test"
    steps = load_yaml(".github/workflows/test.yml")["jobs"]["test"]["steps"]
    assert steps[-1] == {"run": "make test"}


def test_publishing_builds_with_the_book_command_and_least_rights():
    workflow = load_yaml(".github/workflows/publish.yml")
    build, deploy = workflow["jobs"]["build"], workflow["jobs"]["deploy"]
    assert {"run": "make book"} in build["steps"]
    assert workflow["permissions"] == {"contents": "read"}
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}


@pytest.mark.parametrize("name", ["test", "publish"])
def test_actions_are_pinned_to_a_major_version(name):
    actions = re.findall(r"uses: (\S+)", read(f".github/workflows/{name}.yml"))
    assert actions
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in actions)


def test_there_are_chapters_to_execute():
    """Without this, running all of no chapters would pass."""
    table = read("_toc.yml")
    chapters = sorted(ROOT.glob("book/*/[!.]*.ipynb"))
    assert chapters
    for chapter in chapters:
        assert str(chapter.relative_to(ROOT).with_suffix("")) in table


def test_every_campaign_can_be_run_and_has_left_its_figures():
    campaigns = ROOT / "campaigns"
    texts = [path.read_text("utf-8") for path in campaigns.rglob("*.py")]
    names = [re.findall(r'\b(?:keep|run_campaign)\(\s*"(\w+)"', text) for text in texts]
    runnable = {name for found in names for name in found}
    results = {path.stem for path in (campaigns / "results").glob("*.json")}
    listed = re.search(r"^CAMPAIGNS := (.*)$", read("Makefile"), flags=re.MULTILINE)[1].split()
    described = re.findall(r"^\| `(\w+)`.* \| ", read("CONTRIBUTING.md"), flags=re.MULTILINE)
    assert runnable == {*listed, "mutants"} == results
    assert runnable <= set(described)
