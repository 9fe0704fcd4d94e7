"""The out half of the store: feeds, their editions, and which entries are in them."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from feedhub.model import Entry, Kept, NotTaken
from feedhub.store.codec import decode
from feedhub.store.database import Database, insert
from feedhub.store.tables import editions, entries, faults, feeds, members, visits

_KEPT = (entries.c.entry, entries.c.seen, entries.c.changed, entries.c.round)
_NEWEST_FIRST = (entries.c.published.desc(), entries.c.published_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What is remembered of a feed."""

    id: str  # urn:uuid
    started: datetime | None  # when the first round was over; None = it goes on
    filled_from: date | None  # the earliest day that the first round filled
    open_from: date | None  # all days before it are closed; None = none is


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionState:
    """What is remembered of an edition."""

    day: date | None
    closed: bool
    updated: datetime
    fingerprint: str


class Publishing:
    """What has been published, and what there is to publish."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ── Feeds ──

    def feed(self, name: str) -> FeedState:
        """Give what is remembered of a feed; a new one gets its id."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(feeds).where(feeds.c.name == name)).first()
        if row is None:
            with self._database.writing() as connection:
                row = connection.execute(sa.select(feeds).where(feeds.c.name == name)).first()
                if row is None:
                    identity = uuid.uuid4().urn
                    connection.execute(feeds.insert().values(name=name, id=identity))
                    return FeedState(id=identity, started=None, filled_from=None, open_from=None)
        return FeedState(id=row.id, started=row.started, filled_from=row.filled_from, open_from=row.open_from)

    def start(self, name: str, started: datetime, filled_from: date) -> None:
        """Remember that a feed's first round is over."""
        with self._database.writing() as connection:
            mine = feeds.update().where(feeds.c.name == name, feeds.c.started.is_(None))
            connection.execute(mine.values(started=started, filled_from=filled_from))

    def is_round_open(self, sources: Sequence[str]) -> bool:
        """Tell whether one of the sources has not been polled yet."""
        waiting = sa.select(visits.c.source).where(visits.c.source.in_(sources), visits.c.polled.is_(None))
        with self._database.reading() as connection:
            return connection.execute(waiting.limit(1)).first() is not None

    # ── Entries ──

    def seen_since(self, sources: Sequence[str], since: datetime) -> list[Kept]:
        """Give the entries of these sources that were first seen at a time or later."""
        query = sa.select(*_KEPT).where(entries.c.source.in_(sources), entries.c.seen >= since)
        return self._kept(query)

    def published_since(self, sources: Sequence[str], since: datetime) -> list[Kept]:
        """Give the entries of these sources that were published at a time or later."""
        return self._kept(
            sa.select(*_KEPT).where(entries.c.source.in_(sources), entries.c.published >= since)
        )

    def newest(self, sources: Sequence[str], most: int) -> list[Kept]:
        """Give the newest entries of these sources, newest first."""
        query = sa.select(*_KEPT).where(entries.c.source.in_(sources))
        return self._kept(query.order_by(*_NEWEST_FIRST).limit(most))

    def _kept(self, query: sa.Select[Any]) -> list[Kept]:
        with self._database.reading() as connection:
            return [_kept(row) for row in connection.execute(query)]

    # ── Editions ──

    def editions(self, feed: str) -> dict[date | None, EditionState]:
        """Give what is remembered of a feed's editions, by day; None is the document to subscribe to."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(editions).where(editions.c.feed == feed)).all()
        return {state.day: state for state in map(_edition, rows)}

    def remember(self, feed: str, state: EditionState) -> None:
        """Remember an edition as it was published."""
        values = {"closed": state.closed, "updated": state.updated, "fingerprint": state.fingerprint}
        with self._database.writing() as connection:
            mine = editions.update().where(editions.c.feed == feed, editions.c.day == _text(state.day))
            if not connection.execute(mine.values(**values)).rowcount:
                connection.execute(editions.insert().values(feed=feed, day=_text(state.day), **values))

    def close(self, feed: str, open_from: date, filed: Iterable[tuple[date | None, Entry]]) -> None:
        """Close all days before one: write down for good which entries are on them.

        None as an entry's day: it is older than the days that the first round filled.
        """
        rows = [
            {"feed": feed, "source": entry.source, "key": entry.key, "day": _text(day)}
            for day, entry in filed
        ]
        with self._database.writing() as connection:
            if rows:
                connection.execute(insert(connection, members).on_conflict_do_nothing(), rows)
            connection.execute(feeds.update().where(feeds.c.name == feed).values(open_from=open_from))

    def closed_days(self, feed: str) -> list[date]:
        """Give the closed days that have entries, the oldest first."""
        query = sa.select(members.c.day).where(members.c.feed == feed, members.c.day != "").distinct()
        with self._database.reading() as connection:
            return [date.fromisoformat(row.day) for row in connection.execute(query.order_by(members.c.day))]

    def filed_on(self, feed: str, day: date) -> list[Kept]:
        """Give the entries of a closed day."""
        return self._kept(self._filed(feed).where(members.c.day == _text(day)))

    def filed_since(self, feed: str, since: datetime) -> list[Kept]:
        """Give the entries of closed days that were published at a time or later."""
        return self._kept(self._filed(feed).where(entries.c.published >= since))

    def newest_filed(self, feed: str, most: int) -> list[Kept]:
        """Give the newest entries of closed days, newest first."""
        return self._kept(self._filed(feed).order_by(*_NEWEST_FIRST).limit(most))

    @staticmethod
    def _filed(feed: str) -> sa.Select[Any]:
        same = (members.c.source == entries.c.source) & (members.c.key == entries.c.key)
        return sa.select(*_KEPT).select_from(members.join(entries, same)).where(members.c.feed == feed)

    def corrected(self, feed: str) -> set[date]:
        """Give the closed days with an entry that has changed since they were published."""
        same_entry = (members.c.source == entries.c.source) & (members.c.key == entries.c.key)
        same_day = (members.c.feed == editions.c.feed) & (members.c.day == editions.c.day)
        query = (
            sa.select(editions.c.day)
            .select_from(editions.join(members, same_day).join(entries, same_entry))
            .where(editions.c.feed == feed, editions.c.closed, entries.c.changed > editions.c.updated)
            .distinct()
        )
        with self._database.reading() as connection:
            return {date.fromisoformat(row.day) for row in connection.execute(query) if row.day}

    # ── What the proof held back ──

    def set_faults(self, feed: str, day: date | None, held: Iterable[tuple[Entry, str]]) -> None:
        """Remember which entries an edition's documents do without, and why."""
        where = (faults.c.feed == feed) & (faults.c.day == _text(day))
        rows = {
            (entry.source, entry.key): {
                "feed": feed, "day": _text(day), "source": entry.source, "key": entry.key, "reason": reason
            }
            for entry, reason in held
        }  # fmt: skip
        with self._database.reading() as connection:
            if not rows and not connection.execute(sa.select(faults.c.feed).where(where).limit(1)).first():
                return
        with self._database.writing() as connection:
            connection.execute(faults.delete().where(where))
            if rows:
                connection.execute(faults.insert(), list(rows.values()))

    def faults(self) -> Iterator[tuple[str, NotTaken]]:
        """Give each entry that was held back, with the name of its source."""
        same = (faults.c.source == entries.c.source) & (faults.c.key == entries.c.key)
        query = sa.select(entries.c.entry, faults.c.reason).select_from(faults.join(entries, same)).distinct()
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(entries.c.entry, faults.c.reason)).all()
        for row in rows:
            entry = decode(Entry, row.entry)
            told = NotTaken(id=entry.published_id, title=entry.title, link=entry.url, reason=row.reason)
            yield entry.source, told


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _kept(row: sa.Row[Any]) -> Kept:
    return Kept(entry=decode(Entry, row.entry), seen=row.seen, changed=row.changed, round=row.round)


def _edition(row: sa.Row[Any]) -> EditionState:
    day = date.fromisoformat(row.day) if row.day else None
    return EditionState(day=day, closed=row.closed, updated=row.updated, fingerprint=row.fingerprint)
