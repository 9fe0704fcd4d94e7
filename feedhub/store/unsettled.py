"""Closed days that are to be published again, because an entry on them has changed or has gone."""

from datetime import datetime

import sqlalchemy as sa

from feedhub.store.database import Database
from feedhub.store.tables import NO_DAYS, Instant, editions, members


def unsettle(
    database: Database,
    connection: sa.Connection,
    *,
    source: str,
    key: str,
    now: datetime,
    feed: str | None = None,
) -> None:
    """Have the closed days that an entry is on published again, of one feed or of all."""
    # Another one each time: who is publishing the day just now must see that it has changed once more.
    fingerprint = sa.literal(f"unsettled {now.isoformat()} {source} {key}")
    days = sa.select(members.c.feed, members.c.day, sa.true(), sa.literal(now, Instant), fingerprint)
    days = days.where(members.c.source == source, members.c.key == key)
    if feed is not None:
        days = days.where(members.c.feed == feed)
    columns = ["feed", "day", "closed", "updated", "fingerprint"]
    # A day that is being published for the first time has no row yet; then its publisher finds this one.
    found = database.insert(editions).from_select(columns, days.where(members.c.day.not_in(NO_DAYS)))
    upsert = found.on_conflict_do_update(
        index_elements=["feed", "day"], set_={"fingerprint": found.excluded.fingerprint}
    )
    connection.execute(upsert)
