"""When an entry was published and updated, as we tell it. Pure."""

from dataclasses import replace
from datetime import datetime

from feedhub.model import Entry
from feedhub.store.digest import says_the_same


def first_times(entry: Entry, seen: datetime) -> Entry:
    """Hold an entry's times to when it was first seen: nothing is published in the future."""
    published = min(entry.published, seen) if entry.dated else seen
    updated = min(entry.updated, seen) if entry.updated else None
    if (published, updated) == (entry.published, entry.updated):
        return entry
    return replace(entry, published=published, updated=updated)


def later_times(entry: Entry, old: Entry, *, seen: datetime, now: datetime) -> Entry:
    """Give a changed entry its times, from those that it had (`old`) and when it was first seen."""
    published, dated = min(entry.published, seen), True
    if not entry.dated:
        published, dated = old.published, old.dated
    elif entry.updated == entry.published:
        # Its one date says when it changed last; it was published when we knew it first.
        published = min(published, old.published)
    if entry.updated:
        updated: datetime | None = min(entry.updated, now)
    else:
        updated = old.updated if says_the_same(old, entry) else now
    return replace(entry, published=published, dated=dated, updated=updated)
