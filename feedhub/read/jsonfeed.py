"""JSON Feed 1.0 and 1.1 to a Reading. Pure."""

import html
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from feedhub import urls
from feedhub.errors import ReadError
from feedhub.model import (
    Category,
    Enclosure,
    Entry,
    Image,
    NotTaken,
    Origin,
    Person,
    Reading,
    Response,
    Source,
)
from feedhub.read.clean import without_controls
from feedhub.read.dates import instant
from feedhub.read.draft import Draft, Text, entry

Json = Mapping[str, Any]


def looks_like_json(body: bytes) -> bool:
    """Tell whether a document begins as JSON does."""
    return body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def read(source: Source, response: Response, *, now: datetime) -> Reading:
    """Read a JSON Feed; raises ReadError if it is none."""
    document = _document(response.body)
    base = response.url if urls.is_web(response.url) else _string(document, "feed_url")
    origin = _origin(source, document, base)
    minted_from = urls.without_user(source.url) if source.is_open else _string(document, "feed_url")
    minted_from = minted_from or origin.site_url or source.name
    taken: list[Entry] = []
    refused: list[NotTaken] = []
    for item in _objects(document, "items"):
        draft = _draft(item, base, ZoneInfo(source.timezone))
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
        hub=next((_string(hub, "url") for hub in _objects(document, "hubs")), ""),
        self_url=_string(document, "feed_url"),
    )


def _document(body: bytes) -> Json:
    try:
        document = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise ReadError(f"not valid JSON: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise ReadError("JSON, but not a JSON Feed: it has no list of items")
    return document


def _origin(source: Source, document: Json, base: str) -> Origin:
    feed_url = urls.without_user(source.url) if source.is_open else ""
    if not (source.auth or source.is_secret):  # else what it says of itself may hold a secret too
        feed_url = _string(document, "feed_url") or feed_url
    site_url = urls.absolute(_string(document, "home_page_url"), base)
    site_url = site_url or (urls.root(base) if source.is_open else "")
    return Origin(
        id=feed_url or site_url,
        title=_plain(document, "title") or source.title or source.name,
        feed_url=urls.absolute(feed_url, base),
        site_url=site_url,
        authors=_people(document),
        icon=urls.absolute(_string(document, "icon") or _string(document, "favicon"), base),
        language=_string(document, "language"),
    )


def _draft(item: Json, base: str, zone: ZoneInfo) -> Draft:
    own, external = _string(item, "url"), _string(item, "external_url")
    content = _string(item, "content_html") or html.escape(_string(item, "content_text"), quote=False)
    return Draft(
        id=_id(item),
        link=own or external,
        base=base,
        title=_plain(item, "title"),
        published=instant(_string(item, "date_published"), zone),
        updated=instant(_string(item, "date_modified"), zone),
        summary=Text(html=html.escape(_string(item, "summary"), quote=False), base=base),
        content=Text(html=content, base=base),
        authors=_people(item),
        categories=tuple(Category(term=" ".join(tag.split())) for tag in _strings(item, "tags")),
        enclosures=tuple(_enclosure(attachment) for attachment in _objects(item, "attachments")),
        image=_image(item),
        language=_string(item, "language"),
    )


def _id(item: Json) -> str:
    """Give the id; a number that stands for a string is taken as one, as the specification asks."""
    value = item.get("id")
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _people(item: Json) -> tuple[Person, ...]:
    given = _objects(item, "authors") or ([item["author"]] if isinstance(item.get("author"), dict) else [])
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
        type=_string(attachment, "mime_type").lower(),
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


def _string(mapping: Json, key: str) -> str:
    value = mapping.get(key)
    return without_controls(value).strip() if isinstance(value, str) else ""


def _plain(mapping: Json, key: str) -> str:
    return " ".join(_string(mapping, key).split())


def _strings(mapping: Json, key: str) -> list[str]:
    values = mapping.get(key)
    if not isinstance(values, list):
        return []
    texts = [without_controls(value) for value in values if isinstance(value, str)]
    return [text for text in texts if text.strip()]


def _objects(mapping: Json, key: str) -> list[Json]:
    values = mapping.get(key)
    if not isinstance(values, list):
        return []
    return [value for value in values if isinstance(value, dict)]
