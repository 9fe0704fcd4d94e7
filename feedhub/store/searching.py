"""What is published, to be searched: kept up by publishing, in batches, and never while polling saves.

SQLite has it in FTS5, PostgreSQL as tsvectors; both get the same tokens, and neither cuts words itself.
"""

import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

import sqlalchemy as sa

from feedhub.model import Entry, Kept
from feedhub.store.database import Database
from feedhub.store.editions import day_text
from feedhub.store.kept import KEPT, kept
from feedhub.store.lists import one_of
from feedhub.store.steps import steps
from feedhub.store.tables import EPOCH, findable, findable_in
from feedhub.store.tokens import VERSION, Term, terms, tokens

Key = tuple[str, str]  # source and key of an entry

_BATCH = 200  # entries written at a time: polling waits for no more
_MOST = 200  # entries that are ever found
_MILLISECOND = timedelta(milliseconds=1)
_PLACES = 1_000_000  # numbers of one millisecond
_LATEST = 2**63 - 1
_POSITIONS = 16_383  # PostgreSQL counts no further


@dataclass(frozen=True, slots=True, kw_only=True)
class Findable:
    """A published entry by which it is found."""

    entry: Entry
    digest: str  # of all that `text` is made from
    text: Callable[[], str]  # plain words; asked for only if the digest is new


class Searching:
    """Finds what is published."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # ── Kept up ──

    def fill(self, feed: str, day: date | None, published: Sequence[Findable]) -> None:
        """Take what an edition's documents hold for what can be found in it."""
        by_key = {(one.entry.source, one.entry.key): one for one in published}
        where = (feed, day_text(day))
        listed = self._listed(*where)
        known = self._digests(by_key)
        gone = listed - by_key.keys()
        new = by_key.keys() - listed
        changed = {key for key, one in by_key.items() if known.get(key) != _digest(one)}
        touched = iter(sorted(gone | new | changed))
        while batch := set(islice(touched, _BATCH)):
            with self._database.writing() as connection:
                self._list(connection, where, gone=gone & batch, new=new & batch)
                self._file(connection, batch, {key: by_key[key] for key in changed & batch})

    def keep_only(self, editions: Iterable[tuple[str, date | None]]) -> None:
        """Forget what was found in other editions than these, which are there no longer."""
        there = {(feed, day_text(day)) for feed, day in editions}
        with self._database.reading() as connection:
            told = [
                (feed, day)
                for feed in connection.execute(steps(findable_in.c.feed)).scalars()
                for day in connection.execute(steps(findable_in.c.day, findable_in.c.feed == feed)).scalars()
            ]
        for feed, day in told:
            if (feed, day) not in there:
                self.fill(feed, date.fromisoformat(day) if day else None, [])

    def _listed(self, feed: str, day: str) -> set[Key]:
        query = sa.select(findable_in.c.source, findable_in.c.key)
        query = query.where(findable_in.c.feed == feed, findable_in.c.day == day)
        with self._database.reading() as connection:
            return {(row.source, row.key) for row in connection.execute(query)}

    def _digests(self, wanted: Collection[Key]) -> dict[Key, str]:
        of_keys = one_of(findable.c.key, {key for _, key in wanted})
        query = sa.select(findable.c.source, findable.c.key, findable.c.digest).where(of_keys)
        with self._database.reading() as connection:
            return {(row.source, row.key): row.digest for row in connection.execute(query)}

    def _list(
        self,
        connection: sa.Connection,
        where: tuple[str, str],
        *,
        gone: Collection[Key],
        new: Collection[Key],
    ) -> None:
        feed, day = where
        for source, key in gone:
            mine = (findable_in.c.source == source) & (findable_in.c.key == key)
            connection.execute(
                findable_in.delete().where(mine, findable_in.c.feed == feed, findable_in.c.day == day)
            )
        if new:
            rows = [{"feed": feed, "day": day, "source": source, "key": key} for source, key in new]
            # Another publisher may have listed them since we looked.
            connection.execute(self._database.insert(findable_in).on_conflict_do_nothing(), rows)

    def _file(
        self, connection: sa.Connection, batch: Collection[Key], changed: Mapping[Key, Findable]
    ) -> None:
        """Write anew what is found of some entries, or what it is found in."""
        feeds, numbers = self._feeds(connection, batch), self._numbers(connection, batch)
        old = [
            {"number": numbers[key]}
            for key in batch
            if key in numbers and (key in changed or key not in feeds)
        ]
        if old:
            connection.execute(sa.text("DELETE FROM findable WHERE number = :number"), old)
            connection.execute(_DELETE[self._kind], old)
        new = {key: one for key, one in changed.items() if key in feeds}
        rows, words = [], []
        for number, (key, one) in zip(_free_numbers(connection, new.values()), new.items(), strict=True):
            rows.append({"number": number, "source": key[0], "key": key[1], "digest": _digest(one)})
            told = self._words_told(tokens(one.text()))
            words.append({"number": number, "words": told, "feeds": self._feeds_told(feeds[key])})
        if new:
            connection.execute(findable.insert(), rows)
            connection.execute(_INSERT[self._kind], words)
        moved = [key for key in batch if key in feeds and key in numbers and key not in changed]
        if moved:
            told_in = [{"number": numbers[key], "feeds": self._feeds_told(feeds[key])} for key in moved]
            connection.execute(_UPDATE[self._kind], told_in)

    def _feeds(self, connection: sa.Connection, wanted: Collection[Key]) -> dict[Key, list[str]]:
        """Give the feeds in which each entry is."""
        query = sa.select(findable_in.c.source, findable_in.c.key, findable_in.c.feed).distinct()
        query = query.where(one_of(findable_in.c.key, {key for _, key in wanted}))
        found: dict[Key, list[str]] = defaultdict(list)
        for row in connection.execute(query.order_by(findable_in.c.feed)):
            found[row.source, row.key].append(row.feed)
        return dict(found)

    def _numbers(self, connection: sa.Connection, wanted: Collection[Key]) -> dict[Key, int]:
        of_keys = one_of(findable.c.key, {key for _, key in wanted})
        rows = connection.execute(sa.select(findable).where(of_keys))
        return {(row.source, row.key): row.number for row in rows}

    @property
    def _kind(self) -> str:
        return "sqlite" if self._database.is_sqlite else "postgresql"

    def _words_told(self, found: Sequence[str]) -> str:
        if self._database.is_sqlite:
            return " ".join(found)
        return " ".join(f"'{token}':{place}" for place, token in enumerate(found[:_POSITIONS], 1))

    def _feeds_told(self, feeds: Iterable[str]) -> str:
        return " ".join(feeds if self._database.is_sqlite else map(_feed_lexeme, feeds))

    # ── Asked ──

    def search(
        self,
        question: str,
        *,
        feed: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        most: int = 50,
    ) -> list[Kept]:
        """Give the newest entries that hold what is asked for (see tokens.terms), newest first.

        `feed`: only what is published in it; `since` and `until`: only what was published then, the second
        excluded. Nothing is found by what says nothing, or only what must not be there.
        """
        asked = terms(question)
        if all(term.is_barred for term in asked):
            return []
        match = _fts5(asked, feed) if self._database.is_sqlite else _tsquery(asked, feed)
        given = {
            "match": match,
            "first": _number(since) if since else 0,
            "last": _number(until) - 1 if until else _LATEST,
            "most": min(most, _MOST),
        }
        with self._database.reading() as connection:
            rows = connection.execute(_SEARCH[self._kind], given).all()
        return [kept(row) for row in rows]


_INSERT = {
    "sqlite": sa.text("INSERT INTO findable_words (rowid, words, feeds) VALUES (:number, :words, :feeds)"),
    "postgresql": sa.text(
        "INSERT INTO findable_words (number, words)"
        " VALUES (:number, CAST(:words AS tsvector) || CAST(:feeds AS tsvector))"
    ),
}
_UPDATE = {
    "sqlite": sa.text("UPDATE findable_words SET feeds = :feeds WHERE rowid = :number"),
    # A feed's lexeme has no place in the text, so that those with one are what stays.
    "postgresql": sa.text(
        "UPDATE findable_words SET words = CAST(:feeds AS tsvector) || ts_delete(words, ARRAY("
        "SELECT lexeme FROM unnest(words) WHERE positions IS NULL)) WHERE number = :number"
    ),
}
_DELETE = {
    "sqlite": sa.text("DELETE FROM findable_words WHERE rowid = :number"),
    "postgresql": sa.text("DELETE FROM findable_words WHERE number = :number"),
}
_SEARCH = {
    # CROSS: the words first, from the newest on, and only as many as are wanted.
    "sqlite": sa.text(
        "SELECT entries.entry, entries.seen, entries.changed, entries.round FROM findable_words"
        " CROSS JOIN findable ON findable.number = findable_words.rowid"
        " CROSS JOIN entries ON entries.source = findable.source AND entries.key = findable.key"
        " WHERE findable_words MATCH :match AND findable_words.rowid BETWEEN :first AND :last"
        " AND entries.takedown IS NULL ORDER BY findable_words.rowid DESC LIMIT :most"
    ).columns(*KEPT),
    "postgresql": sa.text(
        "SELECT entries.entry, entries.seen, entries.changed, entries.round FROM findable_words"
        " JOIN findable ON findable.number = findable_words.number"
        " JOIN entries ON entries.source = findable.source AND entries.key = findable.key"
        " WHERE findable_words.words @@ CAST(:match AS tsquery)"
        " AND findable_words.number BETWEEN :first AND :last"
        " AND entries.takedown IS NULL ORDER BY findable_words.number DESC LIMIT :most"
    ).columns(*KEPT),
}


def _digest(one: Findable) -> str:
    """Give the digest of what an entry's tokens are made from, and how."""
    return f"{VERSION} {one.digest}"


def _number(moment: datetime) -> int:
    """Give the first number of a moment's millisecond; of one that is too far away, the last there can be."""
    return min((moment - EPOCH) // _MILLISECOND * _PLACES, _LATEST - _PLACES)


def _free_numbers(connection: sa.Connection, wanted: Iterable[Findable]) -> Iterator[int]:
    """Give each entry a number that no other has; those of one moment stand in no order."""
    entries_ = [one.entry for one in wanted]
    places = [zlib.crc32(f"{entry.source}\0{entry.key}".encode()) % _PLACES for entry in entries_]
    numbers = [_number(entry.published) + place for entry, place in zip(entries_, places, strict=True)]
    taken = set(connection.execute(_TAKEN, {"numbers": numbers}).scalars())
    for number in numbers:
        while number in taken:
            number += 1
            if connection.execute(_TAKEN, {"numbers": [number]}).first():
                taken.add(number)
        taken.add(number)
        yield number


_TAKEN = sa.select(findable.c.number).where(findable.c.number.in_(sa.bindparam("numbers", expanding=True)))


def _fts5(asked: Sequence[Term], feed: str) -> str:
    wanted = " AND ".join(_phrase(term) for term in asked if not term.is_barred)
    barred = " OR ".join(_phrase(term) for term in asked if term.is_barred)
    match = f"(words : ({wanted}))"
    if feed:
        match = f'({match} AND (feeds : "{_safe(feed)}"))'
    return f"{match} NOT (words : ({barred}))" if barred else match


def _phrase(term: Term) -> str:
    return f'"{" ".join(map(_safe, term.tokens))}"{" *" if term.is_begun else ""}'


def _tsquery(asked: Sequence[Term], feed: str) -> str:
    parts = [f"{'!' if term.is_barred else ''}({' <-> '.join(_lexemes(term))})" for term in asked]
    return " & ".join([*parts, *([_feed_lexeme(feed)] if feed else [])])


def _lexemes(term: Term) -> Iterator[str]:
    for place, token in enumerate(term.tokens, 1):
        yield f"'{_safe(token)}'" + (":*" if term.is_begun and place == len(term.tokens) else "")


def _feed_lexeme(feed: str) -> str:
    return f"'@{_safe(feed)}'"


def _safe(token: str) -> str:
    """Leave out what would end a quotation; tokens and names of feeds hold nothing of the kind."""
    return token.translate({ord(character): None for character in "\"'\\"})
