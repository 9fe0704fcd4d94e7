"""The in half of the store: sources, when they are due, and what polling them gave."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from feedhub import urls
from feedhub.model import Entry, Limits, Reading, Saved, Source, Visit
from feedhub.store import leasing, visiting
from feedhub.store.clock import check_clock
from feedhub.store.codec import decode, encode
from feedhub.store.database import Database
from feedhub.store.gate import Gate
from feedhub.store.lists import one_of
from feedhub.store.saving import Saving
from feedhub.store.tables import EPOCH, entries, leases, revisions, sources, visits

_DOUBT = timedelta(minutes=1)  # that a clock may be set back without anything being wrong
_TRUSTED = timedelta(seconds=10)  # how long a clock that was checked is
_LONGEST_LEASE = timedelta(hours=1)
_LONGEST_WAIT = timedelta(days=400) // timedelta(microseconds=1)  # of a source that is to be polled again


class Polling:
    """Sources, visits and the entries that polls bring."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._checked = EPOCH  # the clock, last

    def set_sources(self, configured: Iterable[Source], now: datetime) -> None:
        """Take over what config.toml says; a source that it no longer has is kept, for closed days."""
        rows = {source.name: _source_row(source) for source in configured}
        with self._database.writing() as connection:
            known = {row["name"]: row for row in connection.execute(sa.select(sources)).mappings()}
            gone = [name for name, row in known.items() if row["listed"] and name not in rows]
            if gone:
                mine = sources.update().where(one_of(sources.c.name, gone))
                connection.execute(mine.values(listed=False))
            if new := [row for name, row in rows.items() if name not in known]:
                connection.execute(sources.insert(), new)
                visiting.add(connection, [Visit(source=row["name"], due=now) for row in new])
            for name in known.keys() & rows.keys():
                if known[name] == rows[name]:
                    continue
                connection.execute(sources.update().where(sources.c.name == name).values(**rows[name]))
                if known[name]["address"] != rows[name]["address"]:
                    # At another address it may well be called otherwise.
                    visiting.begin_again(connection, Visit(source=name, due=now))
                elif _way_to_read(known[name]["source"]) != _way_to_read(rows[name]["source"]):
                    visiting.read_anew(connection, name)

    def removed_sources(self, configured: Collection[str]) -> dict[str, Source]:
        """Give all sources but these, as they were last, by name: config.toml no longer has them."""
        others = sa.select(sources).where(~one_of(sources.c.name, configured))
        return self._sources(others)

    def sources(self, names: Collection[str]) -> dict[str, Source]:
        """Give sources as they were last, by name."""
        if not names:
            return {}
        return self._sources(sa.select(sources).where(one_of(sources.c.name, names)))

    def _sources(self, query: sa.Select[Any]) -> dict[str, Source]:
        with self._database.reading() as connection:
            return {row.name: decode(Source, row.source) for row in connection.execute(query)}

    def visits(self, names: Sequence[str] | None = None) -> list[Visit]:
        """Give what we remember of the sources that are named, or of all that config.toml has."""
        query = visiting.VISITS.join(sources).where(sources.c.listed).order_by(visits.c.source)
        if names is not None:
            query = query.where(one_of(visits.c.source, names))
        with self._database.reading() as connection:
            return [visiting.visit_of(row) for row in connection.execute(query)]

    def revisions(self, source: str, key: str) -> list[tuple[datetime, Entry]]:
        """Give an entry as it was before each of its changes, and when that came, the newest first."""
        mine = (revisions.c.source == source) & (revisions.c.key == key)
        query = sa.select(revisions).where(mine).order_by(revisions.c.until.desc())
        with self._database.reading() as connection:
            return [(row.until, decode(Entry, row.entry)) for row in connection.execute(query)]

    def counts(self) -> dict[str, int]:
        """Give how many entries each source has brought."""
        query = sa.select(entries.c.source, sa.func.count()).group_by(entries.c.source)
        with self._database.reading() as connection:
            return dict(connection.execute(query).all())

    def held(self) -> dict[str, str]:
        """Give the sources from which nothing is taken until the operator lets it, and why."""
        query = sa.select(visits.c.source, visits.c.held).where(visits.c.held.is_not(None))
        with self._database.reading() as connection:
            return dict(connection.execute(query).all())

    def resume(self, name: str, now: datetime) -> bool:
        """Take what a held source gives, at its next poll, which is now; False if it is not held."""
        mine = visits.update().where(visits.c.source == name, visits.c.held.is_not(None))
        with self._database.writing() as connection:
            return connection.execute(mine.values(held=None, welcome=True, due=now)).rowcount > 0

    def lease(
        self, now: datetime, *, most: int, most_failing: int, lasts: timedelta, token: str
    ) -> list[Visit]:
        """Take due sources that nobody else is polling, the longest due first, for a time.

        At most `most_failing` of them are such whose last visit failed: they must not crowd out the others.
        Raises StoreError if the clock is behind: what came would be dated by it, and be on no day.
        """
        with self._database.reading() as connection:
            if not leasing.due(connection, now, most=1, most_failing=min(1, most_failing)):
                return []  # the usual case must not wait for the writer
            self._check_clock(connection, now)
        with self._database.writing() as connection:
            due = leasing.due(connection, now, most=most, most_failing=most_failing)
            return leasing.take(connection, due, now + lasts, token)

    def lease_named(
        self, names: Sequence[str], now: datetime, *, began: datetime, lasts: timedelta, token: str
    ) -> list[Visit]:
        """Take those of these sources that nobody else is polling, due or not, for a time.

        `began` is when the round began that they belong to. Raises StoreError as `lease` does.
        """
        with self._database.writing() as connection:
            self._check_clock(connection, now)
            free = leasing.free(connection, names, now, began)
            return leasing.take(connection, free, now + lasts, token)

    def _check_clock(self, connection: sa.Connection, now: datetime) -> None:
        """Check the clock, but for the leases that follow soon: a round is made of many."""
        if not timedelta() <= now - self._checked < _TRUSTED:
            check_clock(connection, now)
            self._checked = now

    def renew(self, names: Iterable[str], until: datetime, *, token: str) -> None:
        """Keep for longer those of these sources that a process has leased."""
        mine = one_of(leases.c.source, names) & (leases.c.token == token)
        with self._database.writing() as connection:
            connection.execute(leases.update().where(mine).values(ends=until))

    def heal_times(self, now: datetime) -> None:
        """Count anew from now what would wait for a time that a wrong clock once told.

        Each source waits for as long as it was to wait, so they do not all come at once; one that is gone
        stays so. Raises StoreError if it is the clock of now that is wrong.
        """
        wait = sa.type_coerce(visits.c.due, sa.BigInteger) - sa.type_coerce(visits.c.polled, sa.BigInteger)
        ahead = (visits.c.polled > now + _DOUBT) & (visits.c.due > now) & (wait < _LONGEST_WAIT)
        with self._database.writing() as connection:
            check_clock(connection, now)
            began = sa.literal((now - EPOCH) // timedelta(microseconds=1), sa.BigInteger)
            connection.execute(visits.update().where(ahead).values(due=began + wait, polled=now))
            beyond = leases.update().where(leases.c.ends > now + _LONGEST_LEASE)
            connection.execute(beyond.values(ends=now))

    def release(self, token: str) -> None:
        """Give back all that a process has leased."""
        with self._database.writing() as connection:
            connection.execute(leases.delete().where(leases.c.token == token))

    def save(
        self,
        visit: Visit,
        reading: Reading,
        following: Callable[[Saved], Visit],
        *,
        token: str,
        now: datetime,
        limits: Limits | None = None,
    ) -> tuple[Visit, Saved] | None:
        """Save what a visit read and the visit that follows from it, in one transaction; ends the lease.

        `limits` bound how many new entries are taken; what is left is for a later visit, which has to ask
        for the whole document again. None: the lease had run out and is another's, so nothing was saved.
        """
        with self._database.writing() as connection:
            anew = leasing.give_back(connection, [visit.source], token)
            if not anew:
                return None
            is_welcome = visiting.is_welcome(connection, visit.source)
            gate = Gate(connection, visit.source, now, limits, is_welcome=is_welcome)
            saved = Saving(self._database, connection, visit, now, gate).save(reading)
            [after] = visiting.end(connection, [(visit, gate.after(following(saved)))], anew)
            visiting.admit(connection, visit.source, held=gate.held, welcome=False)
        return after, saved

    def save_quiet(self, ended: Sequence[tuple[Visit, Visit]], *, token: str) -> dict[str, Visit]:
        """Save together the visits that follow from such as gave nothing to read; ends their leases.

        Each comes after the one that it follows; what is known of a source is written where it is another
        object. Gives what was saved by source; one is missing where the lease had run out and is another's.
        """
        with self._database.writing() as connection:
            anew = leasing.give_back(connection, [after.source for _, after in ended], token)
            kept = visiting.end(connection, ended, anew)
        return {visit.source: visit for visit in kept}


def _source_row(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "listed": True,
        "paused": source.paused,
        "is_open": source.is_open,
        "address": hashlib.sha256(source.url.encode()).hexdigest(),
        "source": encode(_without_secrets(source)),
    }


def _without_secrets(source: Source) -> Source:
    """Give a source as it may stand in a database: no password, no token, no address that holds one."""
    url = urls.without_user(source.url) if source.is_open else ""
    return replace(source, auth="", url=url, is_secret=not source.is_open)


def _way_to_read(text: str) -> tuple[str, str, str, bool]:
    """Give what of a source, beside its address, decides how its documents are read."""
    source = decode(Source, text)
    return source.title, source.language, source.timezone, source.is_secret
