"""Write files so that a reader ever sees the old content or the new, never a part.

The new content goes to a temporary file in the same folder, is flushed to the disk and then takes
the old file's place in one step; the folder's entry is flushed too, so that a power cut cannot undo
it. An error removes the temporary file and names the file that could not be written; only a killed
process leaves one behind, for the next that holds the folder's lock to remove.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path; its content replaces `path` when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        with naming(path):
            temporary.touch(exist_ok=False)  # an ordinary file's permissions, unlike `tempfile`
            yield temporary
            _flush(temporary)
            temporary.replace(path)
            _flush(path.parent)
    except BaseException:
        with suppress(OSError):  # the first error counts; this one would hide it
            temporary.unlink(missing_ok=True)
        raise


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of the system name `path` if it names no file, as that of a write or a lock."""
    try:
        yield
    except OSError as error:
        if error.errno and not error.filename:
            error.filename = str(path)
        raise


def remove_leftovers(folder: Path, name: str = "*") -> None:
    """Remove what killed writers of the file `name`, or of any file, left in `folder`.

    Only for whoever holds the lock without which nobody writes there.
    """
    for leftover in folder.glob(f".{name}.*.part"):
        leftover.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Replace the content of `path` by `data`."""
    with atomic_file(path) as temporary:
        temporary.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Replace the content of `path` by `text`, encoded as UTF-8."""
    write_bytes(path, text.encode("utf-8"))


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
