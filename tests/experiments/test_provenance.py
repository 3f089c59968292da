"""Provenance says where a number was made, in plain values."""

import json
import os
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

import companion
from companion.experiments import provenance, run
from companion.experiments.provenance import describe_machine


def test_it_says_what_a_reader_needs_to_compare_machines():
    described = describe_machine()
    assert set(described) == {"hardware", "system", "load", "threads", "versions"}
    assert f"{os.cpu_count()} cores" in described["hardware"]
    assert described["load"] >= 0
    assert described["versions"]["companion"] == companion.__version__
    assert described["versions"]["numpy"] == version("numpy")
    json.dumps(described)


def test_a_study_notes_the_versions_of_the_libraries_that_it_names(study):
    usual, asked = set(describe_machine()["versions"]), ("scikit-learn", "tqdm")
    assert usual == {"python", "companion", "tensorflow", "keras", "numpy"}
    for one in run(replace(study, libraries=asked, seeds=(1,))).values():
        versions = one.provenance["versions"]
        assert set(versions) == usual.union(asked)
        assert versions["tqdm"] == version("tqdm")


def test_threads_are_those_of_the_worker(monkeypatch):
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "3")
    assert describe_machine()["threads"] == 3
    monkeypatch.delenv("TF_NUM_INTRAOP_THREADS")
    assert describe_machine()["threads"] == os.cpu_count()


def test_it_names_no_user_and_no_folder():
    text = json.dumps(describe_machine())
    assert os.path.expanduser("~") not in text  # noqa: PTH111
    assert os.uname().nodename not in text


def test_a_framework_that_is_not_installed(monkeypatch):
    def missing(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr(provenance, "version", missing)
    assert describe_machine()["versions"]["tensorflow"] == "not installed"


def test_every_run_carries_it(study):
    for one in run(study).values():
        assert set(one.provenance) == {*describe_machine(), "started", "seconds"}
        assert one.provenance["started"].endswith("+00:00")
        assert one.provenance["seconds"] >= 0
