"""Records: what is published is what was run, and any other byte or code is refused."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from companion.datasets import DataNotFoundError
from companion.experiments import (
    STUDIES,
    RecordError,
    StaleRunError,
    Study,
    load,
    publish,
    record,
    run,
)
from companion.experiments.fingerprints import digest
from companion.experiments.record import load_from


@pytest.fixture
def runs(study, data):
    return run(replace(study, dataset="cifar-10"))


@pytest.fixture
def study_on_data(study, runs):
    return replace(study, dataset="cifar-10")


@pytest.fixture
def path(study_on_data, tmp_path):
    return publish(study_on_data, records_dir=tmp_path / "records")


@pytest.fixture
def published(path, study_on_data):
    return load_from(path, study_on_data)


def rewritten(path, **changes) -> None:
    """Change a record's content and give it the digest that fits."""
    content = {**json.loads(path.read_text()), **changes}
    del content["digest"]
    path.write_text(json.dumps({**content, "digest": digest(content)}))


def test_a_record_holds_every_run(published, runs):
    assert [(one["arm"], one["seed"]) for one in published.content["runs"]] == list(runs)
    for one in published.content["runs"]:
        made = runs[one["arm"], one["seed"]]
        assert one["history"] == made.history
        assert one["provenance"] == made.provenance


def test_a_record_describes_itself(published, study, data):
    assert published.name == "tiny"
    assert published.question == study.question
    assert published.arms == ("slow", "fast")  # in the study's order
    assert published.seeds == (1, 2, 3)
    assert published.source == "cifar-10"
    assert published.evidence == "record tiny, 6 runs, cifar-10 1a1a1a1a"
    assert published.content["data"] == {"source": "cifar-10", "fingerprint": data.fingerprint}
    assert published.content["arms"] == study.arms


def test_values_are_ordered_by_seed_and_epoch(published, runs):
    values = published.values("fast", "test_accuracy")
    expected = [runs["fast", seed].history["test_accuracy"] for seed in (1, 2, 3)]
    assert_array_equal(values, expected)
    assert_array_equal(published.final("fast", "test_accuracy"), np.array(expected)[:, -1])
    seconds = [runs["fast", seed].provenance["seconds"] for seed in (1, 2, 3)]
    assert_array_equal(published.seconds("fast"), seconds)


@pytest.mark.usefixtures("study")
def test_a_run_that_diverged_is_recorded_as_such(tmp_path):
    study = Study("diverging", "?", "tiny_training:diverge", {"only": {}}, (1, 2))
    run(study, work_dir=tmp_path)
    path = publish(study, work_dir=tmp_path, records_dir=tmp_path / "records")
    assert "NaN" not in path.read_text()
    losses = load_from(path, study).values("only", "loss")
    assert_array_equal(losses, [[1.5, np.nan, np.nan]] * 2)


def test_a_wrong_arm_or_metric_is_named(published):
    with pytest.raises(ValueError, match="arm of record tiny must be one of 'slow', 'fast'"):
        published.values("new", "test_accuracy")
    with pytest.raises(ValueError, match="arm of record tiny must be one of 'slow', 'fast'"):
        published.seconds("new")
    with pytest.raises(ValueError, match="metric of record tiny must be one of 'test_accuracy', "):
        published.final("fast", "accuracy")


def test_a_file_has_one_line_a_run_and_is_the_same_every_time(path, study_on_data, tmp_path):
    text = path.read_text()
    assert sum(line.startswith('{"arm"') for line in text.splitlines()) == 6
    assert text.endswith("\n}\n")
    again = publish(study_on_data, records_dir=tmp_path / "again")
    assert again.read_bytes() == path.read_bytes()
    assert publish(study_on_data, records_dir=path.parent) == path


def test_records_go_to_the_package_unless_told_otherwise(study_on_data, tmp_path, monkeypatch):
    monkeypatch.setattr(record, "RECORDS_DIR", tmp_path / "package")
    assert publish(study_on_data) == tmp_path / "package/tiny.json"


def test_a_flipped_bit_is_noticed_wherever_it_is(path, study_on_data):
    intact, chance = path.read_bytes(), random.Random(5)  # noqa: S311 - not a secret
    for position in chance.sample(range(len(intact)), 200):
        damaged = bytearray(intact)
        damaged[position] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        with pytest.raises(RecordError, match=r"tiny\.json (is damaged|has schema)"):
            load_from(path, study_on_data)


def test_a_missing_end_is_noticed(path, study_on_data):
    intact = path.read_text()
    for length in range(0, len(intact) - 2, 97):
        path.write_text(intact[:length])
        with pytest.raises(RecordError, match=r"tiny\.json is damaged"):
            load_from(path, study_on_data)


@pytest.mark.parametrize("text", ["[]", "3", "null", '"x"', "{}", '{"digest": "0"}'])
def test_json_that_is_no_record(path, study_on_data, text):
    path.write_text(text)
    with pytest.raises(RecordError, match=r"tiny\.json is damaged \(\w+\)\. Restore it\.$"):
        load_from(path, study_on_data)


def test_a_record_that_is_not_there(path, study_on_data):
    path.unlink()
    with pytest.raises(RecordError, match=r"There is no record at .*tiny\.json\. Run `python -m"):
        load_from(path, study_on_data)


def test_a_later_schema_is_not_guessed_at(path, study_on_data):
    rewritten(path, schema=2)
    with pytest.raises(
        RecordError, match=r"has schema 2; this version reads 1\. Update the package"
    ):
        load_from(path, study_on_data)


def test_another_configuration_is_refused(path, study_on_data):
    arms = {**study_on_data.arms, "fast": {"speed": "fast", "epochs": 4}}
    with pytest.raises(RecordError, match="was made with another config than stands here"):
        load_from(path, replace(study_on_data, arms=arms))


def test_other_code_is_refused(path, study_on_data, monkeypatch):
    monkeypatch.setattr(record, "source_fingerprint", lambda _: "another")
    with pytest.raises(RecordError, match="was made with another source than stands here"):
        load_from(path, study_on_data)


def test_the_reader_of_a_record_needs_no_data(path, study_on_data, data):
    data.source, data.fingerprint = "stand-in", "2b" * 32
    assert load_from(path, study_on_data).source == "cifar-10"


@pytest.mark.parametrize(
    ("name", "error"), [("nope", ValueError), ("../x", ValueError), (3, TypeError)]
)
def test_only_studies_of_the_catalogue_can_be_loaded(name, error):
    with pytest.raises(error, match=r"^name of load must be one of 'baseline', "):
        load(name)


def test_load_checks_the_package_s_own_record(path, study_on_data, monkeypatch):
    monkeypatch.setitem(STUDIES, "tiny", study_on_data)
    monkeypatch.setattr(record, "RECORDS_DIR", path.parent)
    assert load("tiny") == load_from(path, study_on_data)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(RecordError, match="is damaged"):
        load("tiny")


def test_missing_runs_are_not_published(study_on_data, work_dir, tmp_path):
    for seed in (2, 3):
        (work_dir / f"tiny/fast-seed{seed}.json").unlink()
    with pytest.raises(RecordError) as caught:
        publish(study_on_data, records_dir=tmp_path)
    assert str(caught.value) == (
        "Study tiny lacks 2 of 6 runs, first fast with seed 2. "
        "Run `python -m companion.experiments run tiny`."
    )
    assert not (tmp_path / "tiny.json").exists()


def test_seeds_beyond_the_study_s_own_are_not_published(study_on_data, tmp_path):
    run(study_on_data.with_seeds((9,)))
    assert load_from(publish(study_on_data, records_dir=tmp_path), study_on_data).seeds == (1, 2, 3)


@pytest.mark.parametrize("now_real", [False, True])
def test_the_stand_in_is_never_published(study, data, tmp_path, now_real):
    study = replace(study, dataset="cifar-10")
    data.source, data.fingerprint = "stand-in", "2b" * 32
    run(study, allow_stand_in=True)
    if now_real:
        data.source, data.fingerprint = "cifar-10", "1a" * 32
    with pytest.raises(StaleRunError if now_real else DataNotFoundError):
        publish(study, records_dir=tmp_path)
    assert not (tmp_path / "tiny.json").exists()


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"study": "tiny"}, TypeError, "study of publish must be a Study"),
        ({"records_dir": 3}, TypeError, "records_dir of publish must be a path"),
        ({"work_dir": 3}, TypeError, "work_dir of publish must be a path"),
    ],
)
def test_wrong_arguments(study_on_data, arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        publish(**{"study": study_on_data, **arguments})


def test_a_study_without_arms_has_no_record(study):
    with pytest.raises(RecordError, match="Study tiny has no arms"):
        publish(replace(study, arms={}))
