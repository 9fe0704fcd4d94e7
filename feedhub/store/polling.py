"""The in half of the store: sources, when they are due, and what polling them gave."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from feedhub import urls
from feedhub.model import Entry, Reading, Saved, Source, Visit
from feedhub.store.codec import decode, encode
from feedhub.store.database import Database, insert
from feedhub.store.digest import digest, says_the_same
from feedhub.store.keys import Holder, is_publishers, keyed, spare_key
from feedhub.store.tables import entries, sources, visits

_MANY = 400  # values in one IN list
_DOUBT = timedelta(minutes=1)  # that a clock may be set back without anything being wrong
_LONGEST_LEASE = timedelta(hours=1)


class Polling:
    """Sources, visits and the entries that polls bring."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set_sources(self, configured: Iterable[Source], now: datetime) -> None:
        """Take over what config.toml says; a source that it no longer has is kept, for closed days."""
        wanted = {source.name: _source_row(source) for source in configured}
        with self._database.writing() as connection:
            known = {row["name"]: row for row in connection.execute(sa.select(sources)).mappings()}
            for name in known.keys() - wanted.keys():
                connection.execute(sources.update().where(sources.c.name == name).values(listed=False))
            for name, row in wanted.items():
                if name not in known:
                    connection.execute(sources.insert().values(**row))
                    first = _row(Visit(source=name, due=now))
                    connection.execute(visits.insert().values(source=name, **first))
                    continue
                if known[name] != row:
                    connection.execute(sources.update().where(sources.c.name == name).values(**row))
                if known[name]["address"] != row["address"]:
                    first = _row(Visit(source=name, due=now))
                    connection.execute(visits.update().where(visits.c.source == name).values(**first))

    def removed_sources(self) -> dict[str, Source]:
        """Give the sources that config.toml no longer has, as they were last, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(sources).where(~sources.c.listed)).all()
        return {row.name: decode(Source, row.source) for row in rows}

    def visits(self, names: Sequence[str] | None = None) -> list[Visit]:
        """Give what we remember of the sources that are named, or of all that config.toml has."""
        query = sa.select(visits).join(sources).where(sources.c.listed).order_by(visits.c.source)
        if names is not None:
            query = query.where(visits.c.source.in_(names))
        with self._database.reading() as connection:
            return [_visit(row) for row in connection.execute(query)]

    def counts(self) -> dict[str, int]:
        """Give how many entries each source has brought."""
        query = sa.select(entries.c.source, sa.func.count()).group_by(entries.c.source)
        with self._database.reading() as connection:
            return dict(connection.execute(query).tuples().all())

    def lease(
        self, now: datetime, *, most: int, most_failing: int, lasts: timedelta, token: str
    ) -> list[Visit]:
        """Take due sources that nobody else is polling, the longest due first, for a time.

        At most `most_failing` of them are such whose last visit failed: they must not crowd out the others.
        """
        due = (
            _unleased(now)
            .where(~sources.c.paused, visits.c.due <= now)
            .order_by(visits.c.due, visits.c.source)
        )
        healthy = due.where(visits.c.failures == 0).limit(most)
        failing = due.where(visits.c.failures > 0).limit(min(most, most_failing))
        with self._database.reading() as connection:
            if not any(connection.execute(query.limit(1)).first() for query in (healthy, failing)):
                return []  # the usual case must not wait for the writer
        with self._database.writing() as connection:
            rows = [*connection.execute(healthy), *connection.execute(failing)]
            longest_due = sorted(rows, key=lambda row: (row.due, row.source))[:most]
            return self._leased(connection, longest_due, now, now, lasts, token)

    def lease_named(
        self, names: Sequence[str], now: datetime, *, began: datetime, lasts: timedelta, token: str
    ) -> list[Visit]:
        """Take those of these sources that nobody else is polling, due or not, for a time.

        `began` is when the round began that they belong to.
        """
        query = _unleased(now).where(visits.c.source.in_(names))
        with self._database.writing() as connection:
            return self._leased(connection, connection.execute(query).all(), now, began, lasts, token)

    @staticmethod
    def _leased(
        connection: sa.Connection,
        rows: Sequence[sa.Row[Any]],
        now: datetime,
        began: datetime,
        lasts: timedelta,
        token: str,
    ) -> list[Visit]:
        taken = [row.source for row in rows]
        leased = visits.update().where(visits.c.source.in_(taken))
        connection.execute(leased.values(leased=began, lease_ends=now + lasts, lease_token=token))
        return [replace(_visit(row), leased=began) for row in rows]

    def renew(self, token: str, until: datetime) -> None:
        """Keep for longer all that a process has leased."""
        with self._database.writing() as connection:
            connection.execute(visits.update().where(visits.c.lease_token == token).values(lease_ends=until))

    def heal_times(self, now: datetime) -> None:
        """Make due what would wait for a time that a wrong clock once told."""
        ahead = (visits.c.polled > now + _DOUBT) & (visits.c.due > now)
        with self._database.writing() as connection:
            connection.execute(visits.update().where(ahead).values(due=now))
            held = visits.c.lease_ends > now + _LONGEST_LEASE
            connection.execute(visits.update().where(held).values(lease_ends=now))

    def release(self, token: str) -> None:
        """Give back all that a process has leased."""
        with self._database.writing() as connection:
            mine = visits.update().where(visits.c.lease_token == token)
            connection.execute(mine.values(leased=None, lease_ends=None, lease_token=""))

    def save(
        self,
        visit: Visit,
        reading: Reading | None,
        following: Callable[[Saved], Visit],
        *,
        token: str,
        now: datetime,
    ) -> tuple[Visit, Saved] | None:
        """Save what a visit gave and the visit that follows from it, in one transaction; ends the lease.

        None: the lease had run out and is another's, so nothing was saved.
        """
        mine = (visits.c.source == visit.source) & (visits.c.lease_token == token)
        with self._database.writing() as connection:
            if not connection.execute(sa.select(visits.c.source).where(mine)).first():
                return None
            saved = _Saving(connection, visit, reading, now).run() if reading else Saved()
            after = following(saved)
            connection.execute(visits.update().where(mine).values(**_row(after)))
        return after, saved


def _unleased(now: datetime) -> sa.Select[Any]:
    free = visits.c.lease_ends.is_(None) | (visits.c.lease_ends <= now)
    return sa.select(visits).join(sources).where(sources.c.listed, free)


def _source_row(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "listed": True,
        "paused": source.paused,
        "address": hashlib.sha256(source.url.encode()).hexdigest(),
        "source": encode(_without_secrets(source)),
    }


def _without_secrets(source: Source) -> Source:
    """Give a source as it may stand in a database: no password, no token, no address that holds one."""
    url = urls.without_user(source.url) if source.is_open else ""
    return replace(source, auth="", url=url, is_secret=not source.is_open)


def _visit(row: sa.Row[Any]) -> Visit:
    return replace(decode(Visit, row.visit), due=row.due, leased=row.leased)


def _row(visit: Visit) -> dict[str, Any]:
    return {
        "due": visit.due,
        "leased": None,
        "lease_ends": None,
        "lease_token": "",
        "failures": visit.failures,
        "polled": visit.polled,
        "visit": encode(replace(visit, leased=None)),
    }


class _Saving:
    """One reading on its way into the table of entries."""

    def __init__(self, connection: sa.Connection, visit: Visit, reading: Reading, now: datetime) -> None:
        self.connection = connection
        self.source = visit.source
        self.round = visit.leased or now
        self.reading = reading
        self.now = now

    def run(self) -> Saved:
        read = self.reading.entries
        known = self._known({entry.key for entry in read} | {spare_key(entry) for entry in read})
        found = keyed(read, {key: Holder(row.canonical, row.title) for key, row in known.items()})
        digests = {key: digest(entry) for key, entry in found.items()}
        new = [entry for key, entry in found.items() if key not in known]
        changed = [
            entry for key, entry in found.items() if key in known and known[key].digest != digests[key]
        ]
        rows = [self._row(entry, digests[entry.key], self.now) for entry in self._identified(new)]
        for entry in changed:
            row = known[entry.key]
            kept = self._carried(entry, decode(Entry, row.entry), row.seen)
            rows.append(self._row(kept, digests[entry.key], row.seen, round_=row.round))
        self._write(rows)
        return Saved(new=len(new), changed=len(changed))

    def _known(self, keys: Iterable[str]) -> dict[str, sa.Row[Any]]:
        found = {}
        wanted = sorted(keys)
        for start in range(0, len(wanted), _MANY):
            part = entries.c.key.in_(wanted[start : start + _MANY])
            rows = self.connection.execute(sa.select(entries).where(entries.c.source == self.source, part))
            found.update({row.key: row for row in rows})
        return found

    def _identified(self, new: list[Entry]) -> list[Entry]:
        """Give new entries their published ids for ever: no two articles share one."""
        holders = self._holders({entry.published_id for entry in new})
        return [self._identify(entry, holders) for entry in sorted(new, key=_with_their_own_id_first)]

    def _identify(self, entry: Entry, holders: dict[str, str]) -> Entry:
        canonical = urls.canonical(entry.url)
        held = self._held_to(entry, self.now)
        if is_publishers(entry) and holders.setdefault(entry.published_id, canonical) == canonical:
            return held
        return replace(held, published_id=urls.minted(self.reading.minted_from, entry.key))

    def _holders(self, ids: Iterable[str]) -> dict[str, str]:
        """Give the link of the entry that was the first with each of these published ids."""
        found: dict[str, str] = {}
        wanted = sorted(ids)
        for start in range(0, len(wanted), _MANY):
            part = entries.c.published_id.in_(wanted[start : start + _MANY])
            query = sa.select(entries.c.published_id, entries.c.canonical).where(part)
            for row in self.connection.execute(
                query.order_by(entries.c.seen, entries.c.source, entries.c.key)
            ):
                found.setdefault(row.published_id, row.canonical)
        return found

    @staticmethod
    def _held_to(entry: Entry, seen: datetime) -> Entry:
        """Hold an entry's times to when it was first seen: nothing is published in the future."""
        return replace(
            entry,
            published=min(entry.published, seen) if entry.dated else seen,
            updated=min(entry.updated, seen) if entry.updated else None,
        )

    def _carried(self, entry: Entry, old: Entry, seen: datetime) -> Entry:
        """Carry over to a changed entry what must not change with it: its id and its first times."""
        kept = replace(entry, published_id=old.published_id)
        if not kept.dated:
            kept = replace(kept, published=seen if not old.dated else old.published)
        else:
            kept = replace(kept, published=min(kept.published, seen))
        if entry.updated is not None:
            if entry.updated == entry.published:
                # Its one date says when it changed last; it was published when we knew it first.
                kept = replace(kept, published=min(kept.published, old.published))
            return replace(kept, updated=min(entry.updated, self.now))
        return replace(kept, updated=old.updated if says_the_same(old, entry) else self.now)

    def _row(
        self, entry: Entry, told: str, seen: datetime, *, round_: datetime | None = None
    ) -> dict[str, object]:
        return {
            "source": self.source,
            "key": entry.key,
            "published_id": entry.published_id,
            "canonical": urls.canonical(entry.url),
            "title": entry.title,
            "published": entry.published,
            "seen": seen,
            "changed": self.now,
            "round": round_ or self.round,
            "digest": told,
            "entry": encode(entry),
        }

    def _write(self, rows: Sequence[Mapping[str, object]]) -> None:
        if not rows:
            return
        upsert = insert(self.connection, entries)
        replaced = {
            column.name: upsert.excluded[column.name] for column in entries.c if not column.primary_key
        }
        upsert = upsert.on_conflict_do_update(index_elements=["source", "key"], set_=replaced)
        self.connection.execute(upsert, list(rows))


def _with_their_own_id_first(entry: Entry) -> tuple[bool, str]:
    return entry.key != entry.published_id, entry.key
