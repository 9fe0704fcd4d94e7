"""Readers that need no processes, for tests of the poller."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

from feedhub.errors import ReadError
from feedhub.model import Reading, Response, Source
from feedhub.read import read


class ReadHere:
    """Reads in the caller's own thread; the Futures that it gives are done, whatever came of it."""

    def __init__(self, reads: Callable[..., Reading] = read) -> None:
        self._reads = reads

    def submit(self, source: Source, response: Response, now: datetime) -> Future[Reading]:
        future: Future[Reading] = Future()
        try:
            future.set_result(self._reads(source, response, now=now))
        except Exception as error:  # noqa: BLE001 - as a process would hand it on
            future.set_exception(error)
        return future

    def mend(self) -> None:
        """There is nothing that could break."""


class ReadLater:
    """Holds every document until it is told to read."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Reading], Source, Response, datetime]] = []

    def submit(self, source: Source, response: Response, now: datetime) -> Future[Reading]:
        future: Future[Reading] = Future()
        self.waiting.append((future, source, response, now))
        return future

    def mend(self) -> None:
        """There is nothing that could break."""

    def reads_one(self) -> None:
        future, source, response, now = self.waiting.pop(0)
        try:
            future.set_result(read(source, response, now=now))
        except ReadError as error:
            future.set_exception(error)
