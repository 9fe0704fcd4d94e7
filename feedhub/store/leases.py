"""Visits in their table: how they are leased, so that nobody else polls the same source, and how they end."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from feedhub.model import Known, Visit
from feedhub.store.anew import as_kept
from feedhub.store.codec import decode, encode
from feedhub.store.lists import one_of
from feedhub.store.tables import FAILING, HEALTHY, sources, visits

_NAMES = tuple(field.name for field in fields(Visit))
_ENDED = tuple(name for name in _NAMES if name not in ("source", "leased", "known"))  # by each visit
_LEASE_IS_OVER = {"leased": None, "lease_ends": None, "lease_token": ""}

# Built once: that costs as much as asking.
VISIT = [visits.c[name] for name in _NAMES]
_FREE = visits.c.lease_ends.is_(None) | (visits.c.lease_ends <= sa.bindparam("now"))
_NAMED = one_of(visits.c.source, "names")
_IN_TURN = (
    sa.select(visits.c.source, visits.c.due)
    .join(sources)
    .where(sources.c.listed, ~sources.c.paused, _FREE, visits.c.due <= sa.bindparam("now"))
    .order_by(visits.c.due, visits.c.source)
)
_DUE = _IN_TURN.where(sa.text(HEALTHY)).limit(sa.bindparam("most"))
_FAILING_DUE = _IN_TURN.where(sa.text(FAILING)).limit(sa.bindparam("most_failing"))
_LEASE = (
    visits.update()
    .where(_NAMED, _FREE, sa.exists().where(sources.c.name == visits.c.source, sources.c.listed))
    .values({name: sa.bindparam(name) for name in _LEASE_IS_OVER} | {"anew": sa.false()})
    .returning(*VISIT)
)
_OURS = visits.c.lease_token == sa.bindparam("token")
_MINE = (visits.c.source == sa.bindparam("named")) & _OURS
_LEASED = sa.select(sources.c.is_open, visits.c.welcome, visits.c.anew).join(visits).where(_MINE)
_ALL_LEASED = sa.select(visits.c.source, visits.c.anew, sources.c.is_open).join(sources).where(_OURS, _NAMED)
_STANDING = sa.select(visits.c.source, visits.c.due, visits.c.polled).where(_NAMED)
_OVER = {"leased": sa.null(), "lease_ends": sa.null(), "lease_token": sa.literal_column("''")}
_END = visits.update().where(_MINE).values({name: sa.bindparam(name) for name in _ENDED} | _OVER)
_END_ANEW = _END.values(known=sa.bindparam("known"))
_END_READ = _END_ANEW.values(held=sa.bindparam("held"), welcome=sa.bindparam("welcome"))


def due(connection: sa.Connection, now: datetime, *, most: int, most_failing: int) -> list[str]:
    """Give the names of due sources, the longest due first, of which at most so many fail."""
    asked = {"now": now, "most": most, "most_failing": min(most, most_failing)}
    rows = [row for query in (_DUE, _FAILING_DUE) for row in connection.execute(query, asked)]
    return [row.source for row in sorted(rows, key=lambda row: (row.due, row.source))[:most]]


def leased(
    connection: sa.Connection,
    names: Sequence[str],
    now: datetime,
    *,
    began: datetime,
    lasts: timedelta,
    token: str,
) -> list[Visit]:
    """Lease those of these sources that are free, and give their visits, the longest due first."""
    asked = {"names": names, "now": now, "leased": began, "lease_ends": now + lasts, "lease_token": token}
    rows = connection.execute(_LEASE, asked).all()
    return sorted(map(visit_of, rows), key=lambda visit: (visit.due, visit.source))


def ours(connection: sa.Connection, name: str, token: str) -> sa.Row[*tuple[Any, ...]] | None:
    """Give what is to be heeded when a visit ends; None if its lease had run out and is another's."""
    return connection.execute(_LEASED, {"named": name, "token": token}).first()


def end_read(
    connection: sa.Connection, visit: Visit, lease: sa.Row[*tuple[Any, ...]], token: str, *, held: str | None
) -> Visit:
    """End a visit that brought a document; gives it as it is kept."""
    kept = _as_kept(visit, lease)
    connection.execute(_END_READ, _told(kept, token) | {"held": held, "welcome": False})
    return kept


def end_anew(connection: sa.Connection, following: list[Visit], token: str) -> list[Visit]:
    """End visits that told something new; gives them as they are kept, where the lease was still ours."""
    if not following:
        return []
    asked = {"token": token, "names": [visit.source for visit in following]}
    ours = {row.source: row for row in connection.execute(_ALL_LEASED, asked)}
    kept = [_as_kept(visit, ours[visit.source]) for visit in following if visit.source in ours]
    if kept:
        connection.execute(_END_ANEW, [_told(visit, token) for visit in kept])
    return kept


def end(connection: sa.Connection, following: list[Visit], token: str) -> list[Visit]:
    """End visits that told nothing new of their source; gives those whose lease was still ours."""
    if not following:
        return []
    statement, parameters = _as_driven(connection.dialect)
    rows = [parameters(visit, token) for visit in following]
    ended = connection.exec_driver_sql(statement, rows).rowcount
    if ended == len(rows) or not ended:
        return following if ended else []
    found = connection.execute(_STANDING, {"names": [visit.source for visit in following]})
    standing = {row.source: (row.due, row.polled) for row in found}
    return [visit for visit in following if standing.get(visit.source) == (visit.due, visit.polled)]


@cache
def _as_driven(dialect: sa.Dialect) -> tuple[str, Callable[[Visit, str], Any]]:
    """Give the statement that ends a visit, and what makes its parameters, as a driver takes them.

    SQLAlchemy takes longer to go over the parameters of each row than a database to heed them.
    """
    compiled = _END.compile(dialect=dialect)
    processors = [(name, visits.c[name].type.bind_processor(dialect)) for name in _ENDED]

    def named(visit: Visit, token: str) -> dict[str, Any]:
        values = {"named": visit.source, "token": token}
        for name, processor in processors:
            value = getattr(visit, name)
            values[name] = processor(value) if processor else value
        return values

    if not compiled.positional:
        return compiled.string, named
    in_order = itemgetter(*(compiled.positiontup or ()))
    return compiled.string, lambda visit, token: in_order(named(visit, token))


def visit_of(row: sa.Row[*tuple[Any, ...]]) -> Visit:
    """Give a visit, from the columns `VISIT`."""
    told = dict(zip(_NAMES, row, strict=True))
    told["known"] = decode(Known, told["known"])
    return Visit(**told)


def new_row(visit: Visit) -> dict[str, Any]:
    """Give all columns of a visit that is nobody's."""
    return {"source": visit.source, "known": encode(visit.known), **_row(visit), **_LEASE_IS_OVER}


def _told(visit: Visit, token: str) -> dict[str, Any]:
    return {"named": visit.source, "token": token, "known": encode(visit.known), **_row(visit)}


def _row(visit: Visit) -> dict[str, Any]:
    return {name: getattr(visit, name) for name in _ENDED}


def _as_kept(visit: Visit, lease: sa.Row[*tuple[Any, ...]]) -> Visit:
    return replace(visit, known=as_kept(visit.known, is_open=lease.is_open, anew=bool(lease.anew)))
