"""JSON Feed 1.0 and 1.1 to a Reading. Pure."""

import html
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from feedhub import urls
from feedhub.errors import ReadError
from feedhub.model import Category, Enclosure, Image, Origin, Person, Reading, Response, Source
from feedhub.read import links, origin
from feedhub.read.bounds import bounded_origin
from feedhub.read.clean import without_controls
from feedhub.read.dates import instant
from feedhub.read.draft import Draft, Text, entries, refused, taken
from feedhub.read.language import language
from feedhub.read.parts import with_hops
from feedhub.read.strict import MOST_ITEMS
from feedhub.read.texts import folded, paragraphs

_START = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*[{\[]")

Json = Mapping[str, Any]


def looks_like_json(body: bytes) -> bool:
    """Tell whether a document begins as JSON does."""
    return bool(_START.match(body[:1024]))


def read(source: Source, response: Response, *, now: datetime) -> Reading:
    """Read a JSON Feed; raises ReadError if it is none."""
    document = _document(response.body)
    base = origin.base(source, response.url) or _address(document, "feed_url", "")
    told = _told(document, base)
    own = bounded_origin(origin.own(source, told, base))
    minted_from = origin.minted_from(source, told)
    zone = ZoneInfo(source.timezone)
    drafts = (_draft(item, base, zone) for item in _objects(document, "items"))
    made = entries(drafts, source=source, origin=own, minted_from=minted_from, now=now)
    return Reading(
        origin=own,
        entries=taken(made),
        refused=refused(made),
        minted_from=minted_from,
        hub=next((_address(hub, "url", base) for hub in _objects(document, "hubs")), ""),
        self_url=told.feed_url,
    )


def _document(body: bytes) -> Json:
    try:
        document = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise ReadError(f"not valid JSON: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise ReadError("JSON, but not a JSON Feed: it has no list of items")
    if len(document["items"]) > MOST_ITEMS:
        raise ReadError(f"more than {MOST_ITEMS} entries in one document")
    return document


def _told(document: Json, base: str) -> Origin:
    """Give what a document tells of its feed."""
    return Origin(
        title=_plain(document, "title"),
        feed_url=_address(document, "feed_url", base),
        site_url=_address(document, "home_page_url", base),
        authors=_people(document),
        icon=_address(document, "icon", base) or _address(document, "favicon", base),
        language=language(_string(document, "language")),
    )


def _draft(item: Json, base: str, zone: ZoneInfo) -> Draft:
    extension = _object(item, "_feedhub")
    return Draft(
        id=_id(item),
        link=_string(item, "url") or _string(item, "external_url"),
        instead=next(filter(None, (_string(file, "url") for file in _objects(item, "attachments"))), ""),
        base=base,
        title=_plain(item, "title"),
        published=instant(_string(item, "date_published"), zone),
        updated=instant(_string(item, "date_modified"), zone),
        summary=Text(html=html.escape(_string(item, "summary"), quote=False), base=base),
        content=Text(
            html=_string(item, "content_html") or paragraphs(_string(item, "content_text")), base=base
        ),
        authors=_people(item),
        categories=tuple(Category(term=" ".join(tag.split())) for tag in _strings(item, "tags")),
        enclosures=tuple(_enclosure(attachment) for attachment in _objects(item, "attachments")),
        image=_image(item),
        language=_string(item, "language"),
        related=(_string(item, "external_url"), *_strings(extension, "related")),
        rights=_plain(extension, "rights"),
        license=_string(extension, "license"),
        origin=_named(extension, base),
    )


def _id(item: Json) -> str:
    """Give the id; a number that stands for a string is taken as one, as the specification asks."""
    value = item.get("id")
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _named(extension: Json, base: str) -> Origin | None:
    """Give the feed that an item of another hub names as its source, with the hops before."""
    source = _object(extension, "source")
    named = Origin(
        id=_string(source, "id"),
        title=_plain(source, "title"),
        feed_url=_address(source, "feed_url", base),
        site_url=_address(source, "home_page_url", base),
    )
    hops = [
        Origin(title=_plain(hop, "title"), site_url=_address(hop, "url", base))
        for hop in _objects(extension, "via")
    ]
    return with_hops(named, hops) if source else None


def _people(item: Json) -> tuple[Person, ...]:
    given = _objects(item, "authors") or [_object(item, "author")]
    people = (
        Person(
            name=_plain(author, "name") or _string(author, "url"), url=urls.absolute(_string(author, "url"))
        )
        for author in given
    )
    return tuple(person for person in people if person.name)


def _enclosure(attachment: Json) -> Enclosure:
    return Enclosure(
        url=_string(attachment, "url"),
        type=links.media_type(_string(attachment, "mime_type")),
        length=_count(attachment.get("size_in_bytes")),
        duration=_count(attachment.get("duration_in_seconds")),
        title=_plain(attachment, "title"),
    )


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 < value < 1e15 else None


def _image(item: Json) -> Image | None:
    where = _string(item, "image") or _string(item, "banner_image")
    return Image(url=where) if where else None


# ── What is of the type that it should be ────────────────────────────────────────────────────────


def _string(mapping: Json, key: str) -> str:
    value = mapping.get(key)
    return without_controls(value).strip() if isinstance(value, str) else ""


def _plain(mapping: Json, key: str) -> str:
    return folded(_string(mapping, key))


def _address(mapping: Json, key: str, base: str) -> str:
    return urls.absolute(_string(mapping, key), base)


def _strings(mapping: Json, key: str) -> list[str]:
    values = mapping.get(key)
    if isinstance(values, str):
        values = values.split(",")
    if not isinstance(values, list):
        return []
    texts = [without_controls(value) for value in values if isinstance(value, str)]
    return [text for text in texts if text.strip()]


def _object(mapping: Json, key: str) -> Json:
    value = mapping.get(key)
    return value if isinstance(value, dict) else {}


def _objects(mapping: Json, key: str) -> list[Json]:
    values = mapping.get(key)
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
