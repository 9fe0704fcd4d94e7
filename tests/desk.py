"""A desk with a real store and a real folder: entries arrive and are published when a test says so."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import finished
from editions import entry
from feedhub.model import Entry, Feed, Kept, Origin, Reading, Site, Source
from feedhub.publish import Published, publish
from feedhub.publish.plan import Plan, plan
from feedhub.store import Store

_TOKEN = "desk"
START = datetime(2024, 11, 24, 12, tzinfo=UTC)  # a Sunday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def paper(name: str, **more: Any) -> Source:
    """Build a source that is at home at NAME.example."""
    return Source(**{"name": name, "url": f"https://{name}.example/feed/", "title": name.title(), **more})


def item(key: str, source: str = "morning", **more: Any) -> Entry:
    """Build an entry of a source, at home on its site; published at noon of the first day."""
    origin = Origin(
        id=f"https://{source}.example/feed/",
        title=source.title(),
        feed_url=f"https://{source}.example/feed/",
        site_url=f"https://{source}.example/",
        updated=START,
    )
    own = f"https://{source}.example/{key}/"
    said = {"source": source, "published_id": own, "url": own, "published": START, "origin": origin}
    made = entry(key, **{**said, **more})
    # As it is read: the key is the publisher's id.
    return replace(made, key=made.published_id)


def kept(one: Entry, seen: datetime = START, **more: Any) -> Kept:
    """Build an entry as the store gives it."""
    return Kept(**{"entry": one, "seen": seen, "changed": seen, "round": seen, **more})


@cache
def _empty_database() -> bytes:
    """Make the tables once: migrating takes longer than most tests do."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        Store(f"sqlite:///{file}").close()
        return file.read_bytes()


class Desk:
    """A hub without fetching, reading, serving or a clock.

    desk = Desk(tmp_path, "morning", "evening")
    desk.arrives(item("a"), at=START)
    desk.publishes(at=START)
    assert desk.ids("/day.atom") == ["https://morning.example/a/"]
    """

    def __init__(self, folder: Path, *names: str, **feed: Any) -> None:
        self.database = folder / "hub.db"
        self.folder = folder / "feeds"
        self.database.write_bytes(_empty_database())
        self.store = Store(self.url)
        said = {"name": "day", "title": "Day newsfeed", "timezone": "UTC", **feed}
        self.site = Site(title="The Desk", url="https://news.example", feeds=(Feed(**said),))
        self.configures(*(paper(name) for name in names or ("morning",)), at=START - 400 * DAY)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"

    @property
    def feed(self) -> Feed:
        return self.site.feeds[0]

    def configures(self, *sources: Source, at: datetime = START) -> None:
        """Take these sources for those of config.toml."""
        self.site = replace(self.site, sources={source.name: source for source in sources})
        self.store.polling.set_sources(sources, at)

    def sets(self, **feed: Any) -> None:
        """Change the settings of the feed."""
        self.site = replace(self.site, feeds=(replace(self.feed, **feed), *self.site.feeds[1:]))

    def arrives(self, *entries: Entry, at: datetime, round_: datetime | None = None) -> None:
        """Poll each source of these entries, and have it give them."""
        for name in dict.fromkeys(each.source for each in entries):
            self.polls(name, *(each for each in entries if each.source == name), at=at, round_=round_)

    def polls(self, name: str, *entries: Entry, at: datetime, round_: datetime | None = None) -> None:
        """Poll a source, and have it give these entries."""
        lasts = timedelta(minutes=1)
        (visit,) = self.store.polling.lease_named([name], at, began=round_ or at, lasts=lasts, token=_TOKEN)
        reading = Reading(origin=Origin(), entries=entries, minted_from=self.site.sources[name].url)
        after = replace(visit, polled=at, succeeded=at, due=at)
        assert self.store.polling.save(visit, reading, lambda _: after, token=_TOKEN, now=at)

    def publishes(self, at: datetime, **more: Any) -> Published:
        """Publish."""
        return publish(self.store, self.site, self.folder, now=at, **more)

    def plans(self, at: datetime) -> Plan:
        """Curate and close days, without any documents."""
        return plan(self.store, self.feed, self.site.sources, now=at)

    # ── What stands there ──

    def file(self, path: str) -> Path:
        return self.folder / (path[1:] + ("index.html" if path.endswith("/") else ""))

    def body(self, path: str) -> bytes:
        return self.file(path).read_bytes()

    def entries(self, path: str) -> list[finished.Finished]:
        """Read a document back."""
        read = {"rss": finished.rss, "atom": finished.atom, "json": finished.json_feed}
        return read[path.rpartition(".")[2]](self.body(path))

    def ids(self, path: str) -> list[str]:
        return [each.id for each in self.entries(path)]

    def keys(self, path: str) -> list[str]:
        """Give the last segments of the addresses of a document's entries, in its order."""
        return [each.link.rstrip("/").rpartition("/")[2] for each in self.entries(path)]

    def days(self) -> dict[str, list[str]]:
        """Give the dated editions: the keys of their entries, in order, by day."""
        found = sorted((self.folder / self.feed.name).glob("*.atom"))
        return {file.stem: self.keys(f"/{self.feed.name}/{file.name}") for file in found}

    def snapshot(self) -> Mapping[str, tuple[bytes, int, int]]:
        """Give every file as it stands: bytes, time and inode."""
        return {
            str(file.relative_to(self.folder)): (
                file.read_bytes(),
                file.stat().st_mtime_ns,
                file.stat().st_ino,
            )
            for file in sorted(self.folder.rglob("*"))
            if file.is_file() and file.name != ".lock"
        }


def links(document: bytes, rel: str) -> list[str]:
    """Give where a document's own links of a kind lead (Atom)."""
    root = finished.ElementTree.fromstring(document)
    return [link.get("href", "") for link in root.findall(f"{finished.ATOM}link") if link.get("rel") == rel]


def walk(desk: Desk) -> Iterator[str]:
    """Collect entries as RFC 5005 says: from the document to subscribe to, over its archives."""
    path: str | None = f"/{desk.feed.name}.atom"
    while path:
        yield from desk.ids(path)
        earlier = links(desk.body(path), "prev-archive")
        path = earlier[0].removeprefix(desk.site.url) if earlier else None
