"""One reading on its way into the tables: which of its entries are new, which have changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedhub.model import Entry, Reading, Saved, Visit
from feedhub.store.codec import decode, encode, members, object_of, rewritten
from feedhub.store.database import Database
from feedhub.store.digest import digest
from feedhub.store.gate import Gate
from feedhub.store.ids import PublishedIds
from feedhub.store.keys import Holder, canonical, keyed, spare_key
from feedhub.store.lists import one_of
from feedhub.store.tables import entries, revisions
from feedhub.store.tables import members as places
from feedhub.store.times import first_times, later_times
from feedhub.store.unsettled import unsettle
from feedhub.store.withheld import bodiless, copies, standing, withheld, withhold

_REVISIONS = 20  # that are kept of an entry
_Known = Mapping[str, sa.Row[Any]]  # rows of entries by key
_KNOWN = sa.select(entries).where(entries.c.source == sa.bindparam("named"), one_of(entries.c.key, "keys"))
_INSERT = entries.insert()


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry as it was read, by the members of its JSON."""

    entry: Entry
    members: Mapping[str, str]
    digest: str

    @classmethod
    def of(cls, entry: Entry) -> "_Told":
        """Write an entry down."""
        written = members(entry)
        return cls(entry, written, digest(entry, written))

    def rewritten(self, entry: Entry) -> str:
        """Give the JSON of the entry that it has become."""
        return object_of(self.members if entry is self.entry else rewritten(self.members, self.entry, entry))


@dataclass(frozen=True, slots=True)
class Saving:
    """The saving of what a visit gave, in a transaction of the writer."""

    database: Database
    connection: sa.Connection
    visit: Visit
    now: datetime
    gate: Gate

    def save(self, reading: Reading) -> Saved:
        """Write what is new and what has changed; what has not is not written."""
        known = self._known(reading.entries)
        found = keyed(
            reading.entries,
            {key: Holder(row.canonical, row.title, row.published) for key, row in known.items()},
        )
        told = {key: _Told.of(entry) for key, entry in found.items()}
        new = [entry for key, entry in found.items() if key not in known]
        changed = [
            entry for key, entry in found.items() if key in known and known[key].digest != told[key].digest
        ]
        if self.gate.holds(reading, new=len(new), known=len(found) - len(new)):
            return Saved()
        new = self.gate.let_in(new)
        if new or changed:
            ids = PublishedIds(self.connection, self.visit.source, reading.minted_from)
            out = self._kept_out([*new, *changed], known)
            self._insert(ids.give(new), told, out)
            self._update(changed, told, known, ids, out)
            self._withhold_copies([entry for entry in (*new, *changed) if entry.key in out], out)
        return Saved(new=len(new), changed=len(changed))

    def _known(self, read: Iterable[Entry]) -> _Known:
        keys = {key for entry in read for key in (entry.key, spare_key(entry))}
        rows = self.connection.execute(_KNOWN, {"named": self.visit.source, "keys": sorted(keys)})
        return {row.key: row for row in rows}

    def _kept_out(self, read: Sequence[Entry], known: _Known) -> Mapping[str, int]:
        """Tell which entries are taken down, by key: as the articles that they are, or since they were."""
        numbers = standing(self.connection)
        if not numbers:
            return {}
        before = {key: row.takedown for key, row in known.items() if row.takedown in numbers}
        return withheld(self.connection, self.visit.source, read) | before

    def _withhold_copies(self, gone: Sequence[Entry], out: Mapping[str, int]) -> None:
        """Take down what other sources have of articles that are kept out only now that they came here."""
        for entry in gone:
            which = copies(self.visit.source, [entry])
            withhold(self.database, self.connection, which, number=out[entry.key], now=self.now)

    def _insert(self, new: Iterable[Entry], told: Mapping[str, _Told], out: Mapping[str, int]) -> None:
        first = {"seen": self.now, "round": self.visit.leased or self.now}
        rows = [self._row(first_times(entry, self.now), told, out) | first for entry in new]
        if rows:
            self.connection.execute(_INSERT, rows)

    def _update(
        self,
        changed: Iterable[Entry],
        told: Mapping[str, _Told],
        known: _Known,
        ids: PublishedIds,
        out: Mapping[str, int],
    ) -> None:
        for entry in changed:
            row = known[entry.key]
            was = decode(Entry, row.entry)
            if row.takedown is None:
                self._keep(row)
            else:
                # What its text was is forgotten: it has not changed, as far as we know.
                was = replace(entry, published=was.published, dated=was.dated, updated=was.updated)
            later = later_times(entry, was, seen=row.seen, now=self.now)
            written = self._row(ids.keep(later, row.published_id), told, out)
            if row.takedown is not None and entry.key not in out:
                written["seen"] = self.now  # it comes back today, and to a day that is open
            self._change(entries, entry.key, written)
            self._change(places, entry.key, {"published": later.published})
            unsettle(self.database, self.connection, source=self.visit.source, key=entry.key, now=self.now)

    def _keep(self, row: sa.Row[Any]) -> None:
        """Keep an entry as it was before its change; a source that changes it for ever loses the oldest."""
        values = {"source": row.source, "key": row.key, "until": self.now, "entry": row.entry}
        self.connection.execute(self.database.insert(revisions).values(values).on_conflict_do_nothing())
        mine = (revisions.c.source == row.source) & (revisions.c.key == row.key)
        newest = sa.select(revisions.c.until).where(mine).order_by(revisions.c.until.desc())
        last = newest.limit(1).offset(_REVISIONS - 1).scalar_subquery()
        self.connection.execute(revisions.delete().where(mine, revisions.c.until < last))

    def _change(self, table: sa.Table, key: str, values: Mapping[str, object]) -> None:
        mine = table.update().where(table.c.source == self.visit.source, table.c.key == key)
        self.connection.execute(mine.values(**values))

    def _row(self, entry: Entry, told: Mapping[str, _Told], out: Mapping[str, int]) -> dict[str, object]:
        takedown, read = out.get(entry.key), told[entry.key]
        return {
            "source": self.visit.source,
            "key": entry.key,
            "published_id": entry.published_id,
            "canonical": canonical(entry.url),
            "title": entry.title,
            "published": entry.published,
            "changed": self.now,
            "digest": read.digest,
            "entry": encode(bodiless(entry)) if takedown else read.rewritten(entry),
            "takedown": takedown,
        }
