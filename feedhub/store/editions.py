"""What is remembered of feeds and their editions, and how it stands in the tables."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from feedhub.model import Entry
from feedhub.store.tables import OLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What is remembered of a feed."""

    id: str  # urn:uuid
    started: datetime | None  # when the first round was over; None = it goes on
    filled_from: date | None  # the earliest day that the first round filled
    open_from: date | None  # all days before it are closed; None = none is


NEVER_PUBLISHED = FeedState(id="", started=None, filled_from=None, open_from=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionState:
    """What is remembered of an edition."""

    day: date | None
    closed: bool
    updated: datetime
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What was written down of an entry when its day was closed."""

    day: date | None  # None = it is older than the days that the first round filled, or left out
    is_left_out: bool  # its source had enough on that day
    is_featured: bool  # by a rule
    is_withheld: bool  # by an editor's word


def member(
    feed: str, entry: Entry, day: str, *, featured: bool = False, out: bool = False
) -> dict[str, object]:
    """Give the row that says where an entry stands."""
    return {
        "feed": feed,
        "source": entry.source,
        "key": entry.key,
        "day": day,
        "published": entry.published,
        "featured": featured,
        "added": False,
        "out": out,
    }


def day_text(day: date | None) -> str:
    """Give how a day is written.

    None = of an edition, the document to subscribe to; of an entry, older than the days that the first
    round filled.
    """
    return day.isoformat() if day else OLDER


def edition_state(row: sa.Row[Any]) -> EditionState:
    """Make the state of an edition of its row."""
    day = date.fromisoformat(row.day) if row.day else None
    return EditionState(day=day, closed=row.closed, updated=row.updated, fingerprint=row.fingerprint)
