"""What the proof held back, of which editions and why."""

from collections.abc import Iterable, Iterator
from datetime import date

import sqlalchemy as sa

from feedhub.model import Entry, NotTaken
from feedhub.store.codec import decode
from feedhub.store.database import Database
from feedhub.store.editions import day_text
from feedhub.store.tables import entries, faults


class Faults:
    """The entries that an edition's documents do without."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, feed: str, day: date | None, held: Iterable[tuple[Entry, str]]) -> None:
        """Remember which entries an edition's documents do without, and why."""
        where = (faults.c.feed == feed) & (faults.c.day == day_text(day))
        rows = {
            (entry.source, entry.key): {
                "feed": feed, "day": day_text(day), "source": entry.source, "key": entry.key, "reason": reason
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

    def forget(self, editions_: Iterable[tuple[str, date | None]]) -> None:
        """Forget what was held back from other editions than these, which are there no longer."""
        there = {(feed, day_text(day)) for feed, day in editions_}
        told = sa.select(faults.c.feed, faults.c.day).distinct()
        with self._database.reading() as connection:
            gone = {(row.feed, row.day) for row in connection.execute(told)} - there
        if gone:
            with self._database.writing() as connection:
                connection.execute(faults.delete().where(sa.tuple_(faults.c.feed, faults.c.day).in_(gone)))

    def of(self, feed: str, entry: Entry) -> tuple[str, ...]:
        """Give why an entry was held back from a feed's editions."""
        mine = (faults.c.feed == feed) & (faults.c.source == entry.source) & (faults.c.key == entry.key)
        with self._database.reading() as connection:
            found = connection.execute(sa.select(faults.c.reason).distinct().where(mine))
            return tuple(sorted(found.scalars()))

    def all(self) -> Iterator[tuple[str, NotTaken]]:
        """Give each entry that was held back, with the name of its source."""
        same = (faults.c.source == entries.c.source) & (faults.c.key == entries.c.key)
        query = sa.select(entries.c.entry, faults.c.reason).select_from(faults.join(entries, same)).distinct()
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(entries.c.entry, faults.c.reason)).all()
        for row in rows:
            entry = decode(Entry, row.entry)
            told = NotTaken(id=entry.published_id, title=entry.title, link=entry.url, reason=row.reason)
            yield entry.source, told
