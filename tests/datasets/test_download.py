import errno
import hashlib
import re
import resource
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from companion.datasets import DownloadError
from companion.datasets._download import Archive, _append, download_archive

CONTENT = np.random.default_rng(0).bytes(600_000)


class Server(ThreadingHTTPServer):
    """Serves CONTENT on 127.0.0.1, well or badly, and notes what was asked for."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []  # the Range headers
        self.content = CONTENT
        self.ranges = True  # whether Range is honored
        self.shift = 0  # added to the offset that was asked for
        self.stop_after = None  # bytes after which the connection breaks
        self.status = None  # answered in place of the content
        self.headers = {}  # sent in addition


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.asked.append(self.headers["Range"])
        start = int(re.fullmatch(r"bytes=(\d+)-", self.headers["Range"])[1]) + server.shift
        if server.status:
            self.send_error(server.status)
            return
        start = start if server.ranges else 0
        self.send_response(206 if server.ranges else 200)
        if server.ranges:
            end = len(server.content)
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{end}")
        body = server.content[start:]
        for name, value in ({"Content-Length": len(body)} | server.headers).items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body[: server.stop_after])

    def log_message(self, *arguments):
        """Keep the test output clean."""


@pytest.fixture
def server():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def archive(server):
    url = f"http://127.0.0.1:{server.server_port}/data.tar.gz"
    return Archive(url, len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "new" / "folder"


def partial(folder):
    return folder / "data.tar.gz.part"


def put_part(folder, content):
    folder.mkdir(parents=True)
    partial(folder).write_bytes(content)


def files(folder):
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def test_whole_file_is_downloaded_and_announced_first(archive, folder, capsys):
    path = download_archive(archive, folder)
    assert path == folder / "data.tar.gz"
    assert path.read_bytes() == CONTENT
    assert files(folder) == ["data.tar.gz"]
    assert capsys.readouterr().err == f"Downloading {archive.url} (0.6 MB) to {path}\n"


def test_file_that_is_there_is_not_downloaded(server, archive, folder, capsys):
    for _ in range(2):
        download_archive(archive, folder)
    assert len(server.asked) == 1


def test_wrong_file_that_is_there_is_replaced(archive, folder):
    folder.mkdir(parents=True)
    (folder / archive.name).write_bytes(CONTENT[::-1])
    assert download_archive(archive, folder).read_bytes() == CONTENT


def test_broken_connection_keeps_the_part_and_the_next_call_resumes(server, archive, folder):
    server.stop_after = 400_000
    with pytest.raises(DownloadError, match="run the same again: it goes on where it stopped"):
        download_archive(archive, folder)
    kept = partial(folder).read_bytes()
    assert kept == CONTENT[: len(kept)]
    assert 0 < len(kept) <= 400_000
    server.stop_after = None
    assert download_archive(archive, folder).read_bytes() == CONTENT
    assert server.asked == ["bytes=0-", f"bytes={len(kept)}-"]
    assert files(folder) == ["data.tar.gz"]


def test_server_without_ranges_starts_anew(server, archive, folder):
    put_part(folder, b"x" * 1000)
    server.ranges = False
    assert download_archive(archive, folder).read_bytes() == CONTENT


def test_complete_part_is_only_checked(server, archive, folder):
    put_part(folder, CONTENT)
    assert download_archive(archive, folder).read_bytes() == CONTENT
    assert server.asked == []


def test_part_that_is_too_long_is_dropped(server, archive, folder):
    put_part(folder, CONTENT + b"x")
    assert download_archive(archive, folder).read_bytes() == CONTENT
    assert server.asked == ["bytes=0-"]


@pytest.mark.parametrize("wrong", [b"x" * 1000, b"x" * 600_000])
def test_wrong_part_is_not_kept(archive, folder, wrong):
    put_part(folder, wrong)
    with pytest.raises(DownloadError, match="does not send the published file, so nothing was ke"):
        download_archive(archive, folder)
    assert files(folder) == []
    assert download_archive(archive, folder).read_bytes() == CONTENT


@pytest.mark.parametrize("last", range(8))  # some of their hashes sort before, some behind
def test_wrong_content_is_not_kept(server, archive, folder, last):
    server.content = CONTENT[:-1] + bytes([CONTENT[-1] ^ (1 << last)])
    with pytest.raises(DownloadError, match=r"nothing was kept.*set COMPANION_DATA_DIR"):
        download_archive(archive, folder)
    assert files(folder) == []


def test_file_of_another_size_is_not_even_begun(server, archive, folder):
    server.content, server.ranges = b"<html>moved</html>", False
    with pytest.raises(DownloadError, match="offers 18 bytes, not 600,000"):
        download_archive(archive, folder)
    assert files(folder) == []


def test_endless_answer_is_cut_off(server, archive, folder):
    server.content = CONTENT * 5
    with pytest.raises(DownloadError, match="nothing was kept"):
        download_archive(archive, folder)
    assert files(folder) == []


def test_nothing_is_read_beyond_the_published_size(archive, tmp_path):
    def pieces():
        for _ in range(3):
            yield CONTENT[:300_000]
        raise AssertionError("asked for a fourth piece")

    _append(pieces(), tmp_path / "part", 0, archive)
    assert (tmp_path / "part").stat().st_size == len(CONTENT) + 1  # enough to see that it is wrong


def test_part_from_another_place_is_refused(server, archive, folder):
    put_part(folder, CONTENT[:1000])
    server.shift = 5
    with pytest.raises(DownloadError, match="sent another part"):
        download_archive(archive, folder)
    assert partial(folder).read_bytes() == CONTENT[:1000]


@pytest.mark.parametrize("status", [404, 416, 503])
def test_refusal_of_the_server_is_reported(server, archive, folder, status):
    server.status = status
    with pytest.raises(DownloadError, match=f"{archive.url} failed: the server answered {status}"):
        download_archive(archive, folder)


def test_absent_server_is_reported(server, archive, folder):
    gone = Archive("http://127.0.0.1:9/data.tar.gz", archive.size, archive.sha256)
    with pytest.raises(DownloadError, match=r"failed: .*Check the connection"):
        download_archive(gone, folder)


def test_content_labeled_as_compressed_is_taken_as_it_is(server, archive, folder):
    """Some servers send a .tar.gz as `Content-Encoding: x-gzip`, and requests would unpack it."""
    server.headers = {"Content-Encoding": "gzip"}
    assert download_archive(archive, folder).read_bytes() == CONTENT


def test_full_disk_is_named_and_what_arrived_is_kept(archive, folder):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    try:
        with pytest.raises(DownloadError) as caught:
            download_archive(archive, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(caught.value) == (
        f"{partial(folder)} cannot be written (File too large). Make room, or set "
        "COMPANION_CACHE_DIR to another folder, and run the same again."
    )
    assert partial(folder).read_bytes() == CONTENT[:400_000]
    assert download_archive(archive, folder).read_bytes() == CONTENT


def test_lock_that_cannot_be_had_names_the_file(archive, folder, monkeypatch):
    def no_locks(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    with pytest.raises(OSError, match=rf"No locks available: '{folder}"):
        download_archive(archive, folder)


def test_folder_that_cannot_be_made_is_reported(archive, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DownloadError, match=r"cannot be made .* Set COMPANION_CACHE_DIR"):
        download_archive(archive, tmp_path / "file" / "folder")
