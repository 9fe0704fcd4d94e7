"""RSS 0.90 to 2.0, RDF and Atom 0.3 and 1.0 to a Reading. Pure; the only user of feedparser.

feedparser takes the document in and gives the texts; what an item is called, where it points, whose it is
and when it came is taken from the item's own children (`items`), where there is a well-formed document.
"""

import html
import io
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import repeat
from zoneinfo import ZoneInfo

import feedparser
import feedparser.api

from feedhub.errors import ReadError
from feedhub.model import Entry, Reading, Response, Source
from feedhub.read import bases, carried, driver, links, origin, parts
from feedhub.read.bounds import bounded_origin
from feedhub.read.draft import Draft, Text, entries, refused, taken
from feedhub.read.items import Child, Item, Outline, outline
from feedhub.read.loose import Parsed, loose_outline
from feedhub.read.repair import Repaired
from feedhub.read.strict import without
from feedhub.read.texts import number, paragraphs

_SUMMARIES = ("rss:description", "atom:summary")
_CONTENTS = ("content:encoded", "atom:content")
_INSTEAD = ("dc:description", "dcterms:abstract", "itunes:summary", "media:description", "xhtml:body")
_TEXTS = frozenset({*_SUMMARIES, *_CONTENTS, *_INSTEAD})
_HTML_TYPES = frozenset({"html", "xhtml", "text/html", "application/xhtml+xml"})
# What no publisher who says nothing of his text's type has ever meant to be read letter by letter.
_MARKUP = re.compile(
    r"</(?:p|a|div|h[1-6]|ul|ol|li|blockquote|table|strong|em|span)>|<(?:br|img|p)[\s/>]", re.I
)
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}  # hours
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_LONGEST_TTL = timedelta(days=365)

feedparser.api.PREFERRED_XML_PARSERS[:] = [driver.__name__]  # found by name, through xml.sax
# Dates are read by `dates`: feedparser tries nine readers of its own on each, and nobody asks what it found.
feedparser.registerDateHandler(lambda _: (1970, 1, 1, 0, 0, 0, 3, 1, 0))


class _Parser(feedparser.api.StrictFeedParser):  # type: ignore[misc]  # it is untyped
    """feedparser's own, without what it spends on each element for names that nobody asks by.

    It keeps what it knows of an element's text in a dict of its own kind, whose `get` takes ten times as
    long because old names of keys are looked for; these have none. Addresses are resolved by `links`.
    """

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self.contentparams: dict[str, object] = {}

    def push_content(self, *given: object) -> None:
        """Begin an element with a text."""
        super().push_content(*given)
        self.contentparams = dict(self.contentparams)

    def resolve_uri(self, uri: str) -> str:
        """Leave an address as it stands."""
        return uri


feedparser.api.StrictFeedParser = _Parser  # which `parse` makes anew for each document


def read(
    source: Source, document: Repaired, response: Response, *, now: datetime
) -> tuple[Reading, list[str] | None]:
    """Read an XML feed; raises ReadError if it is none.

    Gives also the key of each item's entry, "" where none was made of it; None where feedparser saw other
    items than we did.
    """
    base, zone = origin.base(source, response.url), ZoneInfo(source.timezone)
    found, parsed = _taken_in(document.body, base)
    if not found.is_feed and not found.items:
        raise ReadError("not a feed: it has neither a channel nor entries")
    told = parts.origin(found.head, zone)
    own = bounded_origin(origin.own(source, told, base))
    minted_from = origin.minted_from(source, told)
    texts = _texts_of(found, parsed)
    drafts = (_draft(item, text, zone) for item, text in zip(found.items, texts or repeat({}), strict=False))
    made = entries(drafts, source=source, origin=own, minted_from=minted_from, now=now)
    reading = Reading(
        origin=own,
        entries=taken(made),
        refused=refused(made),
        minted_from=minted_from,
        ttl=_ttl(found.head),
        skip_hours=_skipped(found.head, "rss:skipHours", _hour),
        skip_days=_skipped(found.head, "rss:skipDays", _day),
        hub=links.first_of(found.head, "hub"),
        self_url=told.feed_url,
    )
    keys = [one.key if isinstance(one, Entry) else "" for one in made]
    return reading, keys if document.is_strict and texts is not None else None


def _parse(body: bytes) -> Parsed:
    """Let feedparser read bytes that are UTF-8 already.

    Only a stream is safe: a str or bytes that is a path or a URL would be opened. Its sanitizer and its
    link resolver are off, because `clean` does both; it learns no address, for it would resolve ids too.
    """
    try:
        parsed: Parsed = feedparser.parse(
            io.BytesIO(body),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
    except Exception as error:  # ValueError, KeyError, UnicodeError and more have been seen
        raise ReadError(f"not readable: {type(error).__name__}: {error}") from error
    return parsed


def _taken_in(body: bytes, base: str) -> tuple[Outline, Parsed]:
    """Give the head and the items, of the document itself, and what feedparser makes of it.

    Of a document that is not well formed the items are as feedparser made them out.
    """
    found = outline(body, base)
    if found is None:
        parsed = _parse(body)
        return loose_outline(parsed, base), parsed
    if not base and (home := links.first_of(found.head, "self") or links.link(found.head)):
        found = outline(body, home) or found
    return found, _parse(body if _has_markup(found) else _without_bodies(body, found))


def _has_markup(found: Outline) -> bool:
    """Tell whether a text is of a kind that feedparser has to give."""
    return any(_is_markup(child) for item in found.items for child in _bodies(item) if child)


def _is_markup(child: Child) -> bool:
    return child.is_mixed or child.attributes.get("mode", "").lower() == "base64"


def _without_bodies(body: bytes, found: Outline) -> bytes:
    """Leave out the texts that stand in the items for themselves.

    They are most of a document, and the outline has them; feedparser looks at each of them several times.
    """
    spans = [
        child.span
        for item in found.items
        for child in item.children
        if child.name in _TEXTS and child.text and not child.is_mixed
    ]
    return b"".join(without(body, spans))


def _texts_of(found: Outline, parsed: Parsed) -> list[Parsed] | None:
    """Give feedparser's view of each item; None where it saw other items than we did."""
    seen = parsed.get("entries", [])
    return list(seen) if len(seen) == len(found.items) else None


def _draft(item: Item, parsed: Parsed, zone: ZoneInfo) -> Draft:
    summary, content = _bodies(item)
    named = parts.source(item, zone)
    identity, link, title = links.identity(item), links.link(item), parts.title(item)
    return Draft(
        id=identity,
        link=link or item.text("rss:link"),
        instead="" if link else links.instead(item, is_named=bool(title or identity)),
        base=item.base,
        title=title,
        published=parts.published(item, zone),
        updated=parts.updated(item, zone),
        summary=_text(summary, _summary_of(parsed)),
        content=_text(content, _content_of(parsed)),
        authors=parts.people(item) or (named.authors if named else ()),
        categories=parts.categories(item),
        enclosures=links.enclosures(item),
        image=links.image(item),
        language=item.text("dc:language") or item.language,
        comments=links.comments(item),
        related=links.related(item),
        rights=parts.rights(item),
        license=parts.license_url(item),
        origin=named,
        more=carried.more(item),
    )


# ── Texts ────────────────────────────────────────────────────────────────────────────────────────


def _bodies(item: Item) -> tuple[Child | None, Child | None]:
    """Give which of an item's children are its summary and its content."""
    summary, content = _child(item, _SUMMARIES), _child(item, _CONTENTS)
    if summary is None and content is None:
        summary = _child(item, _INSTEAD) or _grouped_description(item)
    return summary, content


def _child(item: Item, names: tuple[str, ...]) -> Child | None:
    for name in names:
        for child in item.all(name):
            if child.is_mixed or child.text.strip():
                return child
    return None


def _grouped_description(item: Item) -> Child | None:
    found = (part for group in item.all("media:group") for part in group.parts)
    return next((part for part in found if part.name == "media:description"), None)


def _text(child: Child | None, parsed: str) -> Text:
    """Give a child's HTML; feedparser's view of it where markup stands in it unescaped or encoded."""
    if child is None:
        return Text()
    kind, mode = links.kind(child), child.attributes.get("mode", "").lower()
    base = child.base
    if _is_markup(child):
        base = bases.base_of(child)
        # It writes each end tag; in HTML that of a line break is another one.
        text = bases.with_bases(parsed, base).replace("></br>", ">")
        text = text or html.escape(child.text, quote=False)
    elif _is_other(child, kind):
        text = ""
    elif _is_plain(child.name, kind, mode) and (kind or not _MARKUP.search(child.text)):
        text = paragraphs(child.text)
    else:
        text = child.text
    return Text(html=text, base=base)


def _is_other(child: Child, kind: str) -> bool:
    """Tell whether an Atom content is no text: a picture in base64, a document of another kind."""
    return (
        child.name == "atom:content"
        and "/" in kind
        and not kind.startswith("text/")
        and kind not in _HTML_TYPES
    )


def _is_plain(name: str, kind: str, mode: str) -> bool:
    if name.startswith("media:"):
        return kind != "html"
    return name.startswith("atom:") and kind not in _HTML_TYPES and mode != "escaped"


def _summary_of(parsed: Parsed) -> str:
    value = parsed.get("summary", "")
    return value if isinstance(value, str) else ""


def _content_of(parsed: Parsed) -> str:
    contents = parsed.get("content", [])
    values = [content.get("value", "") for content in contents if isinstance(content, Mapping)]
    return max((value for value in values if isinstance(value, str)), key=len, default="")


# ── When to come again ───────────────────────────────────────────────────────────────────────────


def _ttl(head: Item) -> timedelta | None:
    """Give how long the publisher says that the document stays good: RSS ttl, else sy:updatePeriod."""
    if minutes := number(head.text("rss:ttl")):
        return min(timedelta(minutes=min(minutes, 10**6)), _LONGEST_TTL)
    if hours := _PERIODS.get(head.text("sy:updatePeriod").lower()):
        frequency = number(head.text("sy:updateFrequency")) or 1
        return timedelta(hours=hours) / frequency
    return None


def _skipped(head: Item, name: str, value: Callable[[str], int | None]) -> tuple[int, ...]:
    told = (value(part.text.strip()) for child in head.all(name) for part in child.parts)
    return tuple(sorted({number for number in told if number is not None}))


def _hour(text: str) -> int | None:
    hour = number(text)
    return hour % 24 if hour is not None and hour <= 24 else None


def _day(text: str) -> int | None:
    return _DAYS.index(text.lower()) if text.lower() in _DAYS else None
