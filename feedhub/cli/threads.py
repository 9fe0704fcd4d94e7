"""The threads of a hub: each does its work until the hub stops, whatever ends it before."""

import logging
import threading
import time
from collections.abc import Callable

from feedhub.errors import StoreError

_REST = 1.0  # seconds after a failure
_LEAVE = 3.0  # seconds that the threads may take to end; what they have begun is safe to break off

_log = logging.getLogger("feedhub")


class Threads:
    """Threads that go on until they are told to stop, and what of their work fails (as in `health`)."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.failing: set[str] = set()
        self._begun: list[threading.Thread] = []

    def begin(self, name: str, work: Callable[[], None], *, part: str = "") -> None:
        """Begin some work, and begin it anew whenever it ends; `part` is what fails if nobody foresaw why.

        Whoever does the work says when it has succeeded.
        """
        thread = threading.Thread(target=self._keep, args=(name, work, part), name=name, daemon=True)
        self._begun.append(thread)
        thread.start()

    def leave(self) -> None:
        """Wait for all threads to end, but not for long."""
        until = time.monotonic() + _LEAVE
        for thread in self._begun:
            thread.join(max(0.0, until - time.monotonic()))

    @property
    def are_alive(self) -> bool:
        """Tell whether one of them has not ended."""
        return any(thread.is_alive() for thread in self._begun)

    def _keep(self, name: str, work: Callable[[], None], part: str) -> None:
        while not self.stopping.is_set():
            try:
                work()
            except StoreError as error:
                self.failing.add("store")
                _log.error("%s problem=%r", name, str(error))
                self.stopping.wait(_REST)
            except Exception:  # noqa: BLE001 - a hub runs for months; what nobody foresaw must not end it
                if part:
                    self.failing.add(part)
                _log.exception("%s fault, it begins anew", name)
                self.stopping.wait(_REST)
