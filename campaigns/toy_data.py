"""A data set of a dozen random images, in the cache's and in the archive's form, and its server."""

import gzip
import hashlib
import io
import re
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from companion.datasets._download import Archive
from companion.datasets._records import Decoded, decode
from companion.datasets._spec import CIFAR10, RECORD_BYTES, ImageSpec

BATCH_SIZE = 2


def _batches() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    shape = (BATCH_SIZE, RECORD_BYTES)
    batches = {stem: rng.integers(0, 256, shape, dtype=np.uint8) for stem in CIFAR10.batches}
    for records in batches.values():
        records[:, 0] %= len(CIFAR10.class_names)
    return batches


_RECORDS = _batches()
DECODED: Decoded = decode(
    np.concatenate([_RECORDS[stem] for stem in CIFAR10.train_batches]), _RECORDS[CIFAR10.test_batch]
)
SPEC: ImageSpec = replace(
    CIFAR10,
    batch_size=BATCH_SIZE,
    train_fingerprint=DECODED.train_fingerprint,
    test_fingerprint=DECODED.test_fingerprint,
    archives=(),
)


def is_toy(decoded: Decoded) -> bool:
    """Return whether these are the toy's images, labels and fingerprints."""
    return (
        np.array_equal(decoded.images, DECODED.images)
        and np.array_equal(decoded.labels, DECODED.labels)
        and decoded[2:] == DECODED[2:]
    )


def packed() -> bytes:
    """Return the batches as the binary version's archive."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        for stem, records in _RECORDS.items():
            entry = tarfile.TarInfo(f"cifar-10-batches-bin/{stem}.bin")
            entry.size = records.nbytes
            tar.addfile(entry, io.BytesIO(records.tobytes()))
    return gzip.compress(file.getvalue(), mtime=0)


def published(content: bytes, url: str) -> Archive:
    """Return what would be published about an archive of this content."""
    return Archive(url, len(content), hashlib.sha256(content).hexdigest())


@contextmanager
def serving(content: bytes) -> Iterator[str]:
    """Serve `content` on this machine, from any offset; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"])
            start = int(asked[1]) if asked else 0
            self.send_response(206)
            end = len(content)
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{end}")
            self.send_header("Content-Length", str(end - start))
            self.end_headers()
            self.wfile.write(content[start:])

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/cifar-10-binary.tar.gz"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
