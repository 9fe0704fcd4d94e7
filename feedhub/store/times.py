"""When an entry was published and updated, as we tell it. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from feedhub.model import Entry
from feedhub.store.digest import says_the_same

_AHEAD = timedelta(minutes=10)  # that a publisher's clock may be ahead of ours


def first_times(entry: Entry, seen: datetime) -> Entry:
    """Hold an entry's times to when it was first seen: nothing is published in the future."""
    dated = _is_dated(entry, seen)
    published = min(entry.published, seen) if dated else seen
    updated = min(entry.updated, seen) if entry.updated else None
    if (published, dated, updated) == (entry.published, entry.dated, entry.updated):
        return entry
    return replace(entry, published=published, dated=dated, updated=updated)


def later_times(entry: Entry, old: Entry, *, seen: datetime, now: datetime) -> Entry:
    """Give a changed entry its times, from those that it had (`old`) and when it was first seen."""
    published, dated = min(entry.published, seen), True
    if not _is_dated(entry, seen):
        published, dated = old.published, old.dated
    elif entry.updated == entry.published:
        # Its one date says when it changed last; it was published when we knew it first.
        published = min(published, old.published)
    if entry.updated:
        updated: datetime | None = min(entry.updated, now)
    else:
        updated = old.updated if says_the_same(old, entry) else now
    return replace(entry, published=published, dated=dated, updated=updated)


def _is_dated(entry: Entry, seen: datetime) -> bool:
    """Tell whether a publisher's date can be when it published: what we have seen was not still to come."""
    return entry.dated and entry.published <= seen + _AHEAD
