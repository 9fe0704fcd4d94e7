"""Entries with what the store knows of them beside: one form for all that read them."""

from typing import Any

import sqlalchemy as sa

from feedhub.model import Entry, Kept
from feedhub.store.codec import decode
from feedhub.store.tables import entries

KEPT = (entries.c.entry, entries.c.seen, entries.c.changed, entries.c.round)


def kept(row: sa.Row[*tuple[Any, ...]]) -> Kept:
    """Make an entry of a row that has the columns of KEPT."""
    return Kept(entry=decode(Entry, row.entry), seen=row.seen, changed=row.changed, round=row.round)
