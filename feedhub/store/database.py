"""The database itself: connections, transactions, migrations."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import SQLAlchemyError

from feedhub.errors import StoreError

REVISION = "0001"  # the newest of migrations/versions
_PATIENCE = 30_000  # milliseconds that a writer waits for another
_WRITER = 0x666565646875  # PostgreSQL's advisory lock of whoever writes


class Database:
    """An SQLite file or a PostgreSQL database whose tables are up to date."""

    def __init__(self, url: str) -> None:
        try:
            self._engine = _engine(url)
            self._migrate()
        except (SQLAlchemyError, OSError, ImportError) as error:
            raise StoreError(f"the store cannot be opened: {_words(error)}") from error

    @property
    def is_sqlite(self) -> bool:
        """Tell whether it is a file of ours."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one state of the database."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreError(f"the store cannot be read: {_words(error)}") from error

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection in a transaction of the one writer; it is undone if an exception leaves it."""
        try:
            with self._engine.execution_options(writes=True).begin() as connection:
                if not self.is_sqlite:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITER)))
                yield connection
        except SQLAlchemyError as error:
            raise StoreError(f"nothing was saved: {_words(error)}") from error

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _migrate(self) -> None:
        """Bring the tables up to date, after a copy of what was there before."""
        with self._engine.connect() as connection:
            revision = _revision(connection)
        if revision == REVISION:
            return
        if revision and self.is_sqlite:
            self._copy(revision)
        # Alembic is imported only when there is something to do: it takes longer than everything else here.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option(
            "script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%")
        )
        with self._engine.execution_options(writes=True).begin() as connection:
            if not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITER)))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _copy(self, revision: str) -> None:
        path = Path(self._engine.url.database or "")
        copy = path.with_name(f"{path.name}.before-{REVISION}-at-{revision}")
        if not copy.exists():
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("VACUUM INTO ?", (str(copy),))


def insert(connection: sa.Connection, table: sa.Table) -> sqlite_dialect.Insert | postgresql.Insert:
    """Give an INSERT that can say what happens where a row is there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite_dialect.insert(table)


def _engine(url: str) -> sa.Engine:
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _on_connect)
        sa.event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: sqlite3.Connection, _: object) -> None:
    # sqlite3 begins transactions when it likes; we begin them ourselves.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", f"busy_timeout={_PATIENCE}", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later would fail when another wrote in between.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _revision(connection: sa.Connection) -> str:
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or ""


def _words(error: BaseException) -> str:
    """Give the first line of what a driver says: the rest is SQL."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().split("\n", 1)[0]
