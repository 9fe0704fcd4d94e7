"""Fixtures that many tests share: stores in both kinds of database, and a browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from browser import launched
from databases import SOURCES, Files, Server
from editions import NOON
from feedhub.store import Store

# The same examples on every machine, however busy it is; HYPOTHESIS_PROFILE=search looks for others.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


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


@pytest.fixture(scope="module")  # other tests count the processes that are there
def browser() -> Iterator[Browser]:
    """Debian's Chromium; tests that ask for it carry the mark `browser`."""
    with launched() as browser:
        yield browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
