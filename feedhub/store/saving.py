"""One reading on its way into the tables: which of its entries are new, which have changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedhub.model import Entry, Reading, Saved, Visit
from feedhub.store.codec import decode, encode
from feedhub.store.database import Database
from feedhub.store.digest import digest
from feedhub.store.ids import PublishedIds
from feedhub.store.keys import Holder, canonical, keyed, spare_key
from feedhub.store.tables import NO_DAYS, Instant, editions, entries, members
from feedhub.store.times import first_times, later_times

_Known = Mapping[str, sa.Row[Any]]  # rows of entries by key


@dataclass(frozen=True, slots=True)
class Saving:
    """The saving of what a visit gave, in a transaction of the writer."""

    database: Database
    connection: sa.Connection
    visit: Visit
    now: datetime

    def save(self, reading: Reading) -> Saved:
        """Write what is new and what has changed; what has not is not written."""
        known = self._known(reading.entries)
        found = keyed(
            reading.entries,
            {key: Holder(row.canonical, row.title, row.published) for key, row in known.items()},
        )
        told = {key: digest(entry) for key, entry in found.items()}
        new = [entry for key, entry in found.items() if key not in known]
        changed = [entry for key, entry in found.items() if key in known and known[key].digest != told[key]]
        if new or changed:
            ids = PublishedIds(self.database, self.connection, self.visit.source, reading.minted_from)
            self._insert(ids.give(new), told)
            self._update(changed, told, known, ids)
        return Saved(new=len(new), changed=len(changed))

    def _known(self, read: Iterable[Entry]) -> _Known:
        keys = {key for entry in read for key in (entry.key, spare_key(entry))}
        mine = sa.select(entries).where(entries.c.source == self.visit.source)
        rows = self.connection.execute(mine.where(self.database.one_of(entries.c.key, sorted(keys))))
        return {row.key: row for row in rows}

    def _insert(self, new: Iterable[Entry], told: Mapping[str, str]) -> None:
        first = {"seen": self.now, "round": self.visit.leased or self.now}
        rows = [self._row(first_times(entry, self.now), told) | first for entry in new]
        if rows:
            self.connection.execute(entries.insert(), rows)

    def _update(
        self, changed: Iterable[Entry], told: Mapping[str, str], known: _Known, ids: PublishedIds
    ) -> None:
        for entry in changed:
            row = known[entry.key]
            later = later_times(entry, decode(Entry, row.entry), seen=row.seen, now=self.now)
            written = self._row(ids.keep(later, row.published_id), told)
            self._change(entries, entry.key, written)
            self._change(members, entry.key, {"published": later.published})
            self._unsettle(entry.key)

    def _change(self, table: sa.Table, key: str, values: Mapping[str, object]) -> None:
        mine = table.update().where(table.c.source == self.visit.source, table.c.key == key)
        self.connection.execute(mine.values(**values))

    def _unsettle(self, key: str) -> None:
        """Have the closed days that an entry is on published again."""
        # Another one each time: who is publishing the day just now must see that it has changed once more.
        fingerprint = sa.literal(f"unsettled {self.now.isoformat()} {self.visit.source} {key}")
        days = sa.select(members.c.feed, members.c.day, sa.true(), sa.literal(self.now, Instant), fingerprint)
        days = days.where(members.c.source == self.visit.source, members.c.key == key)
        columns = ["feed", "day", "closed", "updated", "fingerprint"]
        # A day that is being published for the first time has no row yet; then its publisher finds this one.
        found = self.database.insert(editions).from_select(columns, days.where(members.c.day.not_in(NO_DAYS)))
        upsert = found.on_conflict_do_update(
            index_elements=["feed", "day"], set_={"fingerprint": found.excluded.fingerprint}
        )
        self.connection.execute(upsert)

    def _row(self, entry: Entry, told: Mapping[str, str]) -> dict[str, object]:
        return {
            "source": self.visit.source,
            "key": entry.key,
            "published_id": entry.published_id,
            "canonical": canonical(entry.url),
            "title": entry.title,
            "published": entry.published,
            "changed": self.now,
            "digest": told[entry.key],
            "entry": encode(entry),
        }
