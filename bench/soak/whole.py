"""Is what a hub holds whole: its database sound, every document complete, no entry lost or doubled."""

import gzip
import json

from lxml import etree

from hubs import ATOM, Hub


def check(hub: Hub) -> None:
    """Fail if the database is unsound or a document is not whole."""
    assert hub.ask_database("pragma integrity_check") == [("ok",)]
    assert hub.ask_database("pragma foreign_key_check") == []
    for name, (_, _, body) in hub.files().items():
        if name.endswith((".rss", ".atom", ".opml", ".svg")):
            etree.fromstring(body)
        elif name.endswith((".json", "manifest")):
            json.loads(body)
        elif name.endswith(".html"):
            end = b"</section>" if "/fragment/" in name else b"</html>"
            assert body.rstrip().endswith(end), name
        elif name.endswith(".gz"):
            gzip.decompress(body)


def saved(hub: Hub) -> set[tuple[str, str, str]]:
    """Give every entry of the store: source, key and published id."""
    return {tuple(row) for row in hub.ask_database("select source, key, published_id from entries")}  # type: ignore[misc]


def published(hub: Hub, feed: str = "day") -> list[str]:
    """Give the links of all entries of a feed's dated editions, with repetitions."""
    links: list[str] = []
    for file in sorted((hub.feeds / feed).glob("*-*-*.atom")):
        for entry in etree.fromstring(file.read_bytes()).findall(ATOM + "entry"):
            links += [link.get("href", "") for link in entry.findall(f"{ATOM}link[@rel='alternate']")]
    return links
