"""Download one published archive: announced, resumable, checked, and kept only if it is right."""

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from companion._atomic import naming
from companion._progress import is_interactive
from companion.datasets._errors import DownloadError
from companion.datasets._files import sha256_of

_CHUNK = 1 << 18
_TIMEOUT = (15, 60)  # seconds to connect, and between two pieces


@dataclass(frozen=True)
class Archive:
    """A published file: where it is, how long it is, and its SHA-256 (hex)."""

    url: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.url.rpartition("/")[2]


def download_archive(archive: Archive, folder: Path) -> Path:
    """Return the path of the archive in `folder`, downloaded unless it is there already.

    A partial download stays beside it as `NAME.part`, and the next call goes on from there.

    Raises:
        DownloadError: The connection failed, the server sent something else, or there is no room.
        OSError: The system cannot read or rename what arrived; the error names the file.
    """
    from filelock import FileLock

    target = folder / archive.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DownloadError(
            f"{folder} cannot be made ({error}). Set COMPANION_CACHE_DIR to another folder."
        ) from error
    with naming(target), FileLock(folder / f"{archive.name}.lock"):
        if not _is_right(target, archive):
            _announce(f"Downloading {archive.url} ({archive.size / 1e6:,.1f} MB) to {target}")
            partial = folder / f"{archive.name}.part"
            _fetch(archive, partial)
            _check(partial, archive)
            partial.replace(target)
    return target


def _is_right(path: Path, archive: Archive) -> bool:
    return (
        path.is_file() and path.stat().st_size == archive.size and sha256_of(path) == archive.sha256
    )


def _announce(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201


def _fetch(archive: Archive, partial: Path) -> None:
    """Bring the partial file up to the published size."""
    import requests
    from urllib3.exceptions import HTTPError

    have = partial.stat().st_size if partial.exists() else 0
    if have == archive.size:
        return
    if have > archive.size:  # cannot be a part of the file, and no server could go on from there
        partial.unlink()
        have = 0
    headers = {"Accept-Encoding": "identity", "Range": f"bytes={have}-"}
    try:
        with requests.get(archive.url, headers=headers, stream=True, timeout=_TIMEOUT) as response:
            start = _start(response.status_code, response.headers, have, archive)
            # The raw stream: requests would unpack a .gz that a server labels as compressed.
            pieces = response.raw.stream(_CHUNK, decode_content=False)
            _append(pieces, partial, start, archive)
    except DownloadError:
        raise
    except (OSError, HTTPError) as error:
        raise _failure(archive, str(error)) from error


def _start(status: int, headers: Mapping[str, str], have: int, archive: Archive) -> int:
    """Return the offset at which the server's answer begins."""
    if status == HTTPStatus.PARTIAL_CONTENT:
        if headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            return have
        raise _failure(archive, "the server sent another part than the one asked for")
    if status != HTTPStatus.OK:
        raise _failure(archive, f"the server answered {status}")
    offered = int(headers.get("Content-Length", archive.size))
    if offered != archive.size:
        raise _failure(archive, f"the server offers {offered:,} bytes, not {archive.size:,}")
    return 0


def _append(pieces: Iterable[bytes], partial: Path, start: int, archive: Archive) -> None:
    from tqdm.auto import tqdm

    bar = tqdm(
        desc=archive.name,
        initial=start,
        total=archive.size,
        unit="B",
        unit_scale=True,
        disable=not is_interactive(),
    )
    try:
        with bar, partial.open("r+b" if start else "wb") as file:
            file.seek(start)
            for piece in pieces:
                file.write(piece[: archive.size + 1 - file.tell()])
                bar.update(len(piece))
                if file.tell() > archive.size:
                    break
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:  # of the disk: the connection's errors are of urllib3's own types
        raise DownloadError(
            f"{partial} cannot be written ({error.strerror}). Make room, or set "
            "COMPANION_CACHE_DIR to another folder, and run the same again."
        ) from error


def _check(partial: Path, archive: Archive) -> None:
    """Accept the whole and right file; keep a part of it; delete anything else."""
    size = partial.stat().st_size
    if size < archive.size:
        raise _failure(archive, f"the connection ended after {size:,} of {archive.size:,} bytes")
    if size > archive.size or sha256_of(partial) != archive.sha256:
        partial.unlink()
        raise DownloadError(
            f"{archive.url} does not send the published file, so nothing was kept. Try later, or "
            f"put {archive.name} from elsewhere into a folder and set COMPANION_DATA_DIR to it."
        )


def _failure(archive: Archive, problem: str) -> DownloadError:
    return DownloadError(
        f"The download of {archive.url} failed: {problem}. "
        "Check the connection and run the same again: it goes on where it stopped."
    )
