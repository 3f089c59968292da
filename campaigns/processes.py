"""Processes that a campaign starts and kills, each the head of a session of its own.

They are forked from a server that has imported everything, so that a start costs milliseconds.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from campaigns.violations import ViolationError

SECONDS = 60.0  # far more than any step needs, so that a hang is a violation
KILLED = -signal.SIGKILL
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["campaigns.toy_study", "campaigns.toy_data", "requests"])


class Child:
    """A process that has begun to do `function(*arguments)`; what it prints goes to a file."""

    def __init__(self, said: Path, function: Callable[..., int | None], *arguments: Any) -> None:
        """Start it and return once its own code runs."""
        self._said = said
        ready, begun = _CONTEXT.Pipe(duplex=False)
        target = (begun, said, function, arguments)
        self._process = _CONTEXT.Process(target=_begin, args=target, daemon=True)
        self._process.start()
        begun.close()
        if not ready.poll(SECONDS):
            raise ViolationError(f"A process did not start within {SECONDS:.0f} s.")
        self.pid = int(self._process.pid or 0)

    @property
    def said(self) -> str:
        """What it printed."""
        return self._said.read_text()

    def end(self) -> int:
        """Wait for its end and return the exit code."""
        self._process.join(SECONDS)
        if self._process.exitcode is None:
            self.kill()
            raise ViolationError(f"A process was still at work after {SECONDS:.0f} s. {self.said}")
        return self._process.exitcode

    def kill(self) -> int:
        """End it as a want of memory would, and return its exit code."""
        with suppress(ProcessLookupError):  # it may have ended by itself
            if self._process.is_alive():
                os.kill(self.pid, signal.SIGKILL)
        self._process.join(SECONDS)
        return int(self._process.exitcode or 0)

    def session(self) -> list[psutil.Process]:
        """Return the living processes of its session, itself included."""
        return [process for process in psutil.process_iter() if _lives_in(process, self.pid)]

    def workers(self) -> list[psutil.Process]:
        """Return the workers of its pool as soon as there are any; none if it ends before."""
        begin = time.monotonic()
        while self._process.is_alive() and time.monotonic() - begin < SECONDS:
            workers = [one for one in self.session() if "spawn_main" in _command_line(one)]
            if workers:
                return workers
            time.sleep(0.01)
        return []

    def wait_for_orphans(self) -> float:
        """Wait until nobody of its session is left; return how many seconds that took."""
        begin = time.monotonic()
        while left := self.session():
            if time.monotonic() - begin > SECONDS:
                raise ViolationError(f"Orphans are left after {SECONDS:.0f} s: {left}.")
            time.sleep(0.01)
        return time.monotonic() - begin


def _begin(
    begun: Any, said: Path, function: Callable[..., int | None], arguments: tuple[Any, ...]
) -> None:
    os.setsid()
    multiprocessing.set_start_method("fork", force=True)  # as in a process that was not forked
    output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    begun.send(None)
    sys.exit(function(*arguments))


def _lives_in(process: psutil.Process, session: int) -> bool:
    try:
        return os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False


def _command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # it has just ended
        return ""
