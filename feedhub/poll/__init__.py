"""Sources to store: fetch what is leased, read what came, save what is new.

Nothing here waits for a round: each source is saved as soon as it has been read, and one that hangs, fails
or is broken costs the others nothing.
"""

import logging
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta

from feedhub.cadence import Answered, next_visit
from feedhub.errors import SourceError, StoreError
from feedhub.fetch import Outcome
from feedhub.model import Limits, Reading, Response, Saved, Source, Unchanged, Visit
from feedhub.poll.ours import Ours
from feedhub.poll.tasks import Document, Ending, Task, digest, fault, polled, request_of, task_of
from feedhub.poll.turns import PUT_OFF, Turns
from feedhub.poll.types import Fetching, Polled, Reader
from feedhub.store import Store

__all__ = ["Ours", "Polled", "Poller", "Reader"]

Clock = Callable[[], datetime]
_MOST_WAITING = 64_000_000  # bytes of documents that wait to be read; nothing more is taken in beyond them
_FEW = 8  # of so many parts of all slots; fewer are not worth taking while others wait to be read
_NOT_OURS = timedelta(minutes=1)  # until a source is due again that this process cannot begin now
_LONGEST_LEASE = timedelta(minutes=30)  # it is renewed; one of over an hour is taken for a wrong clock's

_log = logging.getLogger("feedhub")


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
        ours: Ours | None = None,
    ) -> None:
        self._store = store
        self._sources = sources
        self._fetcher = fetcher
        self._reader = reader
        self._clock = clock
        self._ours = ours or Ours()
        self._token = uuid.uuid4().hex
        self._limits = limits
        self._lasts = min(2 * limits.timeout, _LONGEST_LEASE)
        self._most_failing = max(1, limits.at_once // 4)
        self._turns = Turns(limits, most=len(sources))
        self._renewed = clock()
        # A task is in the first, and on its way through the others; it leaves the one behind only when it
        # stands in the next, so that an exception in between loses none.
        self._tasks: dict[str, Task] = {}
        self._fetched: deque[tuple[Task, Outcome]] = deque()
        self._reading: dict[Future[Reading], Document] = {}
        self._endings: deque[Ending] = deque()

    @property
    def free(self) -> int:
        """Tell how many more sources are worth taking now."""
        if self._waiting_bytes() >= _MOST_WAITING:
            return 0
        beyond = len(self._fetched) + len(self._reading) + len(self._endings)
        room = max(0, self._fetcher.free - beyond)
        # Taking costs a transaction, and while documents wait to be read there is no hurry.
        return room if not beyond or room >= self._limits.at_once // _FEW else 0

    @property
    def active(self) -> int:
        """Tell how many visits are under way."""
        return len(self._tasks)

    # ── Taking ──

    def take_due(self) -> int:
        """Take as many due sources as there is room for, or put them off; tells how many."""
        if not self.free:
            return 0
        failing = sum(task.visit.failures > 0 for task in self._tasks.values())
        leased = self._store.polling.lease(
            self._clock(),
            most=self.free,
            most_failing=max(0, self._most_failing - failing),
            lasts=self._lasts,
            token=self._token,
        )
        return self._begin(leased, turns=self._turns)

    def take(self, names: Sequence[str], *, began: datetime) -> int:
        """Take these sources, due or not, but for those that another process is polling; tells how many."""
        leased = self._store.polling.lease_named(
            names, self._clock(), began=began, lasts=self._lasts, token=self._token
        )
        return self._begin(leased)

    def _begin(self, visits: Iterable[Visit], turns: Turns | None = None) -> int:
        """Begin visits, or put them off, those too that must wait for their `turns`; tells how many."""
        begun, put_off = 0, []
        now = self._clock()
        for visit in visits:
            under_way = self._tasks.get(visit.source)
            if under_way and replace(visit, leased=under_way.visit.leased) == under_way.visit:
                continue  # its lease ran out in our hands, while the machine slept: now we have it again
            source = self._sources.get(visit.source)
            if under_way or source is None:  # what is under way is no longer to be saved
                put_off.append((visit, replace(visit, due=max(visit.due, now + _NOT_OURS))))
                continue
            task = task_of(visit, source)
            request = request_of(task)
            if turns and (turn := turns.next(request.url, self._fetcher.line(request.url), now)):
                put_off.append((visit, replace(visit, due=turn, reason=PUT_OFF)))
                continue
            begun += 1
            self._tasks[source.name] = task
            try:
                self._fetcher.add(request)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this source's
                self._endings.append(Ending(task, fault(source, error)))
        if put_off:
            self._store.polling.save_quiet(put_off, token=self._token)
        return begun + len(put_off)

    # ── Going on ──

    def step(self, seconds: float) -> Iterator[Polled]:
        """Go on for a while; gives the visits that ended.

        What could not be saved, for a StoreError, is tried again at the next step.
        """
        self._renew()
        # Also while too much waits to be read: transfers that nobody moves on run out of time.
        has_room = self._waiting_bytes() < _MOST_WAITING
        for request, outcome in self._fetcher.perform(0 if self._endings else seconds):
            self._fetched.append((self._tasks[request.source], outcome))
        while self._fetched and has_room:
            self._judge(*self._fetched[0])
            self._fetched.popleft()
        if self._reading:
            self._reader.mend()
        for future in [future for future in self._reading if future.done()]:
            self._endings.append(self._read(future, self._reading[future]))
            del self._reading[future]
        yield from self._saved_together()
        while self._endings:
            ending = self._endings[0]
            ended = self._save(ending)
            self._endings.popleft()
            del self._tasks[ending.task.source.name]
            yield ended

    def _renew(self) -> None:
        """Keep the leases of what still waits for its host, to be read, or to be saved."""
        if self.active and abs(self._clock() - self._renewed) > self._lasts / 4:
            self._keep_leases()

    def _keep_leases(self) -> None:
        now = self._clock()
        # No others: of what a failing store kept from being given back, the leases must run out.
        self._store.polling.renew(self._tasks, now + self._lasts, token=self._token)
        self._renewed = now

    def _waiting_bytes(self) -> int:
        return sum(len(document.response.body) for document in self._reading.values())

    def _judge(self, task: Task, outcome: Outcome) -> None:
        """Have a document read if it is new to us; what else came ends the visit."""
        try:
            known_by = digest(outcome) if isinstance(outcome, Response) else ""
            if isinstance(outcome, Response) and known_by == task.visit.known.digest:
                # What a whole answer does not say is no more, where a 304 leaves out what has not changed.
                headers = {"etag": "", "last-modified": "", **outcome.headers}
                outcome = Unchanged(headers=headers, moved=outcome.moved)
            if isinstance(outcome, Response):
                # Whoever forgets the digest wants the document read once more, and whole.
                known = task.visit.known
                outcome = replace(outcome, seen=known.seen if known.digest else "")
                future = self._reader.submit(task.source, outcome, self._clock())
                self._reading[future] = Document(task, outcome, known_by)
                future.add_done_callback(lambda _: self._fetcher.wake())
            else:
                self._endings.append(Ending(task, outcome))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this source's
            self._endings.append(Ending(task, fault(task.source, error)))

    def _read(self, future: Future[Reading], document: Document) -> Ending:
        task, response = document.task, document.response
        try:
            reading = self._ours.without_echoes(future.result())
        except SourceError as error:
            return Ending(task, error)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this source's
            return Ending(task, fault(task.source, error))
        answered = Answered(
            headers=response.headers,
            etag=response.headers.get("etag", ""),
            last_modified=response.headers.get("last-modified", ""),
            digest=document.digest,
            seen=reading.seen,
            moved=response.moved,
            ttl=reading.ttl,
            skip_hours=reading.skip_hours,
            skip_days=reading.skip_days,
            refused=reading.refused,
        )
        return Ending(task, answered, reading)

    # ── Saving ──

    def _saved_together(self) -> list[Polled]:
        """Save in one go what gave nothing to read; if that fails, each is left to be saved by itself."""
        quiet = [ending for ending in self._endings if ending.reading is None]
        if len(quiet) < 2:
            return []
        now = self._clock()
        try:
            following = [
                next_visit(ending.task.source, ending.task.visit, ending.outcome, now=now) for ending in quiet
            ]
            ended = [(ending.task.visit, after) for ending, after in zip(quiet, following, strict=True)]
            kept = self._store.polling.save_quiet(ended, token=self._token)
        except Exception:  # noqa: BLE001 - it is found out and told there
            return []
        self._endings = deque(ending for ending in self._endings if ending.reading is not None)
        for ending in quiet:
            del self._tasks[ending.task.source.name]
        return [polled(ending, kept.get(ending.task.source.name)) for ending in quiet]

    def _save(self, ending: Ending) -> Polled:
        """Save an ending; if just this one cannot be saved, that is its source's problem.

        StoreError: nothing can be saved at present.
        """
        task = ending.task
        try:
            return self._end(ending)
        except StoreError:
            self._keep_leases()  # raises too if the store as a whole is to blame
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this source's
            return self._end(Ending(task, fault(task.source, error)))
        try:
            return self._end(ending)
        except StoreError as error:
            return self._end(Ending(task, SourceError(f"what it gave could not be saved: {error}")))

    def _end(self, ending: Ending) -> Polled:
        task, now = ending.task, self._clock()

        def following(saved: Saved) -> Visit:
            how = ending.outcome
            if isinstance(how, Answered):
                how = replace(how, changed=bool(saved.new or saved.changed))
            return next_visit(task.source, task.visit, how, now=now)

        if ending.reading is None:
            kept = self._store.polling.save_quiet([(task.visit, following(Saved()))], token=self._token)
            return polled(ending, kept.get(task.source.name))
        done = self._store.polling.save(
            task.visit, ending.reading, following, token=self._token, now=now, limits=self._limits
        )
        return polled(ending, *done) if done else polled(ending, None)

    def close(self) -> None:
        """Break off what is under way and give the leases back."""
        self._tasks.clear()
        self._reading.clear()
        try:
            self._fetcher.close()
        finally:
            try:
                self._store.polling.release(self._token)
            except StoreError as error:
                _log.warning("poll problem=%r", f"the leases must run out by themselves: {error}")
