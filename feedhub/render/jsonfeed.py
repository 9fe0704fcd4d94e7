"""Edition to JSON Feed 1.1. Pure."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from feedhub.errors import RenderError
from feedhub.model import Edition, Enclosure, Person, Site
from feedhub.render import addresses
from feedhub.render.dates import rfc3339
from feedhub.render.item import Item, blamed, items
from feedhub.render.lineage import updated
from feedhub.render.told import Telling
from feedhub.render.types import enclosure_type

VERSION = "https://jsonfeed.org/version/1.1"


def jsonfeed(edition: Edition, site: Site) -> bytes:
    """Render an edition as JSON Feed. Raises RenderError."""
    written = [item.once("json", partial(_written_item, item)) for item in items(edition, site)]
    head = _head(edition, site)
    try:
        opening = _dumped(head)[:-1]
    except UnicodeEncodeError as error:
        raise RenderError(f"the document cannot be written: {error}") from error
    # An item a line: documents stay small, and what changed in one can be seen.
    return opening + b', "items": [\n' + b",\n".join(written) + b"\n]}\n"


def _dumped(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _filled(value: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is absent."""
    return {key: part for key, part in value.items() if part not in ("", None, [], {})}


def _head(edition: Edition, site: Site) -> dict[str, Any]:
    feed = edition.feed
    archive = addresses.url(site, feed.name, "json", edition.archive) if edition.archive else ""
    return _filled(
        {
            "version": VERSION,
            "title": feed.title,
            "home_page_url": addresses.url(site, feed.name, "page", edition.day),
            "feed_url": addresses.url(site, feed.name, "json", edition.day),
            "description": feed.about,
            "next_url": archive,
            "icon": site.icon,
            "favicon": site.icon,
            "authors": [{"name": site.title, "url": addresses.home(site)}],
            "language": feed.language or site.language,
        }
    )


def _written_item(item: Item) -> bytes:
    try:
        return _dumped(_told(item))
    except (ValueError, RecursionError) as error:
        raise blamed(item.entry, error) from error


def _told(item: Item) -> dict[str, Any]:
    entry, source = item.entry, item.lineage
    told = {
        "id": entry.published_id,
        "url": entry.url,
        "external_url": entry.related[0] if entry.related else "",
        "title": entry.title,
        "content_html": item.content or item.summary,
        "summary": item.plain,
        "image": entry.image.url if entry.image else "",
        "date_published": rfc3339(entry.published),
        "date_modified": rfc3339(updated(entry)),
        # Without authors of its own an item would pass for the work of our feed's.
        "authors": _authors(source.authors or (Person(name=source.title, url=source.site_url),)),
        "tags": [category.term for category in entry.categories],
        "language": item.language,
        "attachments": [_attachment(enclosure) for enclosure in entry.enclosures],
        "_feedhub": _extension(item),
    }
    # JSON Feed wants one of content_html and content_text in every item.
    return {"content_html": "", **_filled(told)} if not told["content_html"] else _filled(told)


def _authors(authors: Sequence[Person]) -> list[dict[str, Any]]:
    return [_filled({"name": author.name or author.email, "url": author.url}) for author in authors]


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    return _filled(
        {
            "url": enclosure.url,
            "mime_type": enclosure_type(enclosure),
            "title": enclosure.title,
            "size_in_bytes": enclosure.length,
            "duration_in_seconds": enclosure.duration,
        }
    )


def _extension(item: Item) -> dict[str, Any]:
    """Give what JSON Feed has no member for: where the entry comes from, and on what terms."""
    source = item.lineage
    return _filled(
        {
            "about": item.home,
            "via": [{"url": hop.url, "title": hop.title} for hop in source.via],
            "source": _filled(
                {
                    "id": source.id,
                    "title": source.title,
                    "feed_url": source.feed_url,
                    "home_page_url": source.site_url,
                }
            ),
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


def _telling(telling: Telling) -> dict[str, Any]:
    return {
        "id": telling.published_id,
        "url": telling.url,
        "title": telling.title,
        "credit": telling.credit,
        "source": {"title": telling.publisher, "home_page_url": telling.site_url},
    }
