"""The database itself: connections and transactions."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from feedhub.errors import StoreError
from feedhub.store.migrate import MIGRATIONS, migrate, newest_revision, revision

PATIENCE = timedelta(seconds=30)
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
_AGAIN = 0.02  # seconds
_WRITER = 0x666565646875  # PostgreSQL's advisory lock of whoever writes
# Text that is no Unicode and numbers that are too large are refused before a driver sees them.
_ERRORS = (SQLAlchemyError, UnicodeEncodeError, OverflowError, sqlite3.Error)
_DAMAGED = ("file is not a database", "malformed", "disk I/O error")


class Database:
    """An SQLite file or a PostgreSQL database whose tables are up to date.

    `patience` is how long a writer waits for another. What cannot be opened is refused at once, or, if
    `may_open_late`, each time that it is used until it can be. Everything here raises StoreError.
    """

    def __init__(
        self,
        url: str,
        *,
        patience: timedelta = PATIENCE,
        migrations: Path = MIGRATIONS,
        may_open_late: bool = False,
    ) -> None:
        self._address = _address(url)
        self._patience = patience
        self._migrations = migrations
        self._engine = _engine(self._address, patience)
        self._writer = self._engine.execution_options(writes=True)
        self._is_open = False
        self._opening = threading.Lock()
        if not may_open_late:
            self._open()

    def _open(self) -> None:
        """Bring the tables up to date, before they are used for the first time."""
        if self._is_open:
            return
        with self._opening:
            try:
                _check_folder(self._address)
                self._bring_up_to_date()
            except (*_ERRORS, OSError, StoreError) as error:
                self.close()
                words = f"the store {_name(self._address)} cannot be opened: {_words(error)}"
                raise StoreError(words) from error
            self._is_open = True

    @property
    def is_sqlite(self) -> bool:
        """Tell whether it is a file of ours."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection to read from."""
        self._open()
        try:
            with self._engine.connect() as connection:
                yield connection
        except _ERRORS as error:
            self._let_go(error)
            raise StoreError(f"the store cannot be read: {_words(error)}") from error

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection in a transaction of the one writer; it is undone if an exception leaves it."""
        self._open()
        try:
            with self._transaction() as connection:
                yield connection
        except _ERRORS as error:
            self._let_go(error)
            raise StoreError(f"nothing was saved: {_words(error)}") from error

    def insert(self, table: sa.Table) -> sqlite_dialect.Insert | postgresql.Insert:
        """Give an INSERT that can say what happens where a row is there already."""
        return sqlite_dialect.insert(table) if self.is_sqlite else postgresql.insert(table)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _let_go(self, error: BaseException) -> None:
        """Open a damaged file anew next time: connections remember it as it was, also once it is mended."""
        if self.is_sqlite and any(words in str(error) for words in _DAMAGED):
            self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with self._writer.begin() as connection:
            if not self.is_sqlite:
                patience = f"{self._patience // timedelta(milliseconds=1)}ms"
                connection.execute(sa.select(sa.func.set_config("lock_timeout", patience, True)))
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITER)))
            yield connection

    def _bring_up_to_date(self) -> None:
        with self._engine.connect() as connection:
            if revision(connection) == newest_revision(self._migrations):
                return  # the usual case must not wait for the writer
        with self._transaction() as connection:
            migrate(connection, self._migrations)


def _address(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreError("the address of the store is no URL") from error
    backend = address.get_backend_name()
    if backend not in _DRIVERS:
        raise StoreError(
            f"the store is SQLite or PostgreSQL, sqlite:///FILE or postgresql://…, not {backend}"
        )
    return address.set(drivername=_DRIVERS[backend])


def _name(address: sa.URL) -> str:
    """Give a name of the store that holds no password."""
    if address.get_backend_name() == "sqlite":
        return address.database or "in memory"
    return f"{address.database or ''} at {address.host or 'this machine'}"


def _check_folder(address: sa.URL) -> None:
    """Say what SQLite does not: why there can be no file."""
    path = Path(address.database or "")
    if address.get_backend_name() == "sqlite" and not path.parent.is_dir() and "uri" not in address.query:
        raise StoreError(f"there is no folder {path.parent}")


def _engine(address: sa.URL, patience: timedelta) -> sa.Engine:
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(address, connect_args={"timeout": patience.total_seconds()})
        sa.event.listen(engine, "connect", lambda connection, _: _on_connect(connection, patience))
        sa.event.listen(engine, "begin", _on_begin)
        return engine
    try:
        # The writer must see what was saved while it waited for its turn: each statement anew.
        return sa.create_engine(address, isolation_level="READ COMMITTED", pool_pre_ping=True)
    except ImportError as error:
        raise StoreError("PostgreSQL needs the package psycopg: install feedhub[postgresql]") from error


def _on_connect(connection: sqlite3.Connection, patience: timedelta) -> None:
    # sqlite3 begins transactions when it likes; we begin them ourselves.
    connection.isolation_level = None
    # Of a new file alone: most entries fit on a page, and saving them costs a fifth less.
    connection.execute("PRAGMA page_size=8192")
    _write_ahead(connection, patience)
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: sqlite3.Connection, patience: timedelta) -> None:
    """Have the file keep a write-ahead log, for all who ever open it.

    Of several that open a new file at once SQLite turns some away without waiting: its busy timeout does not
    hold for this one pragma.
    """
    ends = time.monotonic() + patience.total_seconds()
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                raise
            time.sleep(_AGAIN)
        else:
            return


def _on_begin(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later would fail when another wrote in between.
    writes = connection.get_execution_options().get("writes")
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _words(error: BaseException) -> str:
    """Give the first line of what a driver says: the rest is SQL."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().split("\n", 1)[0]
