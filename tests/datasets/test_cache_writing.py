"""Writing the copy: an interruption leaves nothing wrong, and a full disk only costs time."""

import resource

import pytest

from companion.datasets._cache import DecodedCache


@pytest.mark.parametrize("moment", ["array", "manifest"])
def test_interrupted_write_leaves_nothing_wrong(cache, make, monkeypatch, moment):
    def interrupt(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        place = "companion.datasets._cache._save"
        if moment == "manifest":
            place = "companion._atomic.write_text"
        patch.setattr(place, interrupt)
        with pytest.raises(KeyboardInterrupt):
            cache.read_or_make(make)
    assert cache.read() is None
    assert not list(cache.folder.glob("*.part"))
    assert not list(cache.folder.glob(".*"))
    cache.read_or_make(make)
    assert cache.is_sound()


def test_folder_that_cannot_be_written_only_costs_time(toy, make, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    cache = DecodedCache(tmp_path / "file" / "cache", toy.spec)
    for calls in (1, 2):
        with pytest.warns(UserWarning, match=r"cannot be kept in .*Set COMPANION_CACHE_DIR"):
            assert cache.read_or_make(make).fingerprint == toy.spec.fingerprint
        assert make.calls == calls


def test_disk_that_is_full_for_the_last_bytes(cache, make):
    """`np.save` says nothing then, and the short copy would pass for the one that was meant."""
    cache.read_or_make(make)
    size = cache.array_path.stat().st_size
    cache.array_path.unlink()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size - 100, hard))
    try:
        with pytest.warns(UserWarning, match=r"File too large: .*cifar-10-.*\.npy"):
            cache.read_or_make(make)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not cache.array_path.exists()
    cache.read_or_make(make)
    assert cache.is_sound()


def test_what_a_killed_maker_left_is_removed(cache, make):
    cache.folder.mkdir()
    for name in (cache.array_path.name, cache.manifest_path.name):
        (cache.folder / f".{name}.0a.part").touch()
    cache.read_or_make(make)
    assert not list(cache.folder.glob(".*"))


def test_full_disk_only_costs_time(toy, cache, make, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("companion.datasets._cache._save", full)
    with pytest.warns(UserWarning, match="No space left on device"):
        assert cache.read_or_make(make).fingerprint == toy.spec.fingerprint
    assert not cache.array_path.exists()
