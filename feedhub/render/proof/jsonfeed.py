"""What stands in JSON Feed 1.1, and what must. Pure."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from feedhub.model import Edition, Enclosure, Person, Site
from feedhub.render import addresses
from feedhub.render.item import Item
from feedhub.render.lineage import updated
from feedhub.render.proof.standing import Form, Found, Standing, Stands, Text, Unreadable, differences, filled
from feedhub.render.proof.times import rfc3339
from feedhub.render.told import Telling
from feedhub.render.types import enclosure_type

_VERSION = "https://jsonfeed.org/version/1.1"
# RSS and Atom cannot hold them, and what is not in all three is in none.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def _read(document: bytes) -> Standing:
    try:
        words = document.decode("utf-8")
        found = json.loads(words, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is not JSON: {error}") from error
    if not isinstance(found, dict) or found.get("version") != _VERSION:
        raise Unreadable("it is not JSON Feed 1.1")
    items = found.pop("items", None)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Unreadable("it has no list of items")
    if "\\u" in words or _FORBIDDEN.search(words):
        items = [
            {**item, "characters that XML forbids": True} if _is_forbidden(item) else item for item in items
        ]
    return Standing(found, [_found(item) for item in items])


def _found(item: dict[str, Any]) -> Found:
    told, html = item.get("id"), item.get("content_html")
    text = Text(html if isinstance(html, str) else "", is_summary=False)
    return Found(told if isinstance(told, str) else "", item, (text,))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member stands twice in an object")
    return found


def _is_forbidden(value: object) -> bool:
    """Tell whether a text holds characters that XML forbids, or any text within a value."""
    match value:
        case str():
            return _FORBIDDEN.search(value) is not None
        case list():
            return any(map(_is_forbidden, value))
        case dict():
            return any(map(_is_forbidden, value.values()))
    return False


def _head(found: Stands, edition: Edition, site: Site) -> Iterator[str]:
    return differences(found, _must_stand(edition, site))


def _must_stand(edition: Edition, site: Site) -> Stands:
    feed = edition.feed
    archive = addresses.url(site, feed.name, "json", edition.archive) if edition.archive else ""
    return filled(
        {
            "version": _VERSION,
            "title": feed.title,
            "home_page_url": addresses.url(site, feed.name, "page", edition.day),
            "feed_url": addresses.url(site, feed.name, "json", edition.day),
            "description": feed.about,
            "next_url": archive,
            "icon": site.icon,
            "favicon": site.icon,
            "authors": [filled({"name": site.title, "url": addresses.home(site)})],
            "language": feed.language or site.language,
        }
    )


def _entry(item: Item) -> Stands:
    entry, source = item.entry, item.lineage
    said = filled(
        {
            "id": entry.published_id,
            "url": entry.url,
            "external_url": entry.related[0] if entry.related else "",
            "title": entry.title,
            "summary": item.plain,
            "image": entry.image.url if entry.image else "",
            "date_published": rfc3339(entry.published),
            "date_modified": rfc3339(updated(entry)),
            "authors": _authors(source.authors or (Person(name=source.title, url=source.site_url),)),
            "tags": [category.term for category in entry.categories],
            "language": item.language,
            "attachments": [_attachment(file) for file in entry.enclosures],
        }
    )
    return {**said, "content_html": item.content or item.summary, "_feedhub": _extension(item)}


def _authors(authors: Sequence[Person]) -> list[Stands]:
    return [filled({"name": author.name or author.email, "url": author.url}) for author in authors]


def _attachment(file: Enclosure) -> Stands:
    return filled(
        {
            "url": file.url,
            "mime_type": enclosure_type(file),
            "title": file.title,
            "size_in_bytes": file.length,
            "duration_in_seconds": file.duration,
        }
    )


def _extension(item: Item) -> Stands:
    source = item.lineage
    told = {
        "id": source.id,
        "title": source.title,
        "feed_url": source.feed_url,
        "home_page_url": source.site_url,
    }
    return filled(
        {
            "about": item.home,
            "via": [{"url": hop.url, "title": hop.title} for hop in source.via],
            "source": filled(told),
            "related": list(item.entry.related[1:]),
            "rights": source.rights,
            "license": source.license,
            "groups": list(item.groups),
            "story": [_telling(each) for each in item.story],
            "lead": "lead" in item.marks or None,
            "featured": "featured" in item.marks or None,
            "note": item.note,
            "corrected": rfc3339(item.corrected) if item.corrected else "",
        }
    )


def _telling(telling: Telling) -> Stands:
    source = {"title": telling.publisher, "home_page_url": telling.site_url}
    return {"id": telling.published_id, "url": telling.url, "title": telling.title, "source": source}


JSON = Form(_read, _head, _entry)


def tellings(document: bytes) -> dict[str, str]:
    """Give which entries are named in the stories of others: published ids, by whose story it is told in."""
    try:
        items = json.loads(document).get("items", ())
        return {
            other["id"]: item["id"] for item in items for other in item.get("_feedhub", {}).get("story", ())
        }
    except (ValueError, AttributeError, KeyError, TypeError):
        return {}
