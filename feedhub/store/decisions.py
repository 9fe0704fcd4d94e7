"""Decisions: what editors have said of entries, who, when and why."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedhub.model import Act, Decision, Entry, Kept
from feedhub.store.database import Database
from feedhub.store.editions import member
from feedhub.store.kept import KEPT, kept
from feedhub.store.keys import canonical
from feedhub.store.lists import one_of
from feedhub.store.tables import LEFT_OUT, decisions, entries, members
from feedhub.store.unsettled import unsettle

_PUBLISHING = ("include", "feature", "lead")
_WITHHOLDING = ("hold", "drop")
_STANDS = decisions.c.undone.is_(None)
_NEWEST_FIRST = decisions.c.number.desc()


class Decisions:
    """What editors have decided."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def meant(self, what: str, *, also_taken_down: bool = False) -> list[Kept]:
        """Give the entries that have a published id, or else those with a link."""
        query = sa.select(*KEPT).order_by(entries.c.seen, entries.c.source, entries.c.key)
        if not also_taken_down:
            query = query.where(entries.c.takedown.is_(None))
        link = canonical(what)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(entries.c.published_id == what)).all()
            if not rows and link:
                rows = connection.execute(query.where(entries.c.canonical == link)).all()
        return [kept(row) for row in rows]

    def make(
        self,
        act: Act,
        entry: Entry,
        *,
        feed: str,
        by: str,
        text: str = "",
        now: datetime,
        closed_day: str | None = None,
    ) -> Decision:
        """Keep a decision; `closed_day` is where the entry would stand, if that is a closed day."""
        row = {
            "feed": feed,
            "source": entry.source,
            "key": entry.key,
            "published_id": entry.published_id,
            "act": act,
            "text": text,
            "by": by,
            "made": now,
            "undone_by": "",
        }
        with self._database.writing() as connection:
            new = decisions.insert().values(row).returning(*decisions.c)
            made = _decision(connection.execute(new).one())
            self._settle(connection, made, entry, now, closed_day)
        return made

    def undo(self, entry: Entry, *, feed: str, by: str, now: datetime) -> Decision | None:
        """Take back the last decision on an entry that stands; None if none does."""
        mine = _of(feed, entry.source, entry.key) & _STANDS
        with self._database.writing() as connection:
            last = sa.select(decisions.c.number).where(mine).order_by(_NEWEST_FIRST).limit(1)
            number = connection.execute(last).scalar()
            if number is None:
                return None
            undone = decisions.update().where(decisions.c.number == number).values(undone=now, undone_by=by)
            made = _decision(connection.execute(undone.returning(*decisions.c)).one())
            self._settle(connection, made, entry, now, None)
            return made

    def _settle(
        self,
        connection: sa.Connection,
        made: Decision,
        entry: Entry,
        now: datetime,
        closed_day: str | None,
    ) -> None:
        """Have a closed day hold what editors want on it, and be published again."""
        verdicts = decisions.c.act.in_((*_PUBLISHING, *_WITHHOLDING))
        mine = _of(made.feed, made.source, made.key)
        last = sa.select(decisions.c.act).where(mine, _STANDS, verdicts).order_by(_NEWEST_FIRST).limit(1)
        act = connection.execute(last).scalar()
        place = (
            (members.c.feed == made.feed) & (members.c.source == made.source) & (members.c.key == made.key)
        )
        row = connection.execute(sa.select(members.c.day, members.c.added).where(place)).first()
        if row is not None and row.day != LEFT_OUT:
            is_out = act in _WITHHOLDING or (row.added and act not in _PUBLISHING)
            connection.execute(members.update().where(place).values(out=is_out))
        elif act in _PUBLISHING and closed_day is not None:
            values = member(made.feed, entry, closed_day) | {"added": True}
            connection.execute(members.delete().where(place))
            connection.execute(members.insert().values(values))
        unsettle(self._database, connection, source=made.source, key=made.key, now=now, feed=made.feed)

    # ── What is asked of them ──

    def on(self, feed: str, entries_: Iterable[Entry]) -> list[Decision]:
        """Give the decisions of a feed's editors on entries, undone ones too, in the order they were made."""
        mine = decisions.c.feed == feed
        with self._database.reading() as connection:
            # The usual case: there are no editors.
            if connection.execute(sa.select(decisions.c.number).where(mine).limit(1)).first() is None:
                return []
            ids = one_of(decisions.c.published_id, {entry.published_id for entry in entries_})
            rows = connection.execute(sa.select(decisions).where(mine, ids).order_by(decisions.c.number))
            return [_decision(row) for row in rows]

    def newest(self, feed: str) -> datetime | None:
        """Give when a feed's editors last decided anything, or took it back; None = never."""
        times = sa.func.max(decisions.c.made), sa.func.max(decisions.c.undone)
        with self._database.reading() as connection:
            row = connection.execute(sa.select(*times).where(decisions.c.feed == feed)).one()
        return max((time for time in row if time is not None), default=None)

    def log(self, feed: str | None = None, *, most: int | None = None) -> list[tuple[Decision, str]]:
        """Give the decisions of a feed, or of all, newest first, each with the title of its entry."""
        same = (decisions.c.source == entries.c.source) & (decisions.c.key == entries.c.key)
        query = sa.select(*decisions.c, entries.c.title).select_from(decisions.join(entries, same))
        if feed is not None:
            query = query.where(decisions.c.feed == feed)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_NEWEST_FIRST).limit(most))
            return [(_decision(row), str(row.title)) for row in rows]


def _of(feed: str, source: str, key: str) -> sa.ColumnElement[bool]:
    return (decisions.c.feed == feed) & (decisions.c.source == source) & (decisions.c.key == key)


def _decision(row: Any) -> Decision:
    return Decision(
        number=row.number,
        feed=row.feed,
        source=row.source,
        key=row.key,
        published_id=row.published_id,
        act=row.act,
        text=row.text,
        by=row.by,
        made=row.made,
        undone=row.undone,
        undone_by=row.undone_by,
    )
