"""Feeds tried out: fetched and read, many at once, with nothing stored."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from feedhub import urls
from feedhub.config import Config
from feedhub.errors import FetchError, ReadError, SourceError
from feedhub.fetch import Outcome, fetch
from feedhub.model import Reading, Request, Response, Source, Unchanged
from feedhub.workers import Workers

_MOST_WAITING = 64_000_000  # bytes of documents that wait to be read; nothing more is fetched beyond them


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a feed turned out to hold."""

    url: str  # where to poll it: where it moved for good, else where it was looked for
    answered: str  # where the document came from in the end
    digest: bytes  # of the document
    title: str  # plain text
    entries: int
    newest: datetime | None  # None = no entry says when it was published
    language: str  # BCP 47, as the feed or its first entry says
    license: str  # a URL, else the publisher's words


class Tryout:
    """Tries feeds within the limits of a configuration; a context manager, which ends its processes."""

    def __init__(self, config: Config) -> None:
        self._limits = config.limits
        self._zone = config.site.timezone
        self._workers = Workers(config.limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.close()

    def fetched(self, url: str) -> Response:
        """Fetch one document; raises FetchError."""
        for _, outcome in fetch([Request(source=url, url=url)], self._limits):
            return _response(outcome)
        raise FetchError("no answer came")

    def read(self, url: str, response: Response) -> Tried:
        """Read one document that was fetched; raises ReadError if it is no feed."""
        return _tried(url, response, self._submit(url, response).result())

    def all(self, addresses: Sequence[str]) -> Iterator[tuple[str, Tried | SourceError]]:
        """Fetch and read all, each once; gives them as they are done."""
        pending = _Pending()
        requests = (Request(source=url, url=url) for url in _spread(addresses))
        for request, outcome in fetch(requests, self._limits):
            try:
                response = _response(outcome)
            except FetchError as error:
                yield request.url, error
                continue
            pending.add(request.url, response, self._submit(request.url, response))
            yield from pending.ended(lambda: pending.size <= _MOST_WAITING)
        yield from pending.ended(lambda: not pending.size)

    def _submit(self, url: str, response: Response) -> "Future[Reading]":
        source = Source(name=urls.host(url) or "feed", url=url, timezone=self._zone)
        return self._workers.submit(source, response, datetime.now(UTC))


class _Pending:
    """Documents that are being read."""

    def __init__(self) -> None:
        self.size = 0  # bytes
        self._asked: dict[Future[Reading], tuple[str, Response]] = {}

    def add(self, url: str, response: Response, future: "Future[Reading]") -> None:
        self._asked[future] = (url, response)
        self.size += len(response.body)

    def ended(self, is_enough: Callable[[], bool]) -> Iterator[tuple[str, Tried | SourceError]]:
        """Give what has been read; waits for more until it is enough."""
        while self._asked:
            done = [future for future in self._asked if future.done()]
            for future in done:
                url, response = self._asked.pop(future)
                self.size -= len(response.body)
                yield url, _outcome(url, response, future)
            if is_enough():
                return
            if not done:
                wait(self._asked, return_when=FIRST_COMPLETED)


def _response(outcome: Outcome) -> Response:
    match outcome:
        case Response():
            return outcome
        case Unchanged():
            raise FetchError("answered that nothing has changed, though nothing was known before")
        case error:
            raise error


def _outcome(url: str, response: Response, future: "Future[Reading]") -> Tried | SourceError:
    try:
        return _tried(url, response, future.result())
    except ReadError as error:
        return error


def _tried(url: str, response: Response, reading: Reading) -> Tried:
    origin, entries = reading.origin, reading.entries
    terms = [origin.license, *(entry.license for entry in entries[:1]), origin.rights]
    languages = [origin.language, *(entry.language for entry in entries[:1])]
    return Tried(
        url=response.moved or url,
        answered=response.url,
        digest=hashlib.sha256(response.body).digest(),
        title=origin.title,
        entries=len(entries),
        newest=max((entry.published for entry in entries if entry.dated), default=None),
        language=next(filter(None, languages), ""),
        license=next(filter(None, terms), ""),
    )


def _spread(addresses: Sequence[str]) -> list[str]:
    """Put the first address of each host first: one host's many must not hold up the others."""
    seen: Counter[str] = Counter()
    turns = {}
    for url in dict.fromkeys(addresses):
        turns[url] = seen[urls.host(url)]
        seen[urls.host(url)] += 1
    return sorted(turns, key=turns.__getitem__)
