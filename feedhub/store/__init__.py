"""What FeedHub remembers, in SQLite or PostgreSQL; the only user of SQLAlchemy and Alembic."""

from datetime import timedelta

from feedhub.store.counting import Counting, Counts
from feedhub.store.database import PATIENCE, Database
from feedhub.store.decisions import Decisions
from feedhub.store.editions import NEVER_PUBLISHED, EditionState, FeedState, Filed, day_text
from feedhub.store.faults import Faults
from feedhub.store.polling import Polling
from feedhub.store.publishing import Publishing
from feedhub.store.searching import Findable, Searching
from feedhub.store.stories import Stories
from feedhub.store.takedowns import Listed, Takedowns, Tombstone

__all__ = [
    "NEVER_PUBLISHED",
    "Counts",
    "EditionState",
    "FeedState",
    "Filed",
    "Findable",
    "Listed",
    "Store",
    "Tombstone",
    "day_text",
]


class Store:
    """The database: its in half is `polling`, its out half `publishing`, beside them `takedowns`,
    `decisions`, `faults`, `searching`, `stories` and `counting`.

    `url` is sqlite:///FILE or postgresql://…; `patience` is how long a writer waits for another. What
    cannot be opened is refused at once, or, if `may_open_late`, each time that it is used until it can be.
    Raises StoreError.
    """

    def __init__(self, url: str, *, patience: timedelta = PATIENCE, may_open_late: bool = False) -> None:
        self._database = Database(url, patience=patience, may_open_late=may_open_late)
        self.polling = Polling(self._database)
        self.publishing = Publishing(self._database)
        self.takedowns = Takedowns(self._database)
        self.searching = Searching(self._database)
        self.counting = Counting(self._database)
        self.stories = Stories(self._database)
        self.faults = Faults(self._database)
        self.decisions = Decisions(self._database)

    def close(self) -> None:
        """Close all connections."""
        self._database.close()
