"""A vocabulary to write documents and read them: `of_rss("<title>x</title>")` gives the one entry."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from feedhub.model import Entry, NotTaken, Reading, Response, Source
from feedhub.read import read
from feedhub.read.repair import NAMESPACES

NOW = datetime(2024, 11, 24, 12, tzinfo=UTC)
URL = "https://morning.example/news/feed.xml"
SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {**NAMESPACES, "foreign": "https://foreign.example/ns"}.items()
)
LINK = "<link>https://morning.example/a</link>"
ATOM_LINK = '<link href="https://morning.example/a"/>'


def rss(*items: str, head: str = "", attributes: str = "") -> str:
    """Write an RSS 2.0 document of items."""
    return (
        f'<rss version="2.0" {SPACES} {attributes}><channel><title>The Morning</title>'
        f"<link>https://morning.example/</link>{head}{''.join(items)}</channel></rss>"
    )


def atom(*entries: str, head: str = "", attributes: str = "") -> str:
    """Write an Atom document of entries."""
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES} {attributes}><title>The Morning</title>'
        f'<link href="https://morning.example/"/>{head}{"".join(entries)}</feed>'
    )


def rdf(item: str, *, about: str = "") -> str:
    """Write an RSS 1.0 document with one item."""
    return (
        f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" {SPACES}><channel rdf:about="{URL}">'
        "<title>The Morning</title><link>https://morning.example/</link><items><rdf:Seq>"
        f'<rdf:li rdf:resource="{about}"/></rdf:Seq></items></channel>'
        f'<item rdf:about="{about}">{item}</item></rdf:RDF>'
    )


def source(**more: Any) -> Source:
    """Build a source at URL, by default in Yerevan."""
    return Source(**{"name": "morning", "url": URL, "timezone": "Asia/Yerevan", **more})


def reading(
    document: str | bytes,
    *,
    url: str = URL,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Reading:
    """Read a document that came from a URL; `more` is what its source is."""
    body = document.encode() if isinstance(document, str) else document
    return read(source(**{"url": url, **more}), Response(url=url, body=body, headers=headers or {}), now=NOW)


def the_entry(document: str, **more: Any) -> Entry:
    """Read a document that has one entry."""
    found = reading(document, **more)
    assert not found.refused, found.refused
    (entry,) = found.entries
    return entry


def the_refused(document: str, **more: Any) -> NotTaken:
    """Read a document of whose one item no entry can be made."""
    found = reading(document, **more)
    assert not found.entries
    (refused,) = found.refused
    return refused


def of_rss(item: str, *, head: str = "", attributes: str = "", **more: Any) -> Entry:
    """Read one item of an RSS document."""
    return the_entry(rss(f"<item>{item}</item>", head=head, attributes=attributes), **more)


def of_atom(entry: str, *, head: str = "", attributes: str = "", **more: Any) -> Entry:
    """Read one entry of an Atom document."""
    return the_entry(atom(f"<entry>{entry}</entry>", head=head, attributes=attributes), **more)
