"""The store to a feed's editions: which days it has, which entries are on them, since when they are so."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from feedhub.curate import Days, curate, first_day
from feedhub.curate.day import oldest_open, starts
from feedhub.curate.duplicates import WINDOW
from feedhub.curate.order import entries_of, newest_first
from feedhub.model import Edition, Feed, Kept, Site, Source
from feedhub.store import EditionState, FeedState, Store

# A poll that had begun to save when its day closed is still waited for.
_GRACE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A feed's editions as they are now."""

    feed: Feed
    id: str
    open: Days  # not yet closed, with their entries; None = older than the first day
    closed: Sequence[date]  # with entries, the oldest first
    current: tuple[Kept, ...]  # of the document to subscribe to

    @property
    def days(self) -> list[date]:
        """Give the days that have entries, the oldest first."""
        return sorted({*self.closed, *(day for day in self.open if day)})


def plan(store: Store, feed: Feed, sources: Mapping[str, Source], *, now: datetime) -> Plan:
    """Find out a feed's editions; closes what days are over, and the first round when it is."""
    names = [source.name for source in sources.values() if _may_take(feed, source)]
    state = store.publishing.feed(feed.name)
    open_from = oldest_open(feed, now - _GRACE)
    days, state = _open_days(store, feed, names, sources, state, now)
    if state.started is not None and (state.open_from is None or state.open_from < open_from):
        days = _close(store, feed, days, open_from)
    return Plan(
        feed=feed,
        id=state.id,
        open=days,
        closed=store.publishing.closed_days(feed.name),
        current=_current(store, feed, days, open_from),
    )


def _may_take(feed: Feed, source: Source) -> bool:
    take = feed.take
    return (not take.sources or source.name in take.sources) and (
        not take.groups or not set(take.groups).isdisjoint(source.groups)
    )


def _open_days(
    store: Store,
    feed: Feed,
    names: list[str],
    sources: Mapping[str, Source],
    state: FeedState,
    now: datetime,
) -> tuple[Days, FeedState]:
    """Give the days that have not been closed, and what is remembered of the feed."""
    publishing = store.publishing
    standing: list[Kept] = []
    if state.open_from is None or state.filled_from is None:
        candidates = publishing.newest(names, feed.limit)
        filled_from = first_day(feed, candidates[0].entry.published if candidates else now)
        candidates += publishing.published_since(names, starts(filled_from, feed.timezone))
        if state.started is None and names and not publishing.is_round_open(names):
            publishing.start(feed.name, now, filled_from)
            state = publishing.feed(feed.name)
        filled_from = state.filled_from or filled_from
    else:
        filled_from, since = state.filled_from, starts(state.open_from, feed.timezone)
        candidates = publishing.seen_since(names, since)
        standing = publishing.filed_since(feed.name, since - WINDOW)
    unique = {(kept.entry.source, kept.entry.key): kept for kept in candidates}
    days = curate(
        feed,
        unique.values(),
        standing=standing,
        sources=sources,
        started=state.started,
        filled_from=filled_from,
    )
    if state.open_from is not None:
        days = {day: kept for day, kept in days.items() if day and day >= state.open_from}
    return days, state


def _close(store: Store, feed: Feed, days: Days, open_from: date) -> Days:
    """Close the days before one; give those that are left."""
    over = {day: kept for day, kept in days.items() if day is None or day < open_from}
    filed = [(day, one.entry) for day, kept in over.items() for one in kept]
    store.publishing.close(feed.name, open_from, filed)
    return {day: kept for day, kept in days.items() if day not in over}


def _current(store: Store, feed: Feed, days: Days, open_from: date) -> tuple[Kept, ...]:
    """Give the whole of the open day and, beyond it, the newest up to the feed's limit."""
    whole = [kept for day, found in days.items() if day and day >= open_from for kept in found]
    older = [kept for day, found in days.items() if not day or day < open_from for kept in found]
    if len(whole) < feed.limit:
        older += store.publishing.newest_filed(feed.name, feed.limit)
        whole += newest_first(older)[: feed.limit - len(whole)]
    return tuple(newest_first(whole))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """An edition that may have to be rendered: what its documents depend on, without its entries."""

    day: date | None
    closed: bool
    earlier: date | None
    later: date | None
    archive: date | None
    state: EditionState | None  # as it was published last


def outlooks(plan: Plan, states: Mapping[date | None, EditionState]) -> Iterator[Outlook]:
    """Give all editions of a feed, the document to subscribe to first."""
    days, closed = plan.days, set(plan.closed)
    newest = days[-1] if days else None
    yield Outlook(
        day=None,
        closed=False,
        earlier=newest,
        later=None,
        archive=plan.closed[-1] if plan.closed else None,
        state=states.get(None),
    )
    archive = None
    for index, day in enumerate(days):
        yield Outlook(
            day=day,
            closed=day in closed,
            earlier=days[index - 1] if index else None,
            later=days[index + 1] if index + 1 < len(days) else None,
            archive=archive,
            state=states.get(day),
        )
        archive = day if day in closed else archive


def edition(store: Store, plan: Plan, outlook: Outlook, site: Site, *, now: datetime) -> tuple[Edition, str]:
    """Give an edition with its entries, and a fingerprint of it; remembers since when it is as it is."""
    if outlook.day is None:
        kept: Sequence[Kept] = plan.current
    elif outlook.closed:
        kept = newest_first(store.publishing.filed_on(plan.feed.name, outlook.day))
    else:
        kept = plan.open[outlook.day]
    made = Edition(
        feed=plan.feed,
        id=plan.id,
        day=outlook.day,
        entries=entries_of(kept),
        updated=now,
        closed=outlook.closed,
        earlier=outlook.earlier,
        later=outlook.later,
        archive=outlook.archive,
    )
    state = _state(made, kept, outlook.state, site, now)
    if state != outlook.state:
        store.publishing.remember(plan.feed.name, state)
    return replace(made, updated=state.updated), state.fingerprint


def _state(
    made: Edition, kept: Sequence[Kept], before: EditionState | None, site: Site, now: datetime
) -> EditionState:
    """Say since when an edition is as it is: its newest change, or when a change that left none was met."""
    fingerprint = _fingerprint(made, kept, site)
    if before and before.fingerprint == fingerprint:
        return replace(before, closed=made.closed)
    updated = max((one.changed for one in kept), default=now)
    if before and updated <= before.updated:
        updated = max(now, before.updated + timedelta(seconds=1))
    return EditionState(day=made.day, closed=made.closed, updated=updated, fingerprint=fingerprint)


def _fingerprint(made: Edition, kept: Sequence[Kept], site: Site) -> str:
    """Hash all that shows in an edition's feed documents; what only its page shows does not move its time."""
    feed = made.feed
    told: list[object] = [
        (made.id, made.closed, made.archive, feed.name, feed.title, feed.about, feed.language, feed.timezone),
        (site.title, site.url, site.language, site.contact, site.icon),
    ]
    used = sorted({entry.source for entry in made.entries})
    told += [(name, source.title, source.terms) for name in used if (source := site.sources.get(name))]
    told += [(one.entry.source, one.entry.key, one.changed) for one in kept]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
