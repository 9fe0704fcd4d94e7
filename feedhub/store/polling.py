"""The in half of the store: sources, when they are due, and what polling them gave."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from feedhub import urls
from feedhub.model import Entry, Limits, Reading, Saved, Source, Visit
from feedhub.store.anew import read_anew, without_validators
from feedhub.store.clock import check_clock
from feedhub.store.codec import decode, encode, members, object_of
from feedhub.store.database import Database
from feedhub.store.gate import Gate
from feedhub.store.lists import one_of
from feedhub.store.saving import Saving
from feedhub.store.tables import EPOCH, FAILING, HEALTHY, entries, revisions, sources, visits

_DOUBT = timedelta(minutes=1)  # that a clock may be set back without anything being wrong
_LONGEST_LEASE = timedelta(hours=1)
_LONGEST_WAIT = timedelta(days=400) // timedelta(microseconds=1)  # of a source that is to be polled again


class Polling:
    """Sources, visits and the entries that polls bring."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
                first = [Visit(source=row["name"], due=now) for row in new]
                connection.execute(visits.insert(), [{"source": each.source} | _row(each) for each in first])
            for name in known.keys() & rows.keys():
                if known[name] == rows[name]:
                    continue
                connection.execute(sources.update().where(sources.c.name == name).values(**rows[name]))
                if known[name]["address"] != rows[name]["address"]:
                    # At another address it may well be called otherwise.
                    anew = _row(Visit(source=name, due=now)) | {"held": None, "welcome": True}
                    connection.execute(visits.update().where(visits.c.source == name).values(**anew))
                elif _way_to_read(known[name]["source"]) != _way_to_read(rows[name]["source"]):
                    read_anew(connection, name)

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
        query = sa.select(visits).join(sources).where(sources.c.listed).order_by(visits.c.source)
        if names is not None:
            query = query.where(one_of(visits.c.source, names))
        with self._database.reading() as connection:
            return [_visit(row, leased=row.leased) for row in connection.execute(query)]

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

        def due(connection: sa.Connection, most: int) -> list[sa.Row[*tuple[Any, ...]]]:
            asked = {"now": now, "most": most, "most_failing": min(most, most_failing)}
            return [row for query in (_DUE, _FAILING_DUE) for row in connection.execute(query, asked)]

        with self._database.reading() as connection:
            if not due(connection, 1):
                return []  # the usual case must not wait for the writer
            check_clock(connection, now)
        with self._database.writing() as connection:
            rows = due(connection, most)
            longest_due = sorted(rows, key=lambda row: (row.due, row.source))[:most]
            return _leased(connection, longest_due, began=now, ends=now + lasts, token=token)

    def lease_named(
        self, names: Sequence[str], now: datetime, *, began: datetime, lasts: timedelta, token: str
    ) -> list[Visit]:
        """Take those of these sources that nobody else is polling, due or not, for a time.

        `began` is when the round began that they belong to. Raises StoreError as `lease` does.
        """
        with self._database.writing() as connection:
            check_clock(connection, now)
            rows = connection.execute(_NAMED, {"now": now, "names": names}).all()
            return _leased(connection, rows, began=began, ends=now + lasts, token=token)

    def renew(self, token: str, until: datetime) -> None:
        """Keep for longer all that a process has leased."""
        with self._database.writing() as connection:
            connection.execute(visits.update().where(visits.c.lease_token == token).values(lease_ends=until))

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
        mine = {"named": visit.source, "token": token}
        with self._database.writing() as connection:
            row = connection.execute(_LEASED, mine).first()
            if row is None:
                return None
            gate = Gate(connection, visit.source, now, limits, is_welcome=bool(row.welcome))
            saved = Saving(self._database, connection, visit, now, gate).save(reading)
            after = _as_kept(gate.after(following(saved)), row)
            connection.execute(_END, {**mine, **_row(after), "held": gate.held, "welcome": False})
        return after, saved

    def save_quiet(self, following: Sequence[Visit], *, token: str) -> dict[str, Visit]:
        """Save the visits that follow from such as gave nothing to read, in one statement; ends the leases.

        Gives them by source; one is missing where the lease had run out and is another's.
        """
        asked = {"token": token, "names": [visit.source for visit in following]}
        with self._database.writing() as connection:
            leased = {row.source: row for row in connection.execute(_ALL_LEASED, asked)}
            kept = [_as_kept(visit, leased[visit.source]) for visit in following if visit.source in leased]
            if kept:
                connection.execute(_QUIET, [{"named": visit.source, **_row(visit)} for visit in kept])
        return {visit.source: visit for visit in kept}


# Built once: that costs as much as asking.
_UNLEASED = (
    sa.select(visits.c.source, visits.c.due, visits.c.visit)
    .join(sources)
    .where(sources.c.listed, visits.c.lease_ends.is_(None) | (visits.c.lease_ends <= sa.bindparam("now")))
)
_NAMED = _UNLEASED.where(one_of(visits.c.source, "names"))
_IN_TURN = _UNLEASED.where(~sources.c.paused, visits.c.due <= sa.bindparam("now")).order_by(
    visits.c.due, visits.c.source
)
_DUE = _IN_TURN.where(sa.text(HEALTHY)).limit(sa.bindparam("most"))
_FAILING_DUE = _IN_TURN.where(sa.text(FAILING)).limit(sa.bindparam("most_failing"))
_LEASE = visits.update().where(one_of(visits.c.source, "names"))
_OURS = visits.c.lease_token == sa.bindparam("token")
_LEASED = (
    sa.select(sources.c.is_open, visits.c.welcome, visits.c.anew)
    .join(visits)
    .where(visits.c.source == sa.bindparam("named"), _OURS)
)
_ALL_LEASED = (
    sa.select(visits.c.source, visits.c.anew, sources.c.is_open)
    .join(sources)
    .where(_OURS, one_of(visits.c.source, "names"))
)
_END = visits.update().where(visits.c.source == sa.bindparam("named"), _OURS)
_QUIET = visits.update().where(visits.c.source == sa.bindparam("named"))


def _as_kept(visit: Visit, row: sa.Row[*tuple[Any, ...]]) -> Visit:
    """Forget what may not be kept of a visit; `row` says of what kind the source is, and what it is asked.

    Where a source moved to may hold its secret: it is led there anew each time.
    """
    if row.anew:
        visit = without_validators(visit)
    return visit if row.is_open else replace(visit, url="", moving_to="", moves=0)


def _leased(
    connection: sa.Connection,
    rows: Sequence[sa.Row[*tuple[Any, ...]]],
    *,
    began: datetime,
    ends: datetime,
    token: str,
) -> list[Visit]:
    lease = {"leased": began, "lease_ends": ends, "lease_token": token, "anew": False}
    connection.execute(_LEASE, {"names": [row.source for row in rows], **lease})
    return [_visit(row, leased=began) for row in rows]


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


def _visit(row: sa.Row[Any], *, leased: datetime | None) -> Visit:
    return decode(Visit, row.visit, due=row.due, leased=leased)


def _row(visit: Visit) -> dict[str, Any]:
    return {
        "due": visit.due,
        "leased": None,
        "lease_ends": None,
        "lease_token": "",
        "failures": visit.failures,
        "polled": visit.polled,
        "visit": object_of({name: text for name, text in members(visit).items() if name != "leased"}),
    }
