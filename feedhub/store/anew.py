"""Sources of which the same document is to be read once more."""

from dataclasses import replace

import sqlalchemy as sa

from feedhub.model import Known
from feedhub.store.codec import decode, encode
from feedhub.store.tables import sources, visits


def read_anew(connection: sa.Connection, name: str) -> None:
    """Forget what a source's last answer was known by, also to the visit that may be under way."""
    mine = visits.c.source == name
    row = connection.execute(sa.select(visits.c.known, sources.c.is_open).join(sources).where(mine)).first()
    if row:
        known = as_kept(decode(Known, row.known), is_open=row.is_open, anew=True)
        connection.execute(visits.update().where(mine).values(known=encode(known), anew=True))


def as_kept(known: Known, *, is_open: bool, anew: bool) -> Known:
    """Leave out what may not be kept, for a source of its kind, and what has its document read `anew`.

    Where a source moved to may hold its secret: it is led there anew each time.
    """
    if anew:
        known = replace(known, etag="", last_modified="", digest="")
    return known if is_open else replace(known, url="", moving_to="", moves=0)
