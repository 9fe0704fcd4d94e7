"""The store to a feed's days: which it has, which entries are on them, which are over. Closes those."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from feedhub.curate import Curated, Days
from feedhub.curate.day import oldest_open, starts
from feedhub.curate.order import newest_first
from feedhub.model import Entry, Feed, Kept, Source
from feedhub.publish.grouping import Placing, at_most, newest_told
from feedhub.publish.survey import survey
from feedhub.store import Store

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
    featured: frozenset[str] = frozenset()  # published ids, of what a rule features on open days

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
        state = replace(state, open_from=was)
    found = survey(store, feed, sources, state, now=now)
    state, curated = found.state, found.curated
    if found.starts_now and state.started and state.filled_from:
        store.publishing.start(feed.name, state.started, state.filled_from)
        if store.publishing.feed(feed.name) != state:
            return plan(store, feed, sources, now=now)  # another publisher was quicker
    days = curated.days
    store.stories.place(feed.name, found.placed_anew)
    if state.started and (was is None or was < open_from):
        if not _close(store, feed, curated, was=was, open_from=open_from):
            return plan(store, feed, sources, now=now)
        days = {day: kept for day, kept in days.items() if not _is_over(day, open_from)}
    return Plan(
        feed=feed,
        id=state.id,
        open=days,
        closed=store.publishing.closed_days(feed.name),
        current=current(store, feed, days, open_from, found.placing),
        placing=found.placing,
        featured=curated.featured,
    )


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
        withheld=_over(curated.withheld, open_from),
        featured=curated.featured,
        was=was,
    )


def _over(days: Days, open_from: date) -> list[tuple[date | None, Entry]]:
    return [(day, one.entry) for day, found in days.items() if _is_over(day, open_from) for one in found]


def _is_over(day: date | None, open_from: date) -> bool:
    return day is None or day < open_from


def current(store: Store, feed: Feed, days: Days, open_from: date, placing: Placing) -> Sequence[Kept]:
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
