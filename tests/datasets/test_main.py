import os
import runpy
import sys

import pytest

from companion.datasets import DownloadError, _search
from companion.datasets import __main__ as module
from companion.datasets._cache import DecodedCache, cache_dir
from companion.datasets._records import decode


@pytest.fixture(autouse=True)
def small(toy, monkeypatch):
    monkeypatch.setattr(module, "CIFAR10", toy.spec)


@pytest.fixture
def decoded(toy):
    cache = DecodedCache(cache_dir(), toy.spec)
    cache.read_or_make(lambda: decode(toy.train, toy.test))
    return cache


def test_download_gets_checks_and_decodes(toy, monkeypatch, capsys):
    monkeypatch.setattr(module, "download_archive", lambda a, f: toy.archive(f / a.name))
    assert module.main(["download", "cifar-10"]) == 0
    out = capsys.readouterr().out
    assert out.endswith(f"verified (fingerprint {toy.spec.fingerprint[:8]}).\n")
    assert DecodedCache(cache_dir(), toy.spec).read() is not None


def test_imdb_is_downloaded_by_its_name(reviews, monkeypatch, capsys):
    monkeypatch.setattr(module, "IMDB", reviews.spec)
    monkeypatch.setattr(module, "download_archive", lambda a, f: reviews.archive(f / a.name))
    assert module.main(["download", "imdb"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(str(cache_dir() / "aclImdb_v1.tar.gz"))
    assert out.endswith(f"holds imdb, verified (fingerprint {reviews.spec.fingerprint[:8]}).\n")
    assert module.main(["status"]) == 0
    assert "Decoded imdb: nothing" not in capsys.readouterr().out


def test_errors_are_one_sentence(monkeypatch, capsys):
    def fail(*_):
        raise DownloadError("It failed. Try again.")

    monkeypatch.setattr(module, "download_archive", fail)
    assert module.main(["download", "cifar-10"]) == 1
    assert capsys.readouterr().err == "It failed. Try again.\n"


def test_errors_of_the_system_are_one_line(monkeypatch, capsys):
    def fail(*_):
        raise OSError(5, "Input/output error", "archive.part")

    monkeypatch.setattr(module, "download_archive", fail)
    assert module.main(["download", "cifar-10"]) == 1
    assert capsys.readouterr().err == "[Errno 5] Input/output error: 'archive.part'\n"


def test_interruption_says_how_to_go_on(monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "download_archive", interrupt)
    assert module.main(["download", "cifar-10"]) == 1
    assert "same command goes on" in capsys.readouterr().err


def test_status_of_nothing(capsys):
    assert module.main(["status"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "COMPANION_DATA_DIR: not set"
    assert lines[1:5] == [
        f"Decoded {name}: nothing" for name in ("cifar-10", "imdb", "stand-in", "stand-in for imdb")
    ]
    assert lines[5].startswith("Cache: nothing (in ")
    assert lines[6].startswith("Keras' cache: nothing (in ")


def test_status_names_what_is_there(toy, decoded, monkeypatch, capsys, tmp_path):
    archive = toy.archive(tmp_path / "data/cifar-10-binary.tar.xz")
    keras = toy.archive(_search.keras_folder() / "cifar-10-batches-py-target_archive", "python")
    monkeypatch.setenv("COMPANION_DATA_DIR", str(archive.parent))
    assert module.main(["status"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert str(archive) in lines[0]
    assert lines[1] == f"Decoded cifar-10: {decoded.array_path}"
    assert str(keras) in lines[6]


def test_verify_reads_every_byte(decoded, capsys):
    assert module.main(["verify"]) == 0
    assert capsys.readouterr().out == f"{decoded.array_path}: sound\n"
    before = decoded.array_path.stat()
    content = bytearray(decoded.array_path.read_bytes())
    content[-1] ^= 1
    decoded.array_path.write_bytes(content)
    os.utime(decoded.array_path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert module.main(["verify"]) == 1
    captured = capsys.readouterr()
    assert captured.out == f"{decoded.array_path}: damaged\n"
    assert "Delete what is damaged" in captured.err


def test_verify_of_nothing(capsys):
    assert module.main(["verify"]) == 0
    assert "holds no decoded copy" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["fetch"], ["download"], ["download", "mnist"]])
def test_other_commands_are_refused(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        module.main(arguments)
    assert "usage: python -m companion.datasets" in capsys.readouterr().err


def test_module_can_be_run(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["companion.datasets", "status"])
    monkeypatch.delitem(sys.modules, "companion.datasets.__main__")
    with pytest.raises(SystemExit, match="0"):
        runpy.run_module("companion.datasets", run_name="__main__")
    assert capsys.readouterr().out.startswith("COMPANION_DATA_DIR")
