"""The workers of a search as its chief knows them: alive, gone, or leaving."""

import logging
import threading
import time
from collections.abc import Callable

LOG = logging.getLogger(__name__)


class Workers:
    """Who was heard of when; several threads may ask and tell.

    Args:
        patience: Seconds of silence after which a worker is taken for dead.
        clock: Returns seconds.
    """

    def __init__(self, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience, self._clock = patience, clock
        self._lock = threading.Lock()
        self._heard: dict[str, float] = {}
        self._left: dict[str, str] = {}
        self._alone_since = clock()

    def hear(self, name: str) -> None:
        """Note that a worker is alive."""
        with self._lock:
            if name not in self._heard:
                LOG.info("%s has come.", name)
            self._heard[name] = self._clock()

    def leave(self, name: str, error: str) -> None:
        """Note that a worker ends, with an error or an empty string."""
        with self._lock:
            self._left[name] = error

    def take_left(self) -> dict[str, str]:
        """Forget the workers that left, and return them with their errors."""
        with self._lock:
            left, self._left = self._left, {}
            self._forget(left)
        return left

    def take_silent(self) -> list[str]:
        """Forget the workers that have been silent for too long, and return them."""
        with self._lock:
            now = self._clock()
            silent = [name for name, last in self._heard.items() if now - last > self._patience]
            self._forget(silent)
        return silent

    def seconds_alone(self) -> float:
        """Return for how long there has been no worker; 0 while there is one."""
        with self._lock:
            return 0.0 if self._heard else self._clock() - self._alone_since

    def any_alive(self) -> bool:
        """Return whether there is a worker."""
        with self._lock:
            return bool(self._heard)

    def _forget(self, names: list[str] | dict[str, str]) -> None:
        for name in names:
            self._heard.pop(name, None)
        if names and not self._heard:
            self._alone_since = self._clock()
