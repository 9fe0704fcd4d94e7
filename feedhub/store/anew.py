"""Sources of which the same document is to be read once more."""

from dataclasses import replace

import sqlalchemy as sa

from feedhub.model import Visit
from feedhub.store.codec import decode, encode
from feedhub.store.tables import visits


def read_anew(connection: sa.Connection, name: str) -> None:
    """Forget what a source's last answer was known by, also to the visit that may be under way."""
    mine = visits.c.source == name
    row = connection.execute(sa.select(visits.c.visit).where(mine)).first()
    if row:
        anew = without_validators(decode(Visit, row.visit))
        connection.execute(visits.update().where(mine).values(visit=encode(anew), anew=True))


def without_validators(visit: Visit) -> Visit:
    """Give a visit that asks for the whole document, and has it read whole."""
    return replace(visit, etag="", last_modified="", digest="")
