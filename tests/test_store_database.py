import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from databases import SOURCES, Server, item, kept, lease, poll, rows, statements
from editions import NOON, source
from feedhub.errors import StoreError
from feedhub.store import Store
from feedhub.store.database import Database
from feedhub.store.migrate import MIGRATIONS, newest_revision
from feedhub.store.tables import metadata

BRIEFLY = timedelta(milliseconds=50)
SECOND_MIGRATION = '''
"""A mood for every source."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add it."""
    op.add_column("sources", sa.Column("mood", sa.Text()))
'''
BROKEN_MIGRATION = SECOND_MIGRATION + '    op.execute("SELECT * FROM nowhere")\n'


def revision(database: Database) -> str:
    with database.reading() as connection:
        return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one())


def with_a_second(folder: Path, script: str = SECOND_MIGRATION) -> Path:
    """Give a folder of migrations that has one more than ours."""
    shutil.copytree(MIGRATIONS, folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "migrations" / "versions" / "0002_mood.py").write_text(script)
    return folder / "migrations"


# ── Migrations ───────────────────────────────────────────────────────────────────────────────────


def _is_compared(name: str | None, *_: object) -> bool:
    return not (name or "").startswith("findable_words")


_BUT_WORDS = {"include_name": _is_compared}  # of which each database has tables of its own kind


def test_the_migrations_make_the_tables_that_the_code_uses(empty: Store) -> None:
    with empty._database.reading() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts=_BUT_WORDS), metadata)
        assert found == []


def test_all_indexes_are_those_that_the_code_names(empty: Store) -> None:
    with empty._database.reading() as connection:
        inspector = sa.inspect(connection)
        made = {
            (name, index["name"], *index["column_names"])
            for name in metadata.tables
            for index in inspector.get_indexes(name)
        }
    assert made == {
        (table.name, index.name, *(column.name for column in index.columns))
        for table in metadata.tables.values()
        for index in table.indexes
    }


def test_text_sorts_by_code_point(empty: Store) -> None:
    names = ["a", "B", "b", "ä", "Z", "z"]
    empty.polling.set_sources(map(source, names), NOON)
    assert [visit.source for visit in empty.polling.visits()] == sorted(names)


def test_opening_again_changes_nothing(store: Store, store_url: str) -> None:
    before = rows(store, "sources")
    again = Store(store_url)
    assert rows(again, "sources") == before
    with statements(again) as seen:
        again._database._bring_up_to_date()
    assert not [sql for sql, _ in seen if sql.split()[0] not in ("SELECT", "PRAGMA", "BEGIN") or "IMM" in sql]
    again.close()


def test_an_older_file_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hub.db"
    store = Store(url)
    store.polling.set_sources(SOURCES, NOON)
    poll(store, item("1"))
    held = kept(store)
    store.close()
    Database(url, migrations=with_a_second(tmp_path)).close()
    with closing(sqlite3.connect(tmp_path / "hub.db")) as connection:
        assert connection.execute("SELECT count(mood), count(*) FROM sources").fetchone() == (0, 3)
    copy = Store(f"sqlite:///{tmp_path}/hub.db.revision-0001")
    assert revision(copy._database) == "0001"
    assert kept(copy) == held
    copy.close()


def test_an_older_postgresql_database_is_migrated(server: Server, tmp_path: Path) -> None:
    with server.bare() as url:
        Store(url).close()
        database = Database(url, migrations=with_a_second(tmp_path))
        assert revision(database) == "0002"
        database.close()


def test_a_new_file_is_not_copied(tmp_path: Path) -> None:
    Store(f"sqlite:///{tmp_path}/hub.db").close()
    assert not list(tmp_path.glob("*revision*"))


def test_a_migration_that_fails_leaves_everything_as_it_was(
    store: Store, store_url: str, tmp_path: Path
) -> None:
    before = rows(store, "sources")
    with pytest.raises(StoreError, match=r"cannot be opened: .*nowhere"):
        Database(store_url, migrations=with_a_second(tmp_path, BROKEN_MIGRATION))
    assert rows(store, "sources") == before
    assert revision(store._database) == newest_revision()


def test_a_store_that_a_newer_feedhub_has_used_is_refused_and_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hub.db"
    Database(url, migrations=with_a_second(tmp_path)).close()
    before = (tmp_path / "hub.db").read_bytes()
    with pytest.raises(
        StoreError, match=r"a newer FeedHub has used it \(revision 0002; this one knows 0001\)"
    ):
        Store(url)
    assert (tmp_path / "hub.db").read_bytes() == before


def test_many_that_open_a_new_store_at_once_make_its_tables_once(tmp_path: Path) -> None:
    url, together = f"sqlite:///{tmp_path}/hub.db", threading.Barrier(6)

    def open_it(_: int) -> str:
        together.wait()
        with closing(Store(url)) as store:
            return revision(store._database)

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(open_it, range(6))) == {newest_revision()}


def test_a_new_file_in_which_another_writes_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "hub.db"
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.execute("BEGIN IMMEDIATE")
        later = threading.Timer(0.3, other.execute, ["COMMIT"])
        later.start()
        Store(f"sqlite:///{file}").close()
        later.join()


def test_a_new_file_in_which_another_writes_for_too_long_is_locked(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "hub.db", isolation_level=None)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"cannot be opened: database is locked"):
            Store(f"sqlite:///{tmp_path}/hub.db", patience=timedelta(seconds=0.1))


def test_postgresql_is_reached_through_either_address(server: Server, tmp_path: Path) -> None:
    with server.fresh(tmp_path) as url:
        assert url.startswith("postgresql://")
        Store(url).close()
        Store(url.replace("postgresql://", "postgresql+psycopg://")).close()


def test_an_empty_postgresql_database_gets_its_tables(server: Server) -> None:
    with server.bare() as url:
        store = Store(url)
        store.polling.set_sources(SOURCES, NOON)
        assert len(store.polling.visits()) == 3
        store.close()


# ── What goes wrong, in words ────────────────────────────────────────────────────────────────────


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"the store /.*/gone/hub\.db cannot be opened: .*folder"):
        Store(f"sqlite:///{tmp_path}/gone/hub.db")


def test_a_file_that_may_only_be_read(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/hub.db")
    store.close()
    reader = Store(f"sqlite:///file:{tmp_path}/hub.db?mode=ro&uri=true")
    with pytest.raises(StoreError, match="nothing was saved: attempt to write a readonly database"):
        reader.polling.set_sources(SOURCES, NOON)
    reader.close()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "hub.db").write_bytes(b"<rss>" * 1000)
    with pytest.raises(StoreError, match=r"hub\.db cannot be opened: file is not a database"):
        Store(f"sqlite:///{tmp_path}/hub.db")


def test_a_file_that_was_damaged_is_told_and_not_replaced(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/hub.db")
    store.polling.set_sources(SOURCES, NOON)
    poll(store, *(item(str(number)) for number in range(200)))
    store.close()
    whole = (tmp_path / "hub.db").read_bytes()
    (tmp_path / "hub.db").write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with pytest.raises(StoreError, match=r"malformed|not a database"):
        kept(Store(f"sqlite:///{tmp_path}/hub.db"))
    assert b"\xff" * 4096 in (tmp_path / "hub.db").read_bytes()


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "hub.db")) as connection:
        connection.execute("CREATE TABLE entries (mine TEXT)")
    with pytest.raises(StoreError, match="cannot be opened: table entries already exists"):
        Store(f"sqlite:///{tmp_path}/hub.db")
    with closing(sqlite3.connect(tmp_path / "hub.db")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("entries",)]


@pytest.mark.parametrize("url", ["mysql://localhost/hub", "oracle+cx://x", "sqlite3:///hub.db"])
def test_a_kind_of_database_that_we_do_not_know(url: str) -> None:
    with pytest.raises(StoreError, match="the store is SQLite or PostgreSQL"):
        Store(url)


@pytest.mark.parametrize("url", ["", "hub.db", "postgresql://host:port/hub", "sqlite:"])
def test_an_address_that_is_no_url(url: str) -> None:
    with pytest.raises(StoreError, match="the address of the store is no URL"):
        Store(url)


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(StoreError, match=r"hub at 127\.0\.0\.1 cannot be opened: .*refused") as told:
        Store("postgresql://desk:s3cr3t@127.0.0.1:9/hub")
    assert "s3cr3t" not in str(told.value)


def test_a_writer_that_waits_too_long_for_another_is_told_so(store_url: str) -> None:
    store, hasty = Store(store_url), Store(store_url, patience=BRIEFLY)
    store.polling.set_sources(SOURCES, NOON)
    with (
        store._database.writing(),
        pytest.raises(StoreError, match=r"nothing was saved: .*(locked|lock timeout)"),
    ):
        hasty.polling.set_sources((), NOON)
    hasty.polling.set_sources((), NOON)
    assert store.polling.visits() == []
    store.close()
    hasty.close()


def test_a_reader_never_waits_for_a_writer(store: Store, store_url: str) -> None:
    other = Store(store_url, patience=BRIEFLY)
    with store._database.writing() as connection:
        connection.execute(sa.text("UPDATE sources SET paused = listed"))
        assert len(other.polling.visits()) == 3
        assert other.polling.lease(NOON - BRIEFLY, most=9, most_failing=9, lasts=BRIEFLY, token="t") == []
    other.close()


def test_writers_take_turns_and_none_is_lost(store: Store, store_url: str) -> None:
    stores = [store, Store(store_url)]
    names = [each.name for each in SOURCES]

    def work(number: int) -> None:
        poll(stores[number % 2], item("1"), item("2"), name=names[number])

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    assert store.polling.counts() == dict.fromkeys(names, 2)
    stores[1].close()


def test_text_that_is_no_unicode_is_refused_in_words(store: Store) -> None:
    lease(store, "wire")
    with pytest.raises(StoreError, match="nothing was saved"):
        poll(store, item("1"), item("2", title="\ud800"))
    assert kept(store) == {}


def test_a_lost_connection_is_made_again(server: Server, tmp_path: Path) -> None:
    with server.fresh(tmp_path) as url:
        store, other = Store(url), Store(url)
        store.polling.set_sources(SOURCES, NOON)
        with other._database._engine.connect() as connection:
            connection.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        assert len(store.polling.visits()) == 3
        store.close()
        other.close()
