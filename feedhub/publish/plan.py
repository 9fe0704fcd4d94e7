"""The store to a feed's days: which it has, which entries are on them, which are over. Closes those."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from feedhub.curate import Curated, Days, curate, first_day
from feedhub.curate.day import Calendar, oldest_open, starts
from feedhub.curate.order import newest_first
from feedhub.curate.rules import may_take
from feedhub.model import Entry, Feed, Kept, Source
from feedhub.publish.grouping import Placing, at_most, newest_told, placed
from feedhub.store import FeedState, Store

# How long before the oldest open day an entry may have been seen that is on no closed day and still gets a
# day: it may have been saved late, its date corrected, its source taken back or the time zone changed.
_LATE = timedelta(days=1)
# How far the oldest open day may lie ahead: beyond that, days were closed by a clock that was wrong. Another
# time zone moves it by less.
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A feed's days as they are now."""

    feed: Feed
    id: str
    open: Days  # not yet closed, with their entries; None = older than the first day
    closed: Sequence[date]  # with entries, the oldest first
    current: Sequence[Kept]  # of the document to subscribe to
    placing: Placing  # the stories that the entries of open days are in

    @property
    def days(self) -> list[date]:
        """Give the days that have entries, the oldest first."""
        return sorted({*self.closed, *(day for day in self.open if day)})


def plan(store: Store, feed: Feed, sources: Mapping[str, Source], *, now: datetime) -> Plan:
    """Find out a feed's days; ends its first round once that is over, and closes the days that are."""
    state = store.publishing.feed(feed.name)
    was, open_from = state.open_from, oldest_open(feed, now)
    if was and starts(was, feed.timezone) > now + _AHEAD:
        store.publishing.reopen(feed.name, open_from, now=now)
        was = open_from
    if was is None:
        state, curated = _first_round(store, feed, sources, state, now=now)
    else:
        curated = _later_round(store, feed, sources, state, was)
    days = curated.days
    placing = placed(store, feed, (kept for found in days.values() for kept in found))
    if state.started and (was is None or was < open_from):
        if not _close(store, feed, curated, was=was, open_from=open_from):
            return plan(store, feed, sources, now=now)  # another publisher was quicker
        days = {day: kept for day, kept in days.items() if not _is_over(day, open_from)}
    return Plan(
        feed=feed,
        id=state.id,
        open=days,
        closed=store.publishing.closed_days(feed.name),
        current=_current(store, feed, days, open_from, placing),
        placing=placing,
    )


def _names(feed: Feed, sources: Iterable[Source]) -> list[str]:
    return [source.name for source in sources if may_take(feed.take, source)]


def _first_round(
    store: Store, feed: Feed, sources: Mapping[str, Source], state: FeedState, *, now: datetime
) -> tuple[FeedState, Curated]:
    """Give what is remembered of a feed without closed days, and its days; ends the round if it is over."""
    publishing, names = store.publishing, _names(feed, sources.values())
    polled = _names(feed, (source for source in sources.values() if not source.paused))
    # Asked before the entries are read: else what a first poll saves in between would come too late.
    is_over = bool(polled) and not publishing.is_round_open(polled)
    candidates = publishing.newest(names, feed.limit)
    filled_from = state.filled_from
    if filled_from is None:
        filled_from = first_day(feed, candidates[0].entry.published if candidates else now)
    candidates += publishing.published_since(names, starts(filled_from, feed.timezone))
    if state.started:
        candidates += publishing.unfiled_since(feed.name, names, state.started)
    elif is_over:
        publishing.start(feed.name, max([now, *(kept.seen for kept in candidates)]), filled_from)
        state = publishing.feed(feed.name)
    calendar = Calendar(
        feed=feed, started=state.started, filled_from=state.filled_from or filled_from, open_from=None
    )
    unique = {(kept.entry.source, kept.entry.key): kept for kept in candidates}
    return state, curate(calendar, unique.values(), sources=sources)


def _later_round(
    store: Store, feed: Feed, sources: Mapping[str, Source], state: FeedState, open_from: date
) -> Curated:
    """Give the open days of a feed that has closed ones."""
    calendar = Calendar(
        feed=feed, started=state.started, filled_from=state.filled_from or open_from, open_from=open_from
    )
    since = starts(open_from, feed.timezone) - _LATE
    candidates = [
        kept
        for kept in store.publishing.unfiled_since(feed.name, _names(feed, sources.values()), since)
        if calendar.day_of(kept)
    ]
    standing = store.publishing.filed_like(feed.name, [kept.entry for kept in candidates])
    return curate(calendar, candidates, standing=standing, sources=sources)


def _close(store: Store, feed: Feed, curated: Curated, *, was: date | None, open_from: date) -> bool:
    """Close the days before one; False if another publisher has closed days meanwhile."""
    over = _over(curated.days, open_from)
    if feed.group == "none":
        store.stories.forget(feed.name, (entry for _, entry in over))  # it has grouped before
    return store.publishing.close(
        feed.name,
        open_from,
        over,
        left_out=[entry for _, entry in _over(curated.left_out, open_from)],
        was=was,
    )


def _over(days: Days, open_from: date) -> list[tuple[date | None, Entry]]:
    return [(day, one.entry) for day, found in days.items() if _is_over(day, open_from) for one in found]


def _is_over(day: date | None, open_from: date) -> bool:
    return day is None or day < open_from


def _current(store: Store, feed: Feed, days: Days, open_from: date, placing: Placing) -> Sequence[Kept]:
    """Give the whole of the open day and, beyond it, the newest up to the feed's limit."""
    whole = [kept for day, found in days.items() if not _is_over(day, open_from) for kept in found]
    older = [kept for day, found in days.items() if _is_over(day, open_from) for kept in found]
    if len(whole) < feed.limit:
        older += store.publishing.newest_filed(feed.name, at_most(feed))
        # Another publisher may have closed a day just now: what is on it then stands in both.
        ids = {kept.entry.published_id for kept in whole}
        unique = {kept.entry.published_id: kept for kept in older if kept.entry.published_id not in ids}
        whole += newest_told(store, feed, whole, newest_first(unique.values()), placing)
    return newest_first(whole)
