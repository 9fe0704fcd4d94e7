"""Documents that are being read for a command, with what each was asked for."""

from collections.abc import Collection, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar

from feedhub.model import Reading, Response, Source

_MOST_WAITING = 64_000_000  # bytes of documents that wait to be read; nothing more is fetched beyond them

Asked = TypeVar("Asked")


class Working(Protocol):
    """What is needed of `workers.Workers`."""

    def submit(self, source: Source, response: Response, now: datetime) -> Future[Reading]:
        """Have a document read."""

    def wait(self, futures: Collection[Future[Reading]]) -> None:
        """Wait until one of them is done."""


class Pending(Generic[Asked]):
    """Documents that `workers` read; for one thread."""

    def __init__(self, workers: Working) -> None:
        self._workers = workers
        self._size = 0  # bytes
        self._asked: dict[Future[Reading], tuple[Asked, int]] = {}

    def add(self, asked: Asked, source: Source, response: Response) -> None:
        """Have a document read."""
        size = len(response.body)
        self._asked[self._workers.submit(source, response, datetime.now(UTC))] = asked, size
        self._size += size

    def ended(self, *, is_last: bool = False) -> Iterator[tuple[Asked, Future[Reading]]]:
        """Give what has been read; waits while too much is left, or, of the last, until nothing is."""
        while self._asked:
            done = [future for future in self._asked if future.done()]
            for future in done:
                asked, size = self._asked.pop(future)
                self._size -= size
                yield asked, future
            if not done and not is_last and self._size <= _MOST_WAITING:
                return
            if not done:
                self._workers.wait(self._asked)
