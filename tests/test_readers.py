import io
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from reader import make_reader

from hubs import ATOM, SAMPLES, Hub, entries

FORMATS = ("/day.rss", "/day.atom")


@dataclass(frozen=True)
class Listed:
    """An entry as a reader lists it."""

    title: str
    link: str
    date: datetime
    authors: tuple[str, ...]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = Hub(tmp_path_factory.mktemp("hub")).take_samples()
    assert hub.invoke("poll").exit_code == 0
    with hub.process("serve") as running:
        running.until_serving()
        yield hub


@pytest.fixture(scope="module")
def published(hub: Hub) -> list[Listed]:
    found = [
        Listed(
            title=entry.findtext(ATOM + "title", ""),
            link=entry.xpath("string(*[local-name()='link'][@rel='alternate']/@href)"),
            date=datetime.fromisoformat(entry.findtext(ATOM + "published", "")),
            authors=tuple(str(name.text) for name in entry.findall(f"{ATOM}author/{ATOM}name")),
        )
        for entry in entries(hub.atom()).values()
    ]
    assert len(found) > 25
    assert all(one.title and one.link for one in found)
    assert sum(bool(one.authors) for one in found) > 10
    return found


def program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def assert_same(listed: list[Listed], published: list[Listed]) -> None:
    """Compare what a reader lists; of several authors it may show one, or all in a row."""
    got, wanted = (sorted(some, key=lambda one: one.link) for some in (listed, published))
    assert [one.link for one in got] == [one.link for one in wanted]
    assert [one.title for one in got] == [one.title for one in wanted]
    assert [one.date for one in got] == [one.date for one in wanted]
    for one, other in zip(got, wanted, strict=True):
        assert not other.authors or any(name in one.authors[0] for name in other.authors), (one, other)


def assert_credited(text: str, link: str) -> None:
    """Have a text begin with a hyperlink to the article."""
    start = re.match(r'\s*(?:<[a-z]+>\s*)*<a href="([^"]+)"', text)
    assert start, text[:200]
    assert start[1].replace("&amp;", "&") == link


# ── newsboat ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", FORMATS)
def test_newsboat_lists_every_entry(path: str, hub: Hub, published: list[Listed], tmp_path: Path) -> None:
    newsboat = program("newsboat")
    folder = tmp_path / ".newsboat"
    folder.mkdir()
    (folder / "urls").write_text(hub.url(path) + "\n", encoding="utf-8")
    environ = {
        "HOME": str(tmp_path),
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
        "TZ": "UTC",
    }
    words = [newsboat, "-x", "reload"]
    subprocess.run(words, env=environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True)
    with closing(sqlite3.connect(folder / "cache.db")) as cache:
        rows = cache.execute("select title, url, pubDate, author from rss_item").fetchall()
        feed = cache.execute("select title, url from rss_feed").fetchall()
    listed = [
        Listed(title, link, datetime.fromtimestamp(date, UTC), (author,))
        for title, link, date, author in rows
    ]
    assert_same(listed, published)
    assert feed == [("Day newsfeed", hub.url("/day/"))]


@pytest.mark.parametrize("path", FORMATS)
def test_newsboat_shows_the_credit_first(path: str, hub: Hub, tmp_path: Path) -> None:
    newsboat = program("newsboat")
    folder = tmp_path / ".newsboat"
    folder.mkdir()
    (folder / "urls").write_text(hub.url(path) + "\n", encoding="utf-8")
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "dumb"}
    words = [newsboat, "-x", "reload"]
    subprocess.run(words, env=environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True)
    with closing(sqlite3.connect(folder / "cache.db")) as cache:
        for link, text in cache.execute("select url, content from rss_item"):
            assert_credited(text, link)


# ── sfeed ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", FORMATS)
def test_sfeed_lists_every_entry(path: str, hub: Hub, published: list[Listed]) -> None:
    words = [program("sfeed"), hub.url("/")]
    told = subprocess.run(words, input=hub.document(path), capture_output=True, timeout=60, check=True)
    rows = [line.split("\t") for line in told.stdout.decode().splitlines()]
    listed = [Listed(row[1], row[2], datetime.fromtimestamp(int(row[0]), UTC), (row[6],)) for row in rows]
    assert_same(listed, published)


@pytest.mark.parametrize("path", FORMATS)
def test_sfeed_hands_on_the_credit_first(path: str, hub: Hub) -> None:
    words = [program("sfeed"), hub.url("/")]
    told = subprocess.run(words, input=hub.document(path), capture_output=True, timeout=60, check=True)
    for line in told.stdout.decode().splitlines():
        _, _, link, text, *_ = line.split("\t")
        assert_credited(text, link)


def test_sfeed_plain_prints_every_title(hub: Hub, published: list[Listed], tmp_path: Path) -> None:
    rows = subprocess.run(
        [program("sfeed"), hub.url("/")],
        input=hub.document("/day.rss"),
        capture_output=True,
        timeout=60,
        check=True,
    ).stdout
    told = subprocess.run([program("sfeed_plain")], input=rows, capture_output=True, timeout=60, check=True)
    printed = told.stdout.decode()
    assert len(printed.splitlines()) == len(published)
    assert all(one.link in printed for one in published)


# ── reader ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=FORMATS)
def read(request: pytest.FixtureRequest, hub: Hub) -> Iterator[list[Any]]:
    with closing(make_reader(":memory:")) as reader:
        reader.add_feed(hub.url(request.param))
        reader.update_feeds()
        feed = reader.get_feed(hub.url(request.param))
        assert feed.last_exception is None
        assert (feed.title, feed.link) == ("Day newsfeed", hub.url("/day/"))
        yield list(reader.get_entries())


def test_reader_lists_every_entry(read: list[Any], published: list[Listed]) -> None:
    listed = [Listed(entry.title, entry.link, entry.published, (entry.authors_str or "",)) for entry in read]
    assert_same(listed, published)


def test_reader_names_the_source_of_each_entry(read: list[Any], hub: Hub) -> None:
    sources = {
        str(entry.xpath("string(*[local-name()='link'][@rel='alternate']/@href)")): entry.findtext(
            f"{ATOM}source/{ATOM}title"
        )
        for entry in entries(hub.atom()).values()
    }
    assert set(sources.values()) == {source["title"] for source in SAMPLES["sources"]}
    assert {entry.link: entry.source and entry.source.title for entry in read} == sources


def test_reader_gives_the_feed_of_each_source(read: list[Any], hub: Hub) -> None:
    feeds = {
        str(entry.xpath("string(*[local-name()='link'][@rel='alternate']/@href)")): str(
            entry.xpath("string(*[local-name()='source']/*[local-name()='link'][@rel='self']/@href)")
        )
        for entry in entries(hub.atom()).values()
    }
    assert any(feeds.values())
    for entry in read:
        if feeds[entry.link]:
            assert entry.source.url == feeds[entry.link]


def test_reader_shows_the_credit_first(read: list[Any]) -> None:
    for entry in read:
        assert_credited(entry.get_content(prefer_summary=True).value, entry.link)


# ── feedparser ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", FORMATS)
def test_feedparser_lists_every_entry_with_its_credit(path: str, hub: Hub, published: list[Listed]) -> None:
    told = feedparser.parse(io.BytesIO(hub.document(path)))
    assert not told.bozo
    assert [(entry.title, entry.link) for entry in told.entries] == [
        (one.title, one.link) for one in published
    ]
    for entry in told.entries:
        assert_credited(entry.summary, entry.link)
        assert entry.source.title
