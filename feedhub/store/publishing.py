"""The out half of the store: feeds, their editions, and which entries are in them."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from feedhub.model import Entry, Kept
from feedhub.store.clock import check_clock
from feedhub.store.database import Database
from feedhub.store.editions import (
    NEVER_PUBLISHED,
    EditionState,
    FeedState,
    Filed,
    day_text,
    edition_state,
    member,
)
from feedhub.store.kept import KEPT, kept
from feedhub.store.keys import canonical
from feedhub.store.lists import one_of
from feedhub.store.steps import steps
from feedhub.store.tables import (
    LEFT_OUT,
    NO_DAYS,
    decisions,
    editions,
    entries,
    feeds,
    members,
    visits,
)

_SAME_ENTRY = (members.c.source == entries.c.source) & (members.c.key == entries.c.key)
_IS_THERE = entries.c.takedown.is_(None)  # not taken down
# An expression: else SQLite would read all that these sources ever brought, and then sort out the newest.
_SOURCE = entries.c.source.concat("")
# To hand over the names of many sources costs more than to pass over a few entries of others.
_MANY = 100
_AMONG = 4  # times as many are looked at
_NEWEST_FIRST = (entries.c.published.desc(), entries.c.published_id)
NEWEST = (
    sa.select(*KEPT, entries.c.source)
    .where(_IS_THERE)
    .order_by(*_NEWEST_FIRST)
    .limit(sa.bindparam("most", type_=sa.Integer))
)


class Publishing:
    """What has been published, and what there is to publish."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ── Feeds ──

    def feed(self, name: str) -> FeedState:
        """Give what is remembered of a feed; a new one gets its id."""
        known = self.known_feed(name)
        if known is not None:
            return known
        with self._database.writing() as connection:
            new = self._database.insert(feeds).values(name=name, id=uuid.uuid4().urn)
            connection.execute(new.on_conflict_do_nothing())
        return self.known_feed(name) or NEVER_PUBLISHED

    def known_feed(self, name: str) -> FeedState | None:
        """Give what is remembered of a feed; None if it was never published."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(feeds).where(feeds.c.name == name)).first()
        if row is None:
            return None
        return FeedState(id=row.id, started=row.started, filled_from=row.filled_from, open_from=row.open_from)

    def names(self) -> set[str]:
        """Give the names of all feeds that ever were."""
        with self._database.reading() as connection:
            return set(connection.execute(sa.select(feeds.c.name)).scalars())

    def start(self, name: str, started: datetime, filled_from: date) -> None:
        """Remember that a feed's first round is over."""
        with self._database.writing() as connection:
            mine = feeds.update().where(feeds.c.name == name, feeds.c.started.is_(None))
            connection.execute(mine.values(started=started, filled_from=filled_from))

    def is_round_open(self, sources: Sequence[str]) -> bool:
        """Tell whether one of the sources has not been polled yet."""
        mine = one_of(visits.c.source, sources)
        waiting = sa.select(visits.c.source).where(mine, visits.c.polled.is_(None))
        with self._database.reading() as connection:
            return connection.execute(waiting.limit(1)).first() is not None

    # ── Entries ──

    def unfiled_since(
        self,
        feed: str,
        sources: Sequence[str],
        since: datetime,
        *,
        older: tuple[datetime, datetime] | None = None,
    ) -> list[Kept]:
        """Give the entries of these sources that were first seen at a time or later, on no closed day yet.

        `older` are two times: what was seen until the first and published before the second is left out.
        """
        filed = sa.exists().where(members.c.feed == feed, _SAME_ENTRY)
        query = self._of(sources).where(entries.c.seen >= since, ~filed)
        if older:
            query = query.where((entries.c.seen > older[0]) | (entries.c.published >= older[1]))
        return self._kept(query)

    def published_since(self, sources: Sequence[str], since: datetime) -> list[Kept]:
        """Give the entries of these sources that were published at a time or later."""
        return self._kept(self._of(sources).where(entries.c.published >= since))

    def newest(self, sources: Sequence[str], most: int) -> list[Kept]:
        """Give the newest entries of these sources, newest first."""
        if len(sources) > _MANY and (found := self._among_newest(frozenset(sources), most)) is not None:
            return found
        return self._kept(self._of(sources).order_by(*_NEWEST_FIRST).limit(most))

    def _among_newest(self, sources: Collection[str], most: int) -> list[Kept] | None:
        """Find them among the newest of all; None if there may be more of them further on."""
        found: list[Kept] = []
        looked_at = 0
        with self._database.reading() as connection:
            for row in connection.execute(NEWEST, {"most": _AMONG * most}):
                if len(found) == most:
                    break
                looked_at += 1
                if row.source in sources:
                    found.append(kept(row))
        return found if len(found) == most or looked_at < _AMONG * most else None

    def chosen_since(self, feed: str, sources: Sequence[str], since: datetime) -> list[Kept]:
        """Give those of `unfiled_since` on which an editor of the feed has decided, whatever it takes."""
        decided = sa.exists().where(
            decisions.c.feed == feed,
            decisions.c.undone.is_(None),
            decisions.c.source == entries.c.source,
            decisions.c.key == entries.c.key,
        )
        filed = sa.exists().where(members.c.feed == feed, _SAME_ENTRY)
        return self._kept(self._of(sources).where(entries.c.seen >= since, decided, ~filed))

    def _of(self, sources: Sequence[str]) -> sa.Select[Any]:
        return sa.select(*KEPT).where(one_of(_SOURCE, sources), _IS_THERE)

    def _kept(self, query: sa.Select[Any]) -> list[Kept]:
        with self._database.reading() as connection:
            return [kept(row) for row in connection.execute(query)]

    # ── Editions ──

    def editions(self, feed: str) -> dict[date | None, EditionState]:
        """Give what is remembered of a feed's editions, by day; None is the document to subscribe to."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(editions).where(editions.c.feed == feed)).all()
        return {state.day: state for state in map(edition_state, rows)}

    def remember(self, feed: str, state: EditionState, *, was: EditionState | None) -> None:
        """Remember an edition as it is published, unless what is remembered is no longer what it `was`.

        Then an entry of it has changed in between, or another publisher was quicker: the next publishing
        sees that.
        """
        day = day_text(state.day)
        values = {"closed": state.closed, "updated": state.updated, "fingerprint": state.fingerprint}
        with self._database.writing() as connection:
            if was is None:
                new = self._database.insert(editions).values(feed=feed, day=day, **values)
                connection.execute(new.on_conflict_do_nothing())
                return
            mine = editions.update().where(
                editions.c.feed == feed, editions.c.day == day, editions.c.fingerprint == was.fingerprint
            )
            connection.execute(mine.values(**values))

    def close(
        self,
        feed: str,
        open_from: date,
        filed: Iterable[tuple[date | None, Entry]],
        *,
        left_out: Iterable[Entry] = (),
        withheld: Iterable[tuple[date | None, Entry]] = (),
        featured: Collection[str] = (),
        was: date | None,
    ) -> bool:
        """Close all days before one: write down for good which entries are on them, and which on none.

        None as an entry's day: it is older than the days that the first round filled. `withheld` would be
        there but for an editor's word; `featured` are published ids. `was` is the oldest open day before;
        False: it is another by now, and nothing was written.
        """
        rows = [
            member(feed, entry, day_text(day), featured=entry.published_id in featured)
            for day, entry in filed
        ]
        rows += [member(feed, entry, day_text(day), out=True) for day, entry in withheld]
        rows += [member(feed, entry, LEFT_OUT) for entry in left_out]
        mine = feeds.update().where(feeds.c.name == feed, feeds.c.open_from.is_not_distinct_from(was))
        with self._database.writing() as connection:
            if not connection.execute(mine.values(open_from=open_from)).rowcount:
                return False
            if rows:
                connection.execute(self._database.insert(members).on_conflict_do_nothing(), rows)
            return True

    def reopen(self, feed: str, open_from: date, *, now: datetime) -> None:
        """Open all days from one on again: a clock that was far ahead has closed them.

        What was first seen at a time that is still to come was seen now. Raises StoreError if the clock that
        says so is behind: then the days are over.
        """
        with self._database.writing() as connection:
            check_clock(connection, now, timedelta())  # by a day at least it is behind, or was ahead
            connection.execute(
                members.delete().where(members.c.feed == feed, members.c.day >= day_text(open_from))
            )
            connection.execute(feeds.update().where(feeds.c.name == feed).values(open_from=open_from))
            for column in (entries.c.seen, entries.c.changed, entries.c.round):
                connection.execute(entries.update().where(column > now).values({column: now}))

    def closed_days(self, feed: str) -> list[date]:
        """Give the closed days that have entries, the oldest first."""
        mine = (members.c.feed == feed) & (members.c.day > max(NO_DAYS))
        with self._database.reading() as connection:
            return [
                date.fromisoformat(day) for day in connection.execute(steps(members.c.day, mine)).scalars()
            ]

    def filed_on(self, feed: str, day: date) -> list[Kept]:
        """Give the entries of a closed day."""
        return self._kept(self._filed(feed).where(members.c.day == day_text(day)))

    def filed_like(self, feed: str, entries_: Iterable[Entry]) -> list[Kept]:
        """Give what is on closed days, withheld too, with the published id or the link of one of these."""
        like = list(entries_)
        same_id = one_of(entries.c.published_id, {entry.published_id for entry in like})
        same_link = one_of(entries.c.canonical, {canonical(entry.url) for entry in like})
        filed = sa.exists().where(members.c.feed == feed, members.c.day != LEFT_OUT, _SAME_ENTRY)
        return self._kept(sa.select(*KEPT).where(same_id | same_link, filed, _IS_THERE)) if like else []

    def newest_filed(self, feed: str, most: int) -> list[Kept]:
        """Give the newest entries of closed days, newest first."""
        newest_first = (members.c.published.desc(), entries.c.published_id)
        return self._kept(self._filed(feed).order_by(*newest_first).limit(most))

    @staticmethod
    def _filed(feed: str) -> sa.Select[Any]:
        filed = sa.select(*KEPT).select_from(members.join(entries, _SAME_ENTRY))
        return filed.where(members.c.feed == feed, members.c.day != LEFT_OUT, ~members.c.out, _IS_THERE)

    def places(self, feed: str, entries_: Iterable[Entry]) -> dict[tuple[str, str], Filed]:
        """Tell where those of these entries stand that are on closed days, by source and key."""
        mine = one_of(entries.c.published_id, {entry.published_id for entry in entries_})
        columns = members.c.source, members.c.key, members.c.day, members.c.featured, members.c.out
        query = sa.select(*columns).select_from(members.join(entries, _SAME_ENTRY))
        with self._database.reading() as connection:
            rows = connection.execute(query.where(members.c.feed == feed, mine)).all()
        return {
            (row.source, row.key): Filed(
                day=date.fromisoformat(row.day) if row.day not in NO_DAYS else None,
                is_left_out=row.day == LEFT_OUT,
                is_featured=row.featured,
                is_withheld=row.out,
            )
            for row in rows
        }
