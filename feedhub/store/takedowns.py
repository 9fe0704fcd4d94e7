"""Take-downs: what is out of every document for good, since when and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from feedhub.model import Entry
from feedhub.store.database import Database
from feedhub.store.editions import day_text
from feedhub.store.keys import canonical
from feedhub.store.tables import NO_DAYS, entries, faults, members, sources, takedowns, tombstones
from feedhub.store.visiting import read_anew
from feedhub.store.withheld import STANDS, copies, withhold


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Where an entry stood in what we publish."""

    feed: str
    day: date | None  # None = only in the document to subscribe to
    published_id: str
    url: str
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """An entry that has been taken down, where it stood."""

    listed: Listed
    taken: datetime
    reason: str


class Takedowns:
    """What has been taken down."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, what: str, listed: Iterable[Listed], *, reason: str, now: datetime) -> list[Entry] | None:
        """Take down a source, or the entries with a published id or a link; gives those entries.

        `listed` tells where entries stand on days that are not closed. None: nobody has that name,
        id or link.
        """
        with self._database.writing() as connection:
            named = self._named(connection, what)
            if not named:
                return None
            row = {"source": "", "published_id": "", "canonical": "", **named}
            new = takedowns.insert().values(taken=now, reason=reason, **row).returning(takedowns.c.number)
            number = connection.execute(new).scalar_one()
            gone = self._withhold(connection, row, number, now)
            self._bury(connection, number, gone, listed)
            for entry in gone:
                mine = (faults.c.source == entry.source) & (faults.c.key == entry.key)
                connection.execute(faults.delete().where(mine))
            return gone

    def _withhold(
        self, connection: sa.Connection, named: Mapping[str, str], number: int, now: datetime
    ) -> list[Entry]:
        """Keep out what is named, and the copies that other sources have brought."""
        same_id = entries.c.published_id == named["published_id"]
        same = same_id | (entries.c.canonical == named["canonical"])
        which = entries.c.source == named["source"] if named["source"] else same
        gone = withhold(self._database, connection, which, number=number, now=now)
        copied = []
        for source in sorted({entry.source for entry in gone}):
            like = copies(source, [entry for entry in gone if entry.source == source])
            copied += withhold(self._database, connection, like, number=number, now=now)
        return [*gone, *copied]

    @staticmethod
    def _named(connection: sa.Connection, what: str) -> dict[str, str]:
        """Find out what is meant: a source, an entry by its id, or all that has a link."""
        if connection.execute(sa.select(sources.c.name).where(sources.c.name == what)).first():
            return {"source": what}
        columns = entries.c.source, entries.c.published_id, entries.c.canonical
        row = connection.execute(sa.select(*columns).where(entries.c.published_id == what)).first()
        named = {"published_id": what} if row else {}
        link = canonical(what)
        if link and connection.execute(sa.select(entries.c.key).where(entries.c.canonical == link)).first():
            return {**named, "canonical": link}
        if row:
            others = sa.select(entries.c.key).where(
                entries.c.source == row.source,
                entries.c.canonical == row.canonical,
                entries.c.published_id != what,
            )
            # A link that several entries of one source share tells none of them.
            if connection.execute(others.limit(1)).first() is None:
                named["canonical"] = row.canonical
        return named

    @staticmethod
    def _bury(
        connection: sa.Connection, number: int, gone: Sequence[Entry], listed: Iterable[Listed]
    ) -> None:
        """Remember where what is gone stood."""
        ids = {entry.published_id for entry in gone}
        places = {(one.feed, one.published_id): one for one in listed if one.published_id in ids}
        for entry in gone:
            places |= {(one.feed, one.published_id): one for one in _filed(connection, entry)}
        for one in places.values():
            same = (tombstones.c.feed == one.feed) & (tombstones.c.published_id == one.published_id)
            connection.execute(tombstones.delete().where(same))
            connection.execute(tombstones.insert().values(takedown=number, **_row(one)))

    def undo(self, what: str, now: datetime) -> int | None:
        """Let back what was taken down by its source's name, a published id or a link; gives how many.

        None: nothing was. An entry comes back when its source lists it: its text is gone. All that its
        source says is read anew at its next poll.
        """
        with self._database.writing() as connection:
            numbers = self._undoable(connection, what)
            if not numbers:
                return None
            connection.execute(takedowns.update().where(takedowns.c.number.in_(numbers)).values(undone=now))
            connection.execute(tombstones.delete().where(tombstones.c.takedown.in_(numbers)))
            mine = entries.c.takedown.in_(numbers)
            found = connection.execute(sa.select(entries.c.source, entries.c.key).where(mine)).all()
            connection.execute(entries.update().where(mine).values(digest=""))
            for name in sorted({row.source for row in found}):
                read_anew(connection, name)
            return len(found)

    @staticmethod
    def _undoable(connection: sa.Connection, what: str) -> list[int]:
        link = canonical(what)
        named = (takedowns.c.source == what) | (takedowns.c.published_id == what)
        like = entries.c.published_id == what
        if link:
            named |= takedowns.c.canonical == link
            like |= entries.c.canonical == link
        held = sa.select(entries.c.takedown).where(like, entries.c.takedown.is_not(None))
        # Who names one entry does not mean the whole of its source.
        named |= takedowns.c.number.in_(held) & (takedowns.c.source == "")
        return list(connection.execute(sa.select(takedowns.c.number).where(STANDS, named)).scalars())

    def of(self, entry: Entry) -> tuple[datetime, str] | None:
        """Tell when and why an entry was taken down; None if it is not, or is let back."""
        mine = (entries.c.source == entry.source) & (entries.c.key == entry.key)
        query = sa.select(takedowns.c.taken, takedowns.c.reason)
        query = query.select_from(entries.join(takedowns)).where(mine, STANDS)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return (row.taken, row.reason) if row else None

    def is_awaited(self, entry: Entry) -> bool:
        """Tell whether an entry was let back, and its source has not listed it since."""
        mine = (entries.c.source == entry.source) & (entries.c.key == entry.key)
        query = sa.select(entries.c.key).select_from(entries.join(takedowns)).where(mine, ~STANDS)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    # ── What publishing asks ──

    def sources(self) -> frozenset[str]:
        """Give the names of the sources that are taken down as a whole."""
        query = sa.select(takedowns.c.source).where(STANDS, takedowns.c.source != "")
        with self._database.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def tombstones(self, feed: str) -> list[Tombstone]:
        """Give what was taken down of a feed's entries, newest first."""
        query = sa.select(tombstones, takedowns.c.taken, takedowns.c.reason)
        query = query.select_from(tombstones.join(takedowns)).where(tombstones.c.feed == feed, STANDS)
        order = (tombstones.c.published.desc(), tombstones.c.published_id)
        with self._database.reading() as connection:
            return [_tombstone(row) for row in connection.execute(query.order_by(*order))]


def _filed(connection: sa.Connection, entry: Entry) -> Iterator[Listed]:
    """Give the closed days that an entry is on."""
    mine = (members.c.source == entry.source) & (members.c.key == entry.key)
    filed = sa.select(members.c.feed, members.c.day).where(mine, members.c.day.not_in(NO_DAYS))
    for row in connection.execute(filed):
        yield Listed(
            feed=row.feed,
            day=date.fromisoformat(row.day),
            published_id=entry.published_id,
            url=entry.url,
            published=entry.published,
        )


def _row(one: Listed) -> dict[str, object]:
    return {
        "feed": one.feed,
        "published_id": one.published_id,
        "day": day_text(one.day),
        "url": one.url,
        "published": one.published,
    }


def _tombstone(row: sa.Row[Any]) -> Tombstone:
    listed = Listed(
        feed=row.feed,
        day=date.fromisoformat(row.day) if row.day else None,
        published_id=row.published_id,
        url=row.url,
        published=row.published,
    )
    return Tombstone(listed=listed, taken=row.taken, reason=row.reason)
