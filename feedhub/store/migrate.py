"""The tables brought up to date, after a copy of the SQLite file as it was; the only user of Alembic.

A migration is a file in migrations/versions; its name begins with its revision, four digits that count up.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from feedhub.errors import StoreError

MIGRATIONS = Path(__file__).with_name("migrations")


def newest_revision(migrations: Path = MIGRATIONS) -> str:
    """Give the revision that a database has when it is up to date."""
    return max(path.name[:4] for path in (migrations / "versions").glob("[0-9]*.py"))


def revision(connection: sa.Connection) -> str:
    """Give the revision that a database has; "" if it has no tables yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or ""


def migrate(connection: sa.Connection, migrations: Path) -> None:
    """Bring the tables up to date, in the writer's transaction that the connection is in.

    Raises StoreError for a database that a newer FeedHub has had.
    """
    found, newest = revision(connection), newest_revision(migrations)
    if found > newest:
        raise StoreError(f"a newer FeedHub has used it (revision {found}; this one knows {newest})")
    if found and connection.dialect.name == "sqlite":
        _copy(Path(connection.engine.url.database or ""), found)
    # Only imported when there is something to do: it takes longer than everything else here.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _copy(path: Path, found: str) -> None:
    """Copy what has been saved; a copy under its name is always a whole one."""
    copy = path.with_name(f"{path.name}.revision-{found}")
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(unfinished),))
    unfinished.replace(copy)
