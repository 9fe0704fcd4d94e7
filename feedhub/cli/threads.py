"""The threads of a hub: each does its work until the hub stops, whatever ends it before."""

import logging
import threading
import time
from collections.abc import Callable

from feedhub.cli.watching import ConfigFile
from feedhub.config import Config
from feedhub.errors import FeedHubError, StoreError

_REST = 1.0  # seconds after a failure
_LONGEST_REST = 30.0  # seconds, when failure follows on failure
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

    def keep_watching(self, file: ConfigFile, taken_up: Callable[[Config], None]) -> None:
        """Begin to watch config.toml, as `ConfigFile.watch` does."""

        def watch() -> None:
            file.watch(taken_up, self.stopping, stands=lambda: self.failing.discard("config"))

        self.begin("config", watch, part="config")

    def end(self) -> None:
        """Have all threads end, and wait for that, but not for long."""
        self.stopping.set()
        self.leave()

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
        rest = _REST
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                work()
                continue
            except FeedHubError as error:
                self._tell("store" if isinstance(error, StoreError) else part)
                _log.error("%s problem=%r", name, str(error))
            except Exception:  # noqa: BLE001 - a hub runs for months; what nobody foresaw must not end it
                self._tell(part)
                _log.exception("%s fault, it begins anew", name)
            rest = _REST if time.monotonic() - began > _LONGEST_REST else rest
            self.stopping.wait(rest)
            rest = min(2 * rest, _LONGEST_REST)

    def _tell(self, part: str) -> None:
        if part:
            self.failing.add(part)
