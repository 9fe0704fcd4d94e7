"""Feeds tried out: fetched and read, many at once, with nothing stored."""

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import starmap
from types import TracebackType
from typing import Self

from feedhub import urls
from feedhub.cli.pending import Pending
from feedhub.cli.turns import in_turns
from feedhub.config import Config
from feedhub.errors import FetchError, ReadError, SourceError
from feedhub.fetch import Outcome, fetch
from feedhub.model import Reading, Request, Response, Source, Unchanged
from feedhub.workers import Workers


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
        future = self._workers.submit(self._source(url), response, datetime.now(UTC))
        self._workers.wait([future])
        return _tried(url, response, future.result())

    def all(self, addresses: Sequence[str]) -> Iterator[tuple[str, Tried | SourceError]]:
        """Fetch and read all, each once; gives them as they are done."""
        pending = Pending[tuple[str, Response]](self._workers)
        requests = (Request(source=url, url=url) for url in in_turns(dict.fromkeys(addresses), str))
        for request, outcome in fetch(requests, self._limits):
            try:
                response = _response(outcome)
            except FetchError as error:
                yield request.url, error
                continue
            pending.add((request.url, response), self._source(request.url), response)
            yield from starmap(_outcome, pending.ended())
        yield from starmap(_outcome, pending.ended(is_last=True))

    def _source(self, url: str) -> Source:
        return Source(name=urls.host(url) or "feed", url=url, timezone=self._zone)


def _response(outcome: Outcome) -> Response:
    match outcome:
        case Response():
            return outcome
        case Unchanged():
            raise FetchError("answered that nothing has changed, though nothing was known before")
        case error:
            raise error


def _outcome(asked: tuple[str, Response], future: "Future[Reading]") -> tuple[str, Tried | SourceError]:
    url, response = asked
    try:
        return url, _tried(url, response, future.result())
    except ReadError as error:
        return url, error


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
