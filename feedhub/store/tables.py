"""The tables. Text sorts by code point and times are microseconds since 1970, on every database alike."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MOST = 2**63 - 1  # of a BigInteger


class Instant(TypeDecorator[datetime]):
    """An aware datetime in UTC."""

    impl = BigInteger
    cache_ok = True

    # Processors instead of TypeDecorator's usual methods: they are called for each value of each row.
    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:  # noqa: ARG002
        """Give what makes microseconds since 1970 of a datetime."""
        return lambda time: None if time is None else (time - EPOCH) // _MICROSECOND

    def result_processor(
        self,
        dialect: Dialect,  # noqa: ARG002
        coltype: object,  # noqa: ARG002
    ) -> Callable[[int | None], datetime | None]:
        """Give what makes a datetime of them."""
        return lambda count: None if count is None else EPOCH + timedelta(microseconds=count)


class Told(TypeDecorator[str]):
    """Text that may hold what others said: what no database could hold is kept as JSON."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:  # noqa: ARG002
        """Give what makes text of it that every database can hold."""
        return lambda text: json.dumps(text) if text and (text[0] == '"' or not text.isprintable()) else text

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str], str]:  # noqa: ARG002
        """Give what reads it."""
        return lambda text: json.loads(text) if text[:1] == '"' else text


class Span(TypeDecorator[timedelta]):
    """A time that passes."""

    impl = BigInteger
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[timedelta | None], int | None]:  # noqa: ARG002
        """Give what makes microseconds of a timedelta, as many as a database can hold."""
        return lambda span: None if span is None else min(span // _MICROSECOND, _MOST)

    def result_processor(
        self,
        dialect: Dialect,  # noqa: ARG002
        coltype: object,  # noqa: ARG002
    ) -> Callable[[int | None], timedelta | None]:
        """Give what makes a timedelta of them."""
        return lambda count: None if count is None else timedelta(microseconds=count)


OLDER = ""  # in place of a day: older than the days that the first round filled
LEFT_OUT = "-"  # in place of a day: on none, its source had enough there
NO_DAYS = (OLDER, LEFT_OUT)

Words = Text().with_variant(Text(collation="C"), "postgresql")

metadata = MetaData()

sources = Table(
    "sources",
    metadata,
    Column("name", Words, primary_key=True),
    Column("listed", Boolean, nullable=False),  # config.toml has it still
    Column("paused", Boolean, nullable=False),
    Column("is_open", Boolean, nullable=False),  # as in model.Source
    Column("address", Text, nullable=False),  # hash of its whole url: another one makes the visit a first one
    Column("source", Text, nullable=False),  # JSON of model.Source, without what others may not know
)

# As text: a database uses the index only for a condition that it knows beforehand.
HEALTHY, FAILING = "failures = 0", "failures > 0"

# What each visit writes anew, and only that: few pages hold many of them.
visits = Table(
    "visits",
    metadata,
    Column("source", Words, ForeignKey("sources.name"), primary_key=True),
    # As in model.Visit.
    Column("due", Instant, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("problem", Told, nullable=False),
    Column("polled", Instant),
    Column("succeeded", Instant),
    Column("interval", Span),
    Column("reason", Told, nullable=False),
    Column("held", Text),  # why nothing is taken from it until the operator lets it
    Column("welcome", Boolean),  # the next reading is taken, though the source may have become another
    # Of each kind its own, so that many of the one that are due are not passed over to find the other.
    Index("visits_due", "due", "source", sqlite_where=text(HEALTHY), postgresql_where=text(HEALTHY)),
    Index("visits_failing", "due", "source", sqlite_where=text(FAILING), postgresql_where=text(FAILING)),
    sqlite_with_rowid=False,
)

answers = Table(
    "answers",
    metadata,
    Column("source", Words, ForeignKey("visits.source"), primary_key=True),
    Column("known", Text, nullable=False),  # what they have told: JSON of model.Known
)

# Of what is under way alone, and of what a process left when it ended.
leases = Table(
    "leases",
    metadata,
    Column("source", Words, ForeignKey("visits.source"), primary_key=True),
    Column("ends", Instant, nullable=False),
    Column("token", Text, nullable=False),  # of the process that polls it
    Column("anew", Boolean, nullable=False),  # since then, all that the source says was asked for once more
    sqlite_with_rowid=False,
)

takedowns = Table(
    "takedowns",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("taken", Instant, nullable=False),
    Column("undone", Instant),
    Column("reason", Told, nullable=False),
    Column("source", Words, nullable=False),  # the whole of it; "" = the articles with the id or the link
    Column("published_id", Words, nullable=False),
    Column("canonical", Words, nullable=False),
    Index("takedowns_canonical", "canonical"),
    Index("takedowns_published_id", "published_id"),
)

entries = Table(
    "entries",
    metadata,
    Column("source", Words, ForeignKey("sources.name"), primary_key=True),
    Column("key", Words, primary_key=True),
    Column("published_id", Words, nullable=False),
    Column("canonical", Words, nullable=False),  # the link, to compare
    Column("title", Text, nullable=False),
    Column("published", Instant, nullable=False),
    Column("seen", Instant, nullable=False),
    Column("changed", Instant, nullable=False),
    Column("round", Instant, nullable=False),
    Column("digest", Text, nullable=False),
    Column("entry", Text, nullable=False),  # JSON of model.Entry
    # What keeps it out of everything, and has taken its text; until it is read again, also when undone.
    Column("takedown", Integer, ForeignKey("takedowns.number")),
    Index("entries_published_id", "published_id"),
    Index("entries_canonical", "canonical"),
    # With the source, so that what other sources brought is passed over without being read.
    Index("entries_seen", "seen", "source"),
    # And one source's own, so that what all others brought lately is not counted with each of its documents.
    Index("entries_seen_of", "source", "seen"),
    Index("entries_published", "published", "source"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("source", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("until", Instant, primary_key=True),  # when the poll came that brought the next
    Column("entry", Text, nullable=False),  # JSON of model.Entry, as it was till then
    ForeignKeyConstraint(["source", "key"], ["entries.source", "entries.key"]),
)

# What can be searched for. The words themselves stand in `findable_words`, which is of another kind in each
# database: see store/searching.py.
findable = Table(
    "findable",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # rises with the time of publication
    Column("source", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("digest", Text, nullable=False),  # of what its words were made from
    Index("findable_entry", "key", "source", unique=True),
)

findable_in = Table(
    "findable_in",
    metadata,
    Column("feed", Words, primary_key=True),
    Column("day", Words, primary_key=True),  # as in `editions`
    Column("source", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Index("findable_in_entry", "key", "source"),
)

feeds = Table(
    "feeds",
    metadata,
    Column("name", Words, primary_key=True),
    Column("id", Text, nullable=False),  # urn:uuid
    Column("started", Instant),  # when the first round was over
    Column("filled_from", Date),  # the earliest day that the first round filled
    Column("open_from", Date),  # all days before it are closed; None = none is
)

editions = Table(
    "editions",
    metadata,
    Column("feed", Words, ForeignKey("feeds.name"), primary_key=True),
    Column("day", Words, primary_key=True),  # ISO date; "" = the document to subscribe to
    Column("closed", Boolean, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("fingerprint", Text, nullable=False),  # of all that moves `updated`
)

members = Table(
    "members",
    metadata,
    Column("source", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("feed", Words, ForeignKey("feeds.name"), primary_key=True),
    Column("day", Words, nullable=False),  # a closed day, or one of the two words above
    Column("published", Instant, nullable=False),  # the entry's
    Column("featured", Boolean, nullable=False),  # by a rule, when the day was closed
    Column("added", Boolean, nullable=False),  # by an editor, when the day was closed already
    Column("out", Boolean, nullable=False),  # an editor's word keeps it off its day
    ForeignKeyConstraint(["source", "key"], ["entries.source", "entries.key"]),
    Index("members_day", "feed", "day"),
    Index("members_published", "feed", "published"),
)

stories = Table(
    "stories",
    metadata,
    Column("source", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("feed", Words, ForeignKey("feeds.name"), primary_key=True),
    Column("story", Words, nullable=False),  # the same for all that tell it
    Column("changed", Instant, nullable=False),  # the entry's, when it was placed
    ForeignKeyConstraint(["source", "key"], ["entries.source", "entries.key"]),
)

decisions = Table(
    "decisions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("feed", Words, ForeignKey("feeds.name"), nullable=False),
    Column("source", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("published_id", Words, nullable=False),
    Column("act", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("made", Instant, nullable=False),
    Column("undone", Instant),
    Column("undone_by", Text, nullable=False),
    ForeignKeyConstraint(["source", "key"], ["entries.source", "entries.key"]),
    Index("decisions_published_id", "feed", "published_id"),
)

faults = Table(
    "faults",
    metadata,
    Column("feed", Words, ForeignKey("feeds.name"), primary_key=True),
    Column("day", Words, primary_key=True),
    Column("source", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("reason", Told, nullable=False),
    ForeignKeyConstraint(["source", "key"], ["entries.source", "entries.key"]),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("feed", Words, ForeignKey("feeds.name"), primary_key=True),
    Column("published_id", Words, primary_key=True),
    Column("day", Words, nullable=False),  # where the entry stood; "" = only in the document to subscribe to
    Column("url", Text, nullable=False),
    Column("published", Instant, nullable=False),
    Column("takedown", Integer, ForeignKey("takedowns.number"), nullable=False),
)
