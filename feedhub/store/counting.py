"""How much there is in the store, and how late polling is."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from feedhub.store.database import Database
from feedhub.store.leasing import is_leased
from feedhub.store.tables import editions, entries, sources, visits


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What there is."""

    sources: int  # that are polled: listed in config.toml and not paused
    failing: int  # of them, those whose last visit failed
    due: int  # of them, those that could be polled now and are not
    due_since: datetime | None  # the longest of these; None = none is due
    entries: int  # also those that were taken down
    editions: int  # documents to subscribe to, and days


class Counting:
    """Counts what is in the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self, now: datetime) -> Counts:
        """Count everything; entries by their index, so that takes some time where there are millions."""
        is_due = (visits.c.due <= now) & ~is_leased(now)
        number = sa.func.count()
        polled = sa.select(
            number.label("sources"),
            number.filter(visits.c.failures > 0).label("failing"),
            number.filter(is_due).label("due"),
            sa.func.min(visits.c.due).filter(is_due).label("due_since"),
        )
        polled = polled.select_from(visits.join(sources)).where(sources.c.listed, ~sources.c.paused)
        with self._database.reading() as connection:
            found = connection.execute(polled).one()
            return Counts(
                sources=found.sources,
                failing=found.failing,
                due=found.due,
                due_since=found.due_since,
                entries=connection.execute(sa.select(number).select_from(entries)).scalar_one(),
                editions=connection.execute(sa.select(number).select_from(editions)).scalar_one(),
            )
