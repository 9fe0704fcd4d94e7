"""Who is polling which source, so that nobody else does: a small table, of what is under way alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedhub.model import Visit
from feedhub.store.lists import one_of
from feedhub.store.tables import FAILING, HEALTHY, Instant, leases, sources, visits
from feedhub.store.visiting import VISITS, visit_of


def is_leased(now: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """Give the condition that a visit is under way."""
    return sa.exists().where(leases.c.source == visits.c.source, leases.c.ends > now)


# Built once: that costs as much as asking.
_NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=Instant())
_FREE = VISITS.join(sources).where(sources.c.listed, ~is_leased(_NOW))
_IN_TURN = _FREE.where(~sources.c.paused, visits.c.due <= _NOW).order_by(visits.c.due, visits.c.source)
_DUE = _IN_TURN.where(sa.text(HEALTHY)).limit(sa.bindparam("most"))
_FAILING_DUE = _IN_TURN.where(sa.text(FAILING)).limit(sa.bindparam("most_failing"))
_FREE_NAMED = _FREE.where(one_of(visits.c.source, "names"))
_MINE = one_of(leases.c.source, "names")
_RUN_OUT = leases.delete().where(_MINE)
_TAKE = leases.insert().from_select(
    ["source", "ends", "token", "anew"],
    sa.select(
        visits.c.source,
        *(sa.bindparam(name, type_=leases.c[name].type) for name in ("ends", "token")),
        sa.false(),
    ).where(one_of(visits.c.source, "names")),
)
_GIVE_BACK = (
    leases.delete()
    .where(_MINE, leases.c.token == sa.bindparam("token"))
    .returning(leases.c.source, leases.c.anew)
)


def due(connection: sa.Connection, now: datetime, *, most: int, most_failing: int) -> list[Visit]:
    """Give the visits of due sources, the longest due first, of which at most so many failed last."""
    asked = {"now": now, "most": most, "most_failing": min(most, most_failing)}
    rows = [row for query in (_DUE, _FAILING_DUE) for row in connection.execute(query, asked)]
    return _by_turn(rows, now)[:most]


def free(connection: sa.Connection, names: Sequence[str], now: datetime, began: datetime) -> list[Visit]:
    """Give the visits of those of these sources that nobody is polling, the longest due first."""
    rows = connection.execute(_FREE_NAMED, {"names": names, "now": now})
    return _by_turn(rows, began)


def take(connection: sa.Connection, found: list[Visit], ends: datetime, token: str) -> list[Visit]:
    """Lease the sources that were found, in the same transaction, to be free; gives their visits."""
    if found:
        names = [visit.source for visit in found]
        connection.execute(_RUN_OUT, {"names": names})
        connection.execute(_TAKE, {"names": names, "ends": ends, "token": token})
    return found


def give_back(connection: sa.Connection, names: Sequence[str], token: str) -> dict[str, bool]:
    """End the leases of these sources; gives the names of those that were still ours.

    With each, whether all that its source says was asked for once more since it was leased.
    """
    return dict(connection.execute(_GIVE_BACK, {"names": names, "token": token}).all())


def _by_turn(rows: Iterable[sa.Row[*tuple[Any, ...]]], began: datetime) -> list[Visit]:
    return sorted((visit_of(row, began) for row in rows), key=lambda visit: (visit.due, visit.source))
