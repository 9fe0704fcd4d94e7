"""Entries that a take-down keeps out of everything: how they are known again, and what is left of them.

What is left is what tells an entry again, its key, published id, link, title and times; the rest goes. An
article is kept out whoever brings it: by its published id, by its link, and in other sources also by the id
and the link that an entry which was taken down has come to have since. The entries of one source are told
apart by their keys, so there a link counts only if the take-down named it.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from feedhub.model import Comments, Entry, Origin
from feedhub.store.codec import decode, encode
from feedhub.store.database import Database
from feedhub.store.keys import canonical
from feedhub.store.lists import one_of
from feedhub.store.tables import entries, revisions, takedowns
from feedhub.store.unsettled import unsettle

STANDS = takedowns.c.undone.is_(None)
_STANDING = sa.select(takedowns.c.number).where(STANDS)


def bodiless(entry: Entry) -> Entry:
    """Give what is left of an entry that is taken down."""
    nothing: Comments | None = None
    return replace(
        entry,
        title="",
        summary="",
        content="",
        authors=(),
        categories=(),
        enclosures=(),
        image=None,
        comments=nothing,
        related=(),
        rights="",
        license="",
        origin=Origin(),
        more=(),
    )


def standing(connection: sa.Connection) -> frozenset[int]:
    """Give the numbers of the take-downs that have not been undone."""
    return frozenset(connection.execute(_STANDING).scalars())


def withheld(connection: sa.Connection, source: str, read: Collection[Entry]) -> dict[str, int]:
    """Tell which entries of a source are kept out, as they were read: key -> number of the take-down."""
    ids = {entry.published_id for entry in read}
    links = {canonical(entry.url) for entry in read}
    by_id = one_of(takedowns.c.published_id, sorted(ids))
    by_link = one_of(takedowns.c.canonical, sorted(links))
    columns = takedowns.c.number, takedowns.c.source, takedowns.c.published_id, takedowns.c.canonical
    named = connection.execute(
        sa.select(*columns).where(STANDS, by_id | by_link | (takedowns.c.source == source))
    ).all()
    elsewhere = connection.execute(_like(ids, links).where(entries.c.source != source)).all()
    whole = next((row.number for row in named if row.source == source), None)
    of_id = {row.published_id: row.number for row in (*elsewhere, *named)}
    of_link = {row.canonical: row.number for row in (*elsewhere, *named)}
    found = {}
    for entry in read:
        number = whole or of_id.get(entry.published_id) or of_link.get(canonical(entry.url))
        if number:
            found[entry.key] = number
    return found


def _like(ids: Iterable[str], links: Iterable[str]) -> sa.Select[tuple[int, str, str]]:
    """Find entries that are kept out and have one of these ids or links."""
    same_id = one_of(entries.c.published_id, sorted(ids))
    same_link = one_of(entries.c.canonical, sorted(links))
    columns = entries.c.takedown.label("number"), entries.c.published_id, entries.c.canonical
    query = sa.select(*columns).select_from(entries.join(takedowns))
    return query.where(STANDS, same_id | same_link)


def withhold(
    database: Database,
    connection: sa.Connection,
    which: sa.ColumnElement[bool],
    *,
    number: int,
    now: datetime,
) -> list[Entry]:
    """Keep entries out from now on that were not, and let their texts go; gives them as they were."""
    free = entries.c.takedown.is_(None) | entries.c.takedown.not_in(
        sa.select(takedowns.c.number).where(STANDS)
    )
    rows = connection.execute(sa.select(entries.c.entry, entries.c.takedown).where(which, free)).all()
    found = []
    for row in rows:
        entry = decode(Entry, row.entry)
        mine = entries.update().where(entries.c.source == entry.source, entries.c.key == entry.key)
        connection.execute(mine.values(takedown=number, entry=encode(bodiless(entry))))
        earlier = (revisions.c.source == entry.source) & (revisions.c.key == entry.key)
        connection.execute(revisions.delete().where(earlier))
        unsettle(database, connection, source=entry.source, key=entry.key, now=now)
        if row.takedown is None:
            found.append(entry)
    return found


def copies(source: str, kept_out: Iterable[Entry]) -> sa.ColumnElement[bool]:
    """Give the condition that an entry is another source's of one of these articles."""
    told = list(kept_out)
    ids = sorted({entry.published_id for entry in told})
    same_id = one_of(entries.c.published_id, ids) | one_of(entries.c.key, ids)
    same_link = one_of(entries.c.canonical, sorted({canonical(entry.url) for entry in told}))
    return (entries.c.source != source) & (same_id | same_link)
