"""Which story an entry is in: it stays there, whatever else comes, as long as it does not change."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from feedhub.model import Entry, Placed
from feedhub.store.database import Database
from feedhub.store.lists import one_of
from feedhub.store.tables import entries, stories

_SAME_ENTRY = (stories.c.source == entries.c.source) & (stories.c.key == entries.c.key)


class Stories:
    """The stories of each feed, as they have been published; entries are named by source and key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def placed(self, feed: str, among: Iterable[Entry]) -> dict[tuple[str, str], Placed]:
        """Give the stories that those of these entries are in that have been placed."""
        mine = one_of(entries.c.published_id, {entry.published_id for entry in among})
        columns = stories.c.source, stories.c.key, stories.c.story, stories.c.changed
        query = sa.select(*columns).select_from(stories.join(entries, _SAME_ENTRY))
        with self._database.reading() as connection:
            rows = connection.execute(query.where(stories.c.feed == feed, mine)).all()
        return {(row.source, row.key): Placed(story=row.story, changed=row.changed) for row in rows}

    def place(self, feed: str, placed: Mapping[tuple[str, str], Placed]) -> None:
        """Write down which stories entries are in from now on."""
        rows = [
            {"feed": feed, "source": source, "key": key, "story": each.story, "changed": each.changed}
            for (source, key), each in placed.items()
        ]
        if rows:
            new = self._database.insert(stories)
            anew = new.on_conflict_do_update(
                index_elements=["source", "key", "feed"],
                set_={"story": new.excluded.story, "changed": new.excluded.changed},
            )
            with self._database.writing() as connection:
                connection.execute(anew, rows)

    def forget(self, feed: str, among: Iterable[Entry]) -> None:
        """Forget which stories these entries were in."""
        ids = {entry.published_id for entry in among}
        named = sa.exists().where(_SAME_ENTRY, one_of(entries.c.published_id, ids))
        with self._database.writing() as connection:
            connection.execute(stories.delete().where(stories.c.feed == feed, named))
