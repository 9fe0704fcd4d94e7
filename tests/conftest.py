"""Fixtures that many tests share: stores in both kinds of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from databases import SOURCES, Files, Server
from editions import NOON
from feedhub.store import Store


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store."""
    databases = request.getfixturevalue("files" if request.param == "sqlite" else "server")
    with databases.fresh(tmp_path) as url:
        yield url


@pytest.fixture
def empty(store_url: str) -> Iterator[Store]:
    """A store without sources."""
    store = Store(store_url)
    yield store
    store.close()


@pytest.fixture
def store(empty: Store) -> Store:
    """A store with three sources: morning, evening and wire."""
    empty.polling.set_sources(SOURCES, NOON)
    return empty
