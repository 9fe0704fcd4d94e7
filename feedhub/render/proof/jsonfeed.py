"""What stands in JSON Feed 1.1, and what must. Pure."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from feedhub.model import Edition, Enclosure, Person, Site
from feedhub.render.proof.addresses import address
from feedhub.render.proof.expected import Expected, Other
from feedhub.render.proof.media import enclosure_type
from feedhub.render.proof.standing import Form, Found, Standing, Stands, Text, Unreadable, differences, filled
from feedhub.render.proof.times import rfc3339

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
    archive = address(site, feed, "json", edition.archive) if edition.archive else ""
    return filled(
        {
            "version": _VERSION,
            "title": feed.title,
            "home_page_url": address(site, feed, "page", edition.day),
            "feed_url": address(site, feed, "json", edition.day),
            "description": feed.about,
            "next_url": archive,
            "icon": site.icon,
            "favicon": site.icon,
            "authors": [filled({"name": site.title, "url": f"{site.url}/"})],
            "language": feed.language or site.language,
        }
    )


def _entry(said: Expected) -> Stands:
    entry = said.entry
    told = filled(
        {
            "id": entry.published_id,
            "url": entry.url,
            "external_url": entry.related[0] if entry.related else "",
            "title": entry.title,
            "summary": said.plain,
            "image": entry.image.url if entry.image else "",
            "date_published": rfc3339(entry.published),
            "date_modified": rfc3339(said.changed),
            "authors": _authors(said.authors or (Person(name=said.publisher, url=said.site_url),)),
            "tags": [category.term for category in entry.categories],
            "language": said.language,
            "attachments": [_attachment(file) for file in entry.enclosures],
        }
    )
    return {**told, "content_html": said.content or said.summary, "_feedhub": _extension(said)}


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


def _extension(said: Expected) -> Stands:
    source = {
        "id": said.source_id,
        "title": said.publisher,
        "feed_url": said.feed_url,
        "home_page_url": said.site_url,
    }
    return filled(
        {
            "about": said.home,
            "via": [{"url": hop.url, "title": hop.title} for hop in said.via],
            "source": filled(source),
            "related": list(said.entry.related[1:]),
            "rights": said.rights,
            "license": said.license,
            "groups": list(said.groups),
            "story": [_other(each) for each in said.story],
            "lead": said.is_lead or None,
            "featured": said.is_featured or None,
            "note": said.note,
            "corrected": rfc3339(said.corrected) if said.corrected else "",
        }
    )


def _other(other: Other) -> Stands:
    source = {"title": other.publisher, "home_page_url": other.site_url}
    return {
        "id": other.published_id,
        "url": other.url,
        "title": other.title,
        "credit": other.credit,
        "source": source,
    }


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
