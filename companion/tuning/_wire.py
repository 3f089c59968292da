"""What the chief of a search and its workers say to each other beside KerasTuner's own calls.

A worker's name travels as the user agent of its connection, so the chief knows who calls. `BEAT`
says that a worker is alive, `LEAVE` that it ends, with the error that made it end, or nothing.
"""

from typing import Any

import grpc

SERVICE = "companion.tuning.Workers"
BEAT, LEAVE = "Beat", "Leave"
MESSAGE = "message-bin"  # metadata of the end of a trial: the traceback KerasTuner leaves behind
LONGEST_MESSAGE = 4000  # bytes; metadata may have 8 KB

CHANNEL_OPTIONS = (
    ("grpc.enable_http_proxy", 0),  # else a proxy is asked even for this machine
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 1000),  # else up to two minutes after a chief has come back
)


def connect(address: str, worker: str) -> grpc.Channel:
    """Return a connection to the chief that carries the worker's name."""
    return grpc.insecure_channel(
        address, options=(*CHANNEL_OPTIONS, ("grpc.primary_user_agent", worker))
    )


def worker_of(context: grpc.ServicerContext) -> str:
    """Return the name of the worker that calls."""
    return str(_metadata(context)["user-agent"]).split(" ", maxsplit=1)[0]


def message_of(context: grpc.ServicerContext) -> str | None:
    """Return the error that came with the end of a trial."""
    message: bytes = _metadata(context).get(MESSAGE, b"")
    return message.decode(errors="replace") or None


def as_message(text: str | None) -> bytes:
    """Return the end of an error, which names it, as short as metadata has to be."""
    return (text or "").encode()[-LONGEST_MESSAGE:]


def _metadata(context: grpc.ServicerContext) -> dict[str, Any]:
    return dict(context.invocation_metadata())
