"""The work folder: what is damaged or does not fit is refused by name, never mixed or remade."""

import json
import shutil
from dataclasses import replace

import pytest

from companion.experiments import (
    DamagedRunError,
    StaleRunError,
    fingerprints,
    publish,
    run,
    status,
    store,
)
from companion.experiments.fingerprints import digest

ACTIONS = {"run": run, "status": status, "publish": publish}
any_action = pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)


def sealed(content: dict[str, object]) -> str:
    content = {name: value for name, value in content.items() if name != "digest"}
    return json.dumps({**content, "digest": digest(content)})


def edited(text: str, **changes: object) -> str:
    return sealed({**json.loads(text), **changes})


def without(text: str, key: str) -> str:
    return sealed({name: value for name, value in json.loads(text).items() if name != key})


DAMAGES = {
    "empty": lambda _: "",
    "half": lambda text: text[: len(text) // 2],
    "another bracket": lambda text: text.replace("{", "[", 1),
    "a list": lambda _: "[]",
    "a number": lambda _: "3",
    "no digest": lambda text: text.replace('"digest"', '"dagest"'),
    "no schema": lambda text: without(text, "schema"),
    "no history": lambda text: without(text, "history"),
    "no identity": lambda text: without(text, "identity"),
    "one key more": lambda text: edited(text, surprise=1),
    "another identity": lambda text: edited(text, identity=[1, 2, 3]),
}


@any_action
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_run_is_named_and_left_alone(study, trained, work_dir, action, damage):
    run(study)
    trained()
    path = work_dir / "tiny/fast-seed2.json"
    path.write_text(damage(path.read_text()))
    damaged = path.read_text()
    with pytest.raises(DamagedRunError) as caught:
        action(study)
    assert str(caught.value).startswith(f"{path} is damaged (")
    assert str(caught.value).endswith("). Delete it to make the run anew.")
    assert path.read_text() == damaged
    assert trained() == []


def test_bytes_that_are_no_text(study, work_dir):
    run(study)
    (work_dir / "tiny/fast-seed2.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(
        DamagedRunError, match=r"fast-seed2\.json is damaged \(UnicodeDecodeError\)"
    ):
        run(study)


def test_deleting_the_damaged_file_makes_that_run_anew(study, trained, work_dir):
    before = run(study)["fast", 2].history
    path = work_dir / "tiny/fast-seed2.json"
    path.unlink()
    trained()
    assert run(study)["fast", 2].history == before
    assert trained() == ["fast 2"]


def test_a_later_schema_is_not_guessed_at(study, work_dir):
    run(study)
    path = work_dir / "tiny/slow-seed1.json"
    path.write_text(edited(path.read_text(), schema=3))
    with pytest.raises(
        DamagedRunError, match=r"slow-seed1\.json has schema 3; this version reads 2\. Delete it"
    ):
        run(study)


@any_action
def test_a_flipped_bit_in_a_value_is_noticed(study, work_dir, action):
    run(study)
    path = work_dir / "tiny/slow-seed1.json"
    value = json.loads(path.read_text())["history"]["test_accuracy"][0]
    path.write_text(path.read_text().replace(str(value), f"{value:.4f}"))
    with pytest.raises(DamagedRunError) as caught:
        action(study)
    assert str(caught.value) == (
        f"{path} is damaged: its content does not match its digest. Delete it to make the run anew."
    )


@pytest.mark.parametrize("digit", "0f")  # a digest that sorts before the right one, or behind
def test_another_digest_is_noticed(study, work_dir, digit):
    run(study)
    path = work_dir / "tiny/slow-seed1.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "digest": digit * len(content["digest"])}))
    with pytest.raises(DamagedRunError, match="does not match its digest"):
        run(study)


def test_a_run_without_a_digest_is_refused_with_a_remedy(study, work_dir):
    """As it was written before there were digests."""
    run(study)
    path = work_dir / "tiny/slow-seed1.json"
    content = {**json.loads(path.read_text()), "schema": 1}
    del content["digest"]
    path.write_text(json.dumps(content))
    with pytest.raises(DamagedRunError, match="has schema 1; this version reads 2"):
        run(study)


def test_the_file_of_another_run_is_noticed(study, work_dir):
    run(study)
    folder = work_dir / "tiny"
    shutil.copy(folder / "slow-seed1.json", folder / "slow-seed2.json")
    with pytest.raises(
        DamagedRunError, match=r"slow-seed2\.json holds another run: slow, seed 1\."
    ):
        run(study)


@any_action
def test_runs_of_another_configuration_are_refused(study, trained, work_dir, action):
    run(study)
    trained()
    arms = {**study.arms, "fast": {**study.arms["fast"], "epochs": 4}}
    with pytest.raises(StaleRunError) as caught:
        action(replace(study, arms=arms))
    assert str(caught.value) == (
        f"{work_dir}/tiny/fast-seed1.json was made with another config than now; runs are never "
        "mixed. Restore what changed, or delete the file to make the run anew."
    )
    assert trained() == []


@any_action
def test_runs_of_other_code_are_refused(study, trained, monkeypatch, action):
    run(study)
    trained()
    monkeypatch.setattr(store, "source_fingerprint", lambda _: "another")
    with pytest.raises(
        StaleRunError, match=r"slow-seed1\.json was made with another source than now"
    ):
        action(study)
    assert trained() == []


def test_code_may_change_in_its_comments_only(study, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    module = tmp_path / "written_training.py"

    def write(text: str) -> None:
        module.write_text(text)
        fingerprints._parse.cache_clear()

    study = replace(study, train="written_training:train")
    write("def train(config, seed, report):\n    return {'x': [1.0]}\n")
    runs = run(study)
    write(
        'def train(config, seed, report):\n    """Train."""\n\n    return {\'x\': [1.0]}  # one\n'
    )
    assert run(study) == runs
    write("def train(config, seed, report):\n    return {'x': [2.0]}\n")
    with pytest.raises(StaleRunError, match="was made with another source than now"):
        run(study)


@any_action
def test_runs_on_other_data_are_refused(study, data, action):
    study = replace(study, dataset="cifar-10")
    run(study)
    data.fingerprint = "2b" * 32
    with pytest.raises(StaleRunError, match="was made with another data than now"):
        action(study)


def test_everything_that_changed_is_named(study, data, monkeypatch):
    run(replace(study, dataset="cifar-10"))
    monkeypatch.setattr(store, "source_fingerprint", lambda _: "another")
    with pytest.raises(StaleRunError, match="another config and source and data than now"):
        run(study)


def test_a_changed_arm_leaves_the_runs_of_others_usable(study, trained, work_dir):
    run(study)
    trained()
    arms = {**study.arms, "fast": {**study.arms["fast"], "epochs": 4}}
    for seed in study.seeds:
        (work_dir / f"tiny/fast-seed{seed}.json").unlink()
    run(replace(study, arms=arms))
    assert trained() == ["fast 1", "fast 2", "fast 3"]


def test_the_environment_chooses_the_folder(study, work_dir, tmp_path, monkeypatch):
    assert store.Store(study, None, None).folder == work_dir / "tiny"
    assert store.Store(study, tmp_path / "other", None).folder == tmp_path / "other/tiny"
    monkeypatch.delenv("COMPANION_WORK_DIR")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    default = store.Store(study, None, None).folder
    assert default.is_relative_to(tmp_path)
    assert default.parts[-3:] == ("train-to-generalize", "experiments", "tiny")


@pytest.mark.parametrize(
    ("text", "fraction"), [("0.25", 0.25), ("1.5", 1), ("-1", 0), ("half", 0), ("", 0), (None, 0)]
)
def test_fraction_of_a_run_in_progress(study, work_dir, text, fraction):
    found = store.Store(study, None, None)
    if text is not None:
        found.folder.mkdir(parents=True)
        found.progress_path("fast", 2).write_text(text)
    assert found.fraction("fast", 2) == fraction
