"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
# What stands in it is cut into words already, in any script: a space parts them, and nothing else does.
_FULL_TEXT = {
    "sqlite": (
        "CREATE VIRTUAL TABLE findable_words USING fts5"
        """(words, feeds, tokenize="ascii tokenchars '-'", prefix='2 3', columnsize=0)""",
    ),
    "postgresql": (
        "CREATE TABLE findable_words (number bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX findable_words_words ON findable_words USING gin (words)",
    ),
}


def upgrade() -> None:
    """Make them in an empty database."""
    op.create_table(
        "feeds",
        sa.Column("name", _WORDS, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("started", sa.BigInteger()),
        sa.Column("filled_from", sa.Date()),
        sa.Column("open_from", sa.Date()),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "sources",
        sa.Column("name", _WORDS, nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "findable",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", _WORDS, nullable=False),
        sa.Column("key", _WORDS, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("findable_entry", "findable", ["key", "source"], unique=True)
    op.create_table(
        "findable_in",
        sa.Column("feed", _WORDS, nullable=False),
        sa.Column("day", _WORDS, nullable=False),
        sa.Column("source", _WORDS, nullable=False),
        sa.Column("key", _WORDS, nullable=False),
        sa.PrimaryKeyConstraint("feed", "day", "source", "key"),
    )
    op.create_index("findable_in_entry", "findable_in", ["key", "source"])
    for statement in _FULL_TEXT[op.get_bind().dialect.name]:
        op.execute(statement)
    op.create_table(
        "editions",
        sa.Column("feed", _WORDS, nullable=False),
        sa.Column("day", _WORDS, nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.name"]),
        sa.PrimaryKeyConstraint("feed", "day"),
    )
    op.create_table(
        "takedowns",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("undone", sa.BigInteger()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", _WORDS, nullable=False),
        sa.Column("published_id", _WORDS, nullable=False),
        sa.Column("canonical", _WORDS, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("takedowns_canonical", "takedowns", ["canonical"])
    op.create_index("takedowns_published_id", "takedowns", ["published_id"])
    op.create_table(
        "entries",
        sa.Column("source", _WORDS, nullable=False),
        sa.Column("key", _WORDS, nullable=False),
        sa.Column("published_id", _WORDS, nullable=False),
        sa.Column("canonical", _WORDS, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("takedown", sa.Integer()),
        sa.ForeignKeyConstraint(["source"], ["sources.name"]),
        sa.ForeignKeyConstraint(["takedown"], ["takedowns.number"]),
        sa.PrimaryKeyConstraint("source", "key"),
    )
    op.create_index("entries_canonical", "entries", ["canonical"])
    op.create_index("entries_published", "entries", ["published", "source"])
    op.create_index("entries_published_id", "entries", ["published_id"])
    op.create_index("entries_seen", "entries", ["seen", "source"])
    op.create_index("entries_seen_of", "entries", ["source", "seen"])
    op.create_table(
        "visits",
        sa.Column("source", _WORDS, nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("polled", sa.BigInteger()),
        sa.Column("succeeded", sa.BigInteger()),
        sa.Column("interval", sa.BigInteger()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("held", sa.Text()),
        sa.Column("welcome", sa.Boolean()),
        sa.ForeignKeyConstraint(["source"], ["sources.name"]),
        sa.PrimaryKeyConstraint("source"),
        sqlite_with_rowid=False,
    )
    for name, kind in (("visits_due", "failures = 0"), ("visits_failing", "failures > 0")):
        only = sa.text(kind)
        op.create_index(name, "visits", ["due", "source"], sqlite_where=only, postgresql_where=only)
    op.create_table(
        "answers",
        sa.Column("source", _WORDS, nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["visits.source"]),
        sa.PrimaryKeyConstraint("source"),
    )
    op.create_table(
        "leases",
        sa.Column("source", _WORDS, nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("anew", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["visits.source"]),
        sa.PrimaryKeyConstraint("source"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "revisions",
        sa.Column("source", _WORDS, nullable=False),
        sa.Column("key", _WORDS, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source", "key"], ["entries.source", "entries.key"]),
        sa.PrimaryKeyConstraint("source", "key", "until"),
    )
    op.create_table(
        "decisions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("feed", _WORDS, nullable=False),
        sa.Column("source", _WORDS, nullable=False),
        sa.Column("key", _WORDS, nullable=False),
        sa.Column("published_id", _WORDS, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("undone", sa.BigInteger()),
        sa.Column("undone_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.name"]),
        sa.ForeignKeyConstraint(["source", "key"], ["entries.source", "entries.key"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("decisions_published_id", "decisions", ["feed", "published_id"])
    op.create_table(
        "faults",
        sa.Column("feed", _WORDS, nullable=False),
        sa.Column("day", _WORDS, nullable=False),
        sa.Column("source", _WORDS, nullable=False),
        sa.Column("key", _WORDS, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.name"]),
        sa.ForeignKeyConstraint(["source", "key"], ["entries.source", "entries.key"]),
        sa.PrimaryKeyConstraint("feed", "day", "source", "key"),
    )
    op.create_table(
        "stories",
        sa.Column("source", _WORDS, nullable=False),
        sa.Column("key", _WORDS, nullable=False),
        sa.Column("feed", _WORDS, nullable=False),
        sa.Column("story", _WORDS, nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.name"]),
        sa.ForeignKeyConstraint(["source", "key"], ["entries.source", "entries.key"]),
        sa.PrimaryKeyConstraint("source", "key", "feed"),
    )
    op.create_table(
        "members",
        sa.Column("source", _WORDS, nullable=False),
        sa.Column("key", _WORDS, nullable=False),
        sa.Column("feed", _WORDS, nullable=False),
        sa.Column("day", _WORDS, nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=False),
        sa.Column("featured", sa.Boolean(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.name"]),
        sa.ForeignKeyConstraint(["source", "key"], ["entries.source", "entries.key"]),
        sa.PrimaryKeyConstraint("source", "key", "feed"),
    )
    op.create_index("members_day", "members", ["feed", "day"])
    op.create_index("members_published", "members", ["feed", "published"])
    op.create_table(
        "tombstones",
        sa.Column("feed", _WORDS, nullable=False),
        sa.Column("published_id", _WORDS, nullable=False),
        sa.Column("day", _WORDS, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=False),
        sa.Column("takedown", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["feed"], ["feeds.name"]),
        sa.ForeignKeyConstraint(["takedown"], ["takedowns.number"]),
        sa.PrimaryKeyConstraint("feed", "published_id"),
    )
