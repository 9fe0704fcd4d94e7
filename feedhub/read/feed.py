"""RSS 0.90 to 2.0, RDF and Atom 0.3 and 1.0 to a Reading. Pure; the only user of feedparser.

feedparser takes the document in and gives the texts; what an item is called, where it points, whose it is
and when it came is taken from the item's own children (`items`), where there is a well-formed document.
"""

import html
import io
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import feedparser

from feedhub import urls
from feedhub.errors import ReadError
from feedhub.model import Entry, NotTaken, Origin, Reading, Response, Source
from feedhub.read import parts
from feedhub.read.draft import Draft, Text, entry
from feedhub.read.items import Child, Item, Outline, outline
from feedhub.read.repair import Repaired

_SUMMARIES = ("rss:description", "atom:summary")
_CONTENTS = ("content:encoded", "atom:content")
_INSTEAD = ("dc:description", "dcterms:abstract", "itunes:summary", "media:description", "xhtml:body")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}  # hours
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()

Parsed = Mapping[str, Any]


def read(source: Source, document: Repaired, response: Response, *, now: datetime) -> Reading:
    """Read an XML feed; raises ReadError if it is none."""
    parsed = _parse(document.body, response.url)
    found = _outline(document, parsed, response.url)
    if not found.is_feed and not found.items:
        raise ReadError("not a feed: it has neither a channel nor entries")
    origin = _origin(source, found.head, response)
    minted_from = _minted_from(source, found.head, origin)
    zone = ZoneInfo(source.timezone)
    taken: list[Entry] = []
    refused: list[NotTaken] = []
    for item, texts in zip(found.items, _texts_of(found, parsed), strict=True):
        draft = _draft(item, texts, zone)
        made = entry(draft, source=source, origin=origin, minted_from=minted_from, now=now)
        if isinstance(made, Entry):
            taken.append(made)
        else:
            refused.append(made)
    return Reading(
        origin=origin,
        entries=tuple(taken),
        refused=tuple(refused),
        minted_from=minted_from,
        ttl=_ttl(found.head),
        skip_hours=_skipped(found.head, "rss:skipHours", _hour),
        skip_days=_skipped(found.head, "rss:skipDays", _day),
        hub=_link(found.head, "hub"),
        self_url=_link(found.head, "self"),
    )


def _parse(body: bytes, url: str) -> Parsed:
    """Let feedparser read bytes that are UTF-8 already.

    Only a stream is safe: a str or bytes that is a path or a URL would be opened. Its sanitizer and its
    link resolver are off, because `clean` does both.
    """
    try:
        parsed: Parsed = feedparser.parse(
            io.BytesIO(body),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        )
    except Exception as error:  # ValueError, KeyError, UnicodeError and more have been seen
        raise ReadError(f"not readable: {type(error).__name__}: {error}") from error
    return parsed


def _outline(document: Repaired, parsed: Parsed, url: str) -> Outline:
    """Give the head and the items: of the document itself, else as feedparser's loose parser made them out."""
    base = url if urls.is_web(url) else ""
    found = outline(document.body, base)
    if found is None:
        return _loose_outline(parsed, base)
    if not base and (home := _link(found.head, "self") or parts.link(found.head)):
        found = outline(document.body, home) or found
    return found


def _texts_of(found: Outline, parsed: Parsed) -> list[Parsed]:
    """Give feedparser's view of each item; an empty one for all where it saw other items than we did."""
    entries = parsed.get("entries", [])
    return list(entries) if len(entries) == len(found.items) else [{} for _ in found.items]


def _draft(item: Item, parsed: Parsed, zone: ZoneInfo) -> Draft:
    identity, is_permalink = parts.identity(item)
    summary, content = _child(item, _SUMMARIES), _child(item, _CONTENTS)
    if summary is None and content is None:
        summary = _child(item, _INSTEAD) or _grouped_description(item)
    named = parts.source(item)
    return Draft(
        id=identity,
        is_permalink=is_permalink,
        link=parts.link(item),
        base=item.children[0].base if item.children else "",
        title=_title(item),
        published=parts.published(item, zone),
        updated=parts.updated(item, zone),
        summary=_text(summary, _summary_of(parsed)),
        content=_text(content, _content_of(parsed)),
        authors=parts.people(item) or (named.authors if named else ()),
        categories=parts.categories(item),
        enclosures=parts.enclosures(item),
        image=parts.image(item),
        language=item.text("dc:language") or item.language,
        comments=parts.comments(item),
        rights=parts.rights(item),
        license=parts.license_url(item),
        origin=named,
    )


def _child(item: Item, names: tuple[str, ...]) -> Child | None:
    children = (child for name in names for child in item.all(name))
    return next((child for child in children if child.text.strip() or child.is_mixed), None)


def _grouped_description(item: Item) -> Child | None:
    found = (part for group in item.all("media:group") for part in group.parts)
    return next((part for part in found if part.name == "media:description"), None)


def _title(item: Item) -> str:
    for name in ("rss:title", "atom:title", "media:title", "dc:title"):
        for child in item.all(name):
            if title := parts.plain_title(child):
                return title
    return ""


def _text(child: Child | None, parsed: str) -> Text:
    """Give a child's HTML; feedparser's view of it where markup stands in it unescaped or encoded."""
    if child is None:
        return Text()
    kind = child.attributes.get("type", "").lower()
    mode = child.attributes.get("mode", "").lower()
    if child.is_mixed or mode == "base64":
        text = parsed or html.escape(child.text, quote=False)
    elif _is_plain(child.name, kind, mode):
        text = html.escape(child.text, quote=False)
    else:
        text = child.text
    return Text(html=text, base=child.base)


def _is_plain(name: str, kind: str, mode: str) -> bool:
    if name.startswith("media:"):
        return kind != "html"
    return name.startswith("atom:") and kind in ("", "text", "text/plain") and mode != "escaped"


def _summary_of(parsed: Parsed) -> str:
    value = parsed.get("summary", "")
    return value if isinstance(value, str) else ""


def _content_of(parsed: Parsed) -> str:
    contents = parsed.get("content", [])
    values = [content.get("value", "") for content in contents if isinstance(content, Mapping)]
    return max((value for value in values if isinstance(value, str)), key=len, default="")


# ── The head ─────────────────────────────────────────────────────────────────────────────────────


def _origin(source: Source, head: Item, response: Response) -> Origin:
    own, zone = _link(head, "self"), ZoneInfo(source.timezone)
    feed_url = urls.without_user(source.url) if source.is_open else ""
    if own and not (source.auth or source.is_secret):  # else the link may hold a secret too
        feed_url = own
    site_url = parts.link(head) or (urls.root(response.url) if source.is_open else "")
    return Origin(
        id=head.text("atom:id") or feed_url or site_url,
        title=_title(head) or source.title or urls.host(site_url) or source.name,
        feed_url=feed_url,
        site_url=site_url,
        updated=parts.updated(head, zone) or parts.published(head, zone),
        authors=parts.people(head),
        rights=parts.rights(head),
        license=parts.license_url(head),
        icon=_icon(head),
        language=head.text("rss:language", "dc:language") or head.language,
    )


def _minted_from(source: Source, head: Item, origin: Origin) -> str:
    """Give the address from which ids are minted: never one that others may not know."""
    if source.is_open:
        return urls.without_user(source.url)
    return _link(head, "self") or origin.site_url or source.name


def _link(head: Item, relation: str) -> str:
    for child in parts.links(head, relation):
        return urls.absolute(parts.address(child), child.base)
    return ""


def _icon(head: Item) -> str:
    if icon := head.text("atom:icon", "atom:logo"):
        return urls.absolute(icon, head.children[0].base)
    for child in head.all("rss:image"):
        for part in child.parts:
            if part.name == "rss:url":
                return urls.absolute(part.text, part.base)
    return ""


def _ttl(head: Item) -> timedelta | None:
    """Give how long the publisher says that the document stays good: RSS ttl, else sy:updatePeriod."""
    if minutes := parts.number(head.text("rss:ttl")):
        return timedelta(minutes=min(minutes, 525_600))
    if hours := _PERIODS.get(head.text("sy:updatePeriod").lower()):
        frequency = parts.number(head.text("sy:updateFrequency")) or 1
        return timedelta(hours=hours) / frequency
    return None


def _skipped(head: Item, name: str, value: Callable[[str], int | None]) -> tuple[int, ...]:
    told = (value(part.text.strip()) for child in head.all(name) for part in child.parts)
    return tuple(sorted({number for number in told if number is not None}))


def _hour(text: str) -> int | None:
    number = parts.number(text)
    return number % 24 if number is not None and number <= 24 else None


def _day(text: str) -> int | None:
    return _DAYS.index(text.lower()) if text.lower() in _DAYS else None


# ── Documents that no strict parser takes ────────────────────────────────────────────────────────


def _loose_outline(parsed: Parsed, base: str) -> Outline:
    """Put what feedparser's loose parser made out in the shape that a document's own outline has."""
    head = parsed.get("feed", {})
    items = [_loose_item(found, base) for found in parsed.get("entries", [])]
    return Outline(_loose_item(head, base), items, is_feed=bool(parsed.get("version")))


def _loose_item(parsed: Parsed, base: str) -> Item:
    # dict.get: feedparser's own answers `published` when it is asked for `updated`
    given = cast(dict[str, Any], parsed)
    told = ((name, dict.get(given, key)) for key, name in _LOOSE.items())
    children = [Child(name, {}, base, text=text) for name, text in told if isinstance(text, str) and text]
    for child in children:
        child.is_mixed = child.name in ("rss:description", "content:encoded")
    for link in _dicts(parsed, "links"):
        attributes = {key: value for key, value in link.items() if isinstance(value, str)}
        children.append(Child("atom:link", attributes, base))
    names = (person.get("name") or person.get("email") for person in _dicts(parsed, "authors"))
    children += [Child("dc:creator", {}, base, text=str(name)) for name in names if name]
    for tag in _dicts(parsed, "tags"):
        attributes = {key: value for key, value in tag.items() if isinstance(value, str)}
        children.append(Child("atom:category", attributes, base))
    if _content_of(parsed):
        children.append(Child("content:encoded", {}, base, text=_content_of(parsed), is_mixed=True))
    return Item(children=children)


_LOOSE = {
    "id": "atom:id",
    "link": "rss:link",
    "title": "rss:title",
    "published": "rss:pubDate",
    "updated": "atom:updated",
    "summary": "rss:description",
    "comments": "rss:comments",
    "rights": "dc:rights",
    "language": "rss:language",
    "ttl": "rss:ttl",
}


def _dicts(parsed: Parsed, key: str) -> list[Mapping[str, Any]]:
    values = parsed.get(key, [])
    return [value for value in values if isinstance(value, Mapping)] if isinstance(values, list) else []
