"""Visits in their table, and in another what answers have told, which most visits leave as it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from feedhub.model import Known, Visit
from feedhub.store.codec import decode, encode
from feedhub.store.lists import one_of
from feedhub.store.tables import answers, leases, sources, visits

_NAMES = tuple(field.name for field in fields(Visit) if field.name not in ("leased", "known"))
_ENDED = tuple(name for name in _NAMES if name != "source")  # by each visit

# Built once: that costs as much as asking.
VISITS = sa.select(*(visits.c[name] for name in _NAMES), answers.c.known).join_from(visits, answers)
_SOURCE: sa.BindParameter[str] = sa.bindparam("named")
_MINE = visits.c.source == _SOURCE
_END = visits.update().where(_MINE).values({name: sa.bindparam(name) for name in _ENDED})
_LEARN = answers.update().where(answers.c.source == _SOURCE).values(known=sa.bindparam("known"))
_ARE_OPEN = sa.select(sources.c.name, sources.c.is_open).where(one_of(sources.c.name, "names"))
_KNOWN = (
    sa.select(answers.c.known, sources.c.is_open)
    .join_from(answers, sources, answers.c.source == sources.c.name)
    .where(answers.c.source == _SOURCE)
)
_IS_WELCOME = sa.select(visits.c.welcome).where(_MINE)
_ADMIT = visits.update().where(_MINE).values(held=sa.bindparam("held"), welcome=sa.bindparam("welcome"))


def visit_of(row: sa.Row[*tuple[Any, ...]], leased: datetime | None = None) -> Visit:
    """Give a visit, from a row of `VISITS`."""
    *told, text = row
    return Visit(**dict(zip(_NAMES, told, strict=True)), leased=leased, known=decode(Known, text))


def add(connection: sa.Connection, first: Iterable[Visit]) -> None:
    """Add the visits of new sources."""
    rows = [{"source": visit.source, "known": encode(visit.known), **_row(visit)} for visit in first]
    connection.execute(visits.insert(), rows)
    connection.execute(answers.insert(), rows)


def begin_again(connection: sa.Connection, first: Visit) -> None:
    """Put a first visit in place of what was; whoever polls the source now may not save it."""
    _write(connection, [first])
    _learn(connection, [first])
    admit(connection, first.source, held=None, welcome=True)
    connection.execute(leases.delete().where(leases.c.source == first.source))


def end(
    connection: sa.Connection, ended: Sequence[tuple[Visit, Visit]], anew: Mapping[str, bool]
) -> list[Visit]:
    """End visits, each with the one that follows from it; gives these as they are kept.

    Only of those sources that `anew` has, which tells whether a source is to be read anew. What is known of
    a source is written where it is another object than before.
    """
    ours = [(before, after) for before, after in ended if after.source in anew]
    quiet = [after for before, after in ours if after.known is before.known]
    told = [after for before, after in ours if after.known is not before.known]
    if told:
        found = connection.execute(_ARE_OPEN, {"names": [visit.source for visit in told]})
        is_open = dict(found.all())
        told = [
            replace(each, known=_as_kept(each.known, is_open=is_open[each.source], anew=anew[each.source]))
            for each in told
        ]
        _learn(connection, told)
    _write(connection, quiet + told)
    return quiet + told


def is_welcome(connection: sa.Connection, name: str) -> bool:
    """Tell whether the next reading is taken, though the source may have become another."""
    return bool(connection.execute(_IS_WELCOME, {"named": name}).scalar())


def admit(connection: sa.Connection, name: str, *, held: str | None, welcome: bool) -> None:
    """Remember why nothing is taken from a source, if so, and whether its next reading is welcome."""
    connection.execute(_ADMIT, {"named": name, "held": held, "welcome": welcome})


def read_anew(connection: sa.Connection, name: str) -> None:
    """Forget what a source's last answer was known by, also to the visit that may be under way."""
    if row := connection.execute(_KNOWN, {"named": name}).first():
        known = _as_kept(decode(Known, row.known), is_open=row.is_open, anew=True)
        connection.execute(_LEARN, {"named": name, "known": encode(known)})
        connection.execute(leases.update().where(leases.c.source == name).values(anew=True))


def _write(connection: sa.Connection, following: Sequence[Visit]) -> None:
    if following:
        statement, parameters = _as_driven(connection.dialect)
        connection.exec_driver_sql(statement, [parameters(visit) for visit in following])


def _learn(connection: sa.Connection, told: Sequence[Visit]) -> None:
    rows = [{"named": visit.source, "known": encode(visit.known)} for visit in told]
    connection.execute(_LEARN, rows)


@cache
def _as_driven(dialect: sa.Dialect) -> tuple[str, Callable[[Visit], Any]]:
    """Give the statement that ends a visit, and what makes its parameters, as a driver takes them.

    SQLAlchemy takes longer to go over the parameters of each row than a database to heed them.
    """
    compiled = _END.compile(dialect=dialect)
    processors = [(name, visits.c[name].type.bind_processor(dialect)) for name in _ENDED]

    def named(visit: Visit) -> dict[str, Any]:
        values = {"named": visit.source}
        for name, processor in processors:
            value = getattr(visit, name)
            values[name] = processor(value) if processor else value
        return values

    if not compiled.positional:
        return compiled.string, named
    in_order = itemgetter(*(compiled.positiontup or ()))
    return compiled.string, lambda visit: in_order(named(visit))


def _row(visit: Visit) -> dict[str, Any]:
    return {name: getattr(visit, name) for name in _ENDED}


def _as_kept(known: Known, *, is_open: bool, anew: bool) -> Known:
    """Leave out what may not be kept of a source of its kind, and what would keep it from being read anew.

    Where a source moved to may hold its secret: it is led there anew each time.
    """
    if anew:
        known = replace(known, etag="", last_modified="", digest="")
    return known if is_open else replace(known, url="", moving_to="", moves=0)
