"""Sources to store: fetch what is leased, read what came, save what is new.

Nothing here waits for a round: each source is saved as soon as it has been read, and one that hangs, fails
or is broken costs the others nothing.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from feedhub import urls
from feedhub.cadence import Answered, next_visit
from feedhub.errors import ReadError, SourceError
from feedhub.fetch import Outcome
from feedhub.model import Entry, Limits, NotTaken, Reading, Request, Response, Saved, Source, Unchanged, Visit
from feedhub.store import Store

Clock = Callable[[], datetime]
_GLANCE = 0.02  # seconds: how long transfers are run for while documents are being read
_MOST_WAITING = 64_000_000  # bytes of documents that wait to be read; nothing more is taken in beyond them


class Fetching(Protocol):
    """What the poller needs of `fetch.Fetcher`."""

    @property
    def free(self) -> int: ...  # noqa: D102
    @property
    def active(self) -> int: ...  # noqa: D102
    def add(self, request: Request) -> None: ...  # noqa: D102
    def perform(self, wait: float) -> list[tuple[Request, Outcome]]: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


class Reader(Protocol):
    """What the poller needs to have documents read; the Future gives a Reading or raises ReadError."""

    def submit(self, source: Source, response: Response, now: datetime) -> Future[Reading]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """How the poll of a source ended."""

    source: Source
    visit: Visit  # the one that follows
    saved: Saved | None = None  # None = another process had taken it over
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Task:
    visit: Visit
    source: Source


class Poller:
    """Polls what it takes from the store; used by one thread."""

    def __init__(
        self,
        store: Store,
        sources: Mapping[str, Source],
        limits: Limits,
        *,
        fetcher: Fetching,
        reader: Reader,
        clock: Clock,
        ours: "Ours | None" = None,
    ) -> None:
        self._store = store
        self._sources = sources
        self._fetcher = fetcher
        self._reader = reader
        self._clock = clock
        self._ours = ours or Ours()
        self._token = uuid.uuid4().hex
        self._lasts = 2 * limits.timeout
        self._most_failing = max(1, limits.at_once // 4)
        self._renewed = clock()
        self._fetching: dict[str, _Task] = {}
        self._reading: dict[Future[Reading], tuple[_Task, Response]] = {}

    @property
    def free(self) -> int:
        """Tell how many more sources are worth taking now."""
        return max(0, self._fetcher.free - len(self._reading))

    @property
    def active(self) -> int:
        """Tell how many visits are under way."""
        return len(self._fetching) + len(self._reading)

    def take_due(self) -> int:
        """Take as many due sources as there is room for; tells how many."""
        if not self.free:
            return 0
        failing = sum(task.visit.failures > 0 for task in self._fetching.values())
        leased = self._store.polling.lease(
            self._clock(),
            most=self.free,
            most_failing=max(0, self._most_failing - failing),
            lasts=self._lasts,
            token=self._token,
        )
        return self._begin(leased)

    def take(self, names: Sequence[str], *, began: datetime) -> int:
        """Take these sources, due or not, but for those that another process is polling; tells how many."""
        leased = self._store.polling.lease_named(
            names, self._clock(), began=began, lasts=self._lasts, token=self._token
        )
        return self._begin(leased)

    def _begin(self, visits: Iterable[Visit]) -> int:
        begun = 0
        for visit in visits:
            if (source := self._sources.get(visit.source)) is None:
                continue
            begun += 1
            self._fetching[source.name] = _Task(visit, source)
            self._fetcher.add(
                Request(
                    source=source.name,
                    url=visit.url or source.url,
                    etag=visit.etag,
                    last_modified=visit.last_modified,
                    auth=source.auth,
                    is_doubtful=visit.failures > 0,
                )
            )
        return begun

    def step(self, seconds: float) -> Iterator[Polled]:
        """Go on for a while; gives the visits that ended."""
        self._renew()
        if self._waiting_bytes() < _MOST_WAITING:
            for request, outcome in self._fetcher.perform(_GLANCE if self._reading else seconds):
                yield from self._fetched(self._fetching.pop(request.source), outcome)
        if self._reading and (not self._fetching or self._waiting_bytes() >= _MOST_WAITING):
            wait(self._reading, timeout=seconds, return_when="FIRST_COMPLETED")
        for future in [future for future in self._reading if future.done()]:
            yield self._read(future)

    def _renew(self) -> None:
        """Keep the leases of what still waits for its host, or to be read."""
        now = self._clock()
        if self.active and abs(now - self._renewed) > self._lasts / 4:
            self._store.polling.renew(self._token, now + self._lasts)
            self._renewed = now

    def _waiting_bytes(self) -> int:
        return sum(len(response.body) for _, response in self._reading.values())

    def _fetched(self, task: _Task, outcome: Outcome) -> Iterator[Polled]:
        if isinstance(outcome, Response) and _digest(outcome) == task.visit.digest:
            outcome = Unchanged(headers=outcome.headers, moved=outcome.moved)
        if isinstance(outcome, Response):
            future = self._reader.submit(task.source, outcome, self._clock())
            self._reading[future] = (task, outcome)
        else:
            yield self._end(task, outcome)

    def _read(self, future: Future[Reading]) -> Polled:
        task, response = self._reading.pop(future)
        try:
            reading = self._ours.without_echoes(future.result())
        except ReadError as error:
            return self._end(task, error)
        answered = Answered(
            headers=response.headers,
            etag=response.headers.get("etag", ""),
            last_modified=response.headers.get("last-modified", ""),
            digest=_digest(response),
            moved=response.moved,
            ttl=reading.ttl,
            skip_hours=reading.skip_hours,
            skip_days=reading.skip_days,
            refused=reading.refused,
        )
        return self._end(task, answered, reading)

    def _end(
        self, task: _Task, outcome: Answered | Unchanged | SourceError, reading: Reading | None = None
    ) -> Polled:
        now = self._clock()

        def following(saved: Saved) -> Visit:
            how = outcome
            if isinstance(how, Answered):
                how = replace(how, changed=bool(saved.new or saved.changed))
            return next_visit(task.source, task.visit, how, now=now)

        done = self._store.polling.save(task.visit, reading, following, token=self._token, now=now)
        visit, saved = done or (task.visit, None)
        problem = str(outcome) if isinstance(outcome, SourceError) else ""
        return Polled(source=task.source, visit=visit, saved=saved, problem=problem)

    def close(self) -> None:
        """Break off what is under way and give the leases back."""
        self._fetcher.close()
        for future in self._reading:
            future.cancel()
        self._store.polling.release(self._token)


def _digest(response: Response) -> str:
    return hashlib.sha256(response.body).hexdigest()


class ReadHere:
    """A Reader that reads in the caller's own thread."""

    def __init__(self, read: Callable[..., Reading]) -> None:
        self._read = read

    def submit(self, source: Source, response: Response, now: datetime) -> Future[Reading]:
        """Read a document; the Future that it gives is done."""
        future: Future[Reading] = Future()
        try:
            future.set_result(self._read(source, response, now=now))
        except ReadError as error:
            future.set_exception(error)
        return future


@dataclass(frozen=True, slots=True)
class Ours:
    """How to know what we published ourselves: two hubs that read each other must not echo."""

    site_url: str = ""
    ids: frozenset[str] = frozenset()  # of our feeds

    def without_echoes(self, reading: Reading) -> Reading:
        """Leave out entries that came through us; raises ReadError for a document that is our own."""
        if self._is_ours(reading.origin.id, reading.self_url):
            raise ReadError("this is a feed of our own")
        echoes = [entry for entry in reading.entries if self._came_through_us(entry)]
        if not echoes:
            return reading
        refused = (
            NotTaken(id=entry.key, title=entry.title, link=entry.url, reason="it came through us already")
            for entry in echoes
        )
        entries = tuple(entry for entry in reading.entries if entry not in echoes)
        return replace(reading, entries=entries, refused=(*reading.refused, *refused))

    def _came_through_us(self, entry: Entry) -> bool:
        hops = (entry.origin, *entry.origin.via)
        return any(self._is_ours(hop.id, hop.feed_url, hop.site_url) for hop in hops)

    def _is_ours(self, *names: str) -> bool:
        if not self.site_url:
            return False
        prefix = urls.canonical(self.site_url).rstrip("/") + "/"
        return any(
            name in self.ids or (name and (urls.canonical(name) + "/").startswith(prefix)) for name in names
        )
