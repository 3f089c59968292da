import pickle
import subprocess
import sys
import warnings
from dataclasses import replace

import numpy as np
import pytest

from companion.datasets import (
    DataIntegrityError,
    DataNotFoundError,
    StandInWarning,
    load_cifar10,
)
from companion.datasets import cifar10 as module
from companion.datasets._cache import DecodedCache, cache_dir
from companion.datasets._records import decode

PLACES = ("argument", "variable", "cache", "keras")


@pytest.fixture(autouse=True)
def small(toy, monkeypatch):
    """Let the toy take the place of CIFAR-10, and another one that of the stand-in."""
    flipped = decode(255 - toy.train % 10, toy.test)
    spec = replace(toy.spec, name="stand-in", train_fingerprint=flipped.train_fingerprint)
    monkeypatch.setattr(module, "CIFAR10", toy.spec)
    monkeypatch.setattr(module, "STAND_IN", spec)
    monkeypatch.setattr(module, "draw_stand_in", lambda: flipped)


@pytest.fixture
def put(toy, folder_of):
    """Write the toy to a place and return the archive."""
    return lambda place: toy.archive(folder_of(place) / "cifar-10-binary.tar.gz")


def load(**arguments):
    return load_cifar10(**({"validation_size": 20} | arguments))


def load_stand_in(**arguments):
    with pytest.warns(StandInWarning):
        return load(**arguments)


def break_file(path):
    path.write_bytes(b"\x1f\x8b broken")


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_searched(toy, put, place):
    archive = put(place)
    data = load(data_dir=archive.parent if place == "argument" else None)
    assert (data.name, data.source) == ("cifar-10", "cifar-10")
    assert data.fingerprint == toy.spec.fingerprint
    assert data.class_names[3] == "cat"
    assert (len(data.train), len(data.validation), len(data.test)) == (80, 20, 20)


@pytest.mark.parametrize("winner", range(3))
def test_places_are_searched_in_order(put, winner):
    """All places from the winner on hold data; those behind it are broken and never opened."""
    archives = {place: put(place) for place in PLACES[winner:]}
    for place in PLACES[winner + 1 :]:
        break_file(archives[place])
    folder = archives["argument"].parent if winner == 0 else None
    assert load(data_dir=folder).source == "cifar-10"


@pytest.mark.parametrize("place", PLACES)
def test_broken_files_are_refused_wherever_they_are(put, place):
    archive = put(place)
    break_file(archive)
    with pytest.raises(DataIntegrityError, match=str(archive)):
        load(data_dir=archive.parent if place == "argument" else None)


def test_images_have_the_promised_types(put):
    data = load(data_dir=put("argument").parent, subset=40)
    assert data.train.images.shape == (40, 32, 32, 3)
    assert data.train.images.dtype == np.uint8
    assert data.train.labels.dtype == np.int64
    assert data.evidence.endswith("40 training images")
    assert np.bincount(data.train.labels).tolist() == [4] * 10
    assert np.bincount(data.validation.labels).tolist() == [2] * 10


def test_layout_does_not_change_the_splits(toy, put, tmp_path):
    packed = load(data_dir=put("argument").parent, seed=5)
    unpacked = load(data_dir=toy.folder(tmp_path / "python", "python"), seed=5)
    for name in ("train", "validation", "test"):
        one, other = getattr(packed, name), getattr(unpacked, name)
        assert np.array_equal(one.images, other.images)
        assert np.array_equal(one.labels, other.labels)


def test_decoded_copy_is_enough(put):
    archive = put("variable")
    load()
    archive.unlink()
    assert load().source == "cifar-10"


def test_named_data_is_verified_though_a_copy_exists(put):
    """A change of the named file is found, even if the cache could answer."""
    archive = put("variable")
    load()
    break_file(archive)
    with pytest.raises(DataIntegrityError, match=str(archive)):
        load()


def test_damaged_copy_is_made_again_from_its_source(toy, put):
    put("variable")
    load()
    DecodedCache(cache_dir(), toy.spec).array_path.write_bytes(b"x")
    assert load().source == "cifar-10"


def test_damaged_copy_without_a_source_is_refused(toy, put):
    archive = put("variable")
    load()
    archive.unlink()
    DecodedCache(cache_dir(), toy.spec).array_path.write_bytes(b"x")
    with pytest.raises(DataIntegrityError, match=r"decoded copy .* is damaged\. Delete it"):
        load()


def test_moved_copy_is_recovered(toy, put, places, monkeypatch):
    archive = put("argument")
    load(data_dir=archive.parent)
    moved = places / "elsewhere"
    cache_dir().rename(moved)
    array = next(moved.glob("*.npy"))
    array.write_bytes(array.read_bytes())  # a copy has its own time
    monkeypatch.setenv("COMPANION_CACHE_DIR", str(moved))
    assert load().source == "cifar-10"


def test_argument_is_the_only_place_searched(put, tmp_path):
    put("variable")
    with pytest.raises(DataNotFoundError, match=r"data_dir .* holds no accepted layout of cifar"):
        load(data_dir=tmp_path)
    with pytest.raises(DataNotFoundError, match=r"data_dir names .* not a folder"):
        load(data_dir=tmp_path / "absent")


def test_variable_with_an_impossible_name_is_refused(monkeypatch):
    monkeypatch.setenv("COMPANION_DATA_DIR", "/x" * 5000)
    with pytest.raises(DataNotFoundError, match=r"cannot be read \(File name too long\)"):
        load()


def test_variable_must_name_a_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("COMPANION_DATA_DIR", str(tmp_path / "absent"))
    with pytest.raises(DataNotFoundError, match=r"COMPANION_DATA_DIR names .* Correct the path"):
        load()


def test_named_folder_without_files_falls_through(put, monkeypatch, tmp_path):
    put("keras")
    monkeypatch.setenv("COMPANION_DATA_DIR", str(tmp_path))
    assert load().source == "cifar-10"


def test_no_data_gives_the_stand_in_with_a_warning():
    with pytest.warns(StandInWarning, match=r"not found: THESE ARE SYNTHETIC.*download cifar-10"):
        data = load()
    assert (data.name, data.source) == ("cifar-10", "stand-in")
    assert data.evidence.startswith("stand-in (not cifar-10)")
    assert data.fingerprint == module.STAND_IN.fingerprint


def test_warning_points_at_the_caller():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        load_cifar10(validation_size=20)
    assert caught[0].filename == __file__


def test_stand_in_is_drawn_once(monkeypatch):
    first = load_stand_in()
    monkeypatch.setattr(module, "draw_stand_in", None)
    assert np.array_equal(load_stand_in().train.images, first.train.images)


def test_no_data_and_no_stand_in_raises():
    with pytest.raises(
        DataNotFoundError, match=r"not found, and allow_stand_in is False\. To have"
    ):
        load(allow_stand_in=False)


@pytest.mark.parametrize("place", PLACES)
def test_stand_in_can_be_forced(put, monkeypatch, place):
    archive = put(place)
    monkeypatch.setenv("COMPANION_DATA", "stand-in")
    folder = archive.parent if place == "argument" else None
    assert load_stand_in(data_dir=folder).source == "stand-in"
    with pytest.raises(DataNotFoundError, match=r"stand-in is set.* Unset COMPANION_DATA"):
        load(data_dir=folder, allow_stand_in=False)


def test_other_wishes_in_the_environment_are_refused(monkeypatch):
    monkeypatch.setenv("COMPANION_DATA", "real")
    with pytest.raises(ValueError, match="COMPANION_DATA of the environment must be one of 'sta"):
        load()


def test_nothing_is_downloaded_unasked(monkeypatch):
    monkeypatch.setattr(module, "download_archive", None)
    assert load_stand_in().source == "stand-in"


def test_download_is_asked_for_where_nothing_is_found(toy, put, monkeypatch):
    folders = []

    def download(archive, folder):
        folders.append(folder)
        return toy.archive(folder / archive.name)

    monkeypatch.setattr(module, "download_archive", download)
    for _ in range(2):
        assert load(download=True).source == "cifar-10"
    assert folders == [cache_dir()]


@pytest.mark.parametrize(
    "arguments",
    [
        {"validation_size": -1},
        {"validation_size": 100},
        {"validation_size": 20.0},
        {"subset": 0},
        {"subset": 81},
        {"subset": True},
        {"seed": -1},
        {"seed": None},
        {"allow_stand_in": 1},
        {"download": "yes"},
        {"data_dir": 3},
        {"data_dir": ""},
    ],
)
def test_wrong_arguments_are_refused(arguments):
    name = next(iter(arguments))
    with pytest.raises((TypeError, ValueError), match=f"^{name} of load_cifar10 must be .* Try "):
        load(**arguments)


def test_data_can_be_sent_to_another_process(put):
    data = load(data_dir=put("argument").parent, subset=10)
    copy = pickle.loads(pickle.dumps(data))
    assert copy.evidence == data.evidence
    assert np.array_equal(copy.train.images, data.train.images)


def test_import_is_light():
    heavy = {"tensorflow", "keras", "matplotlib", "scipy", "requests"}
    code = f"import sys, companion.datasets; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert result.stdout.strip() == b"[]"
